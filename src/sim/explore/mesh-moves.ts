/**
 * The way to a state of the mesh as moves of the simulator: who hears what, who asks, what breaks.
 */

import { actionOf } from './action.ts';
import { describeAction, listActions, takeAction } from './mesh-actions.ts';
import type { MeshModel } from './mesh-model.ts';
import type { MeshWorld } from './mesh-world.ts';
import { beatMsOf } from './scope.ts';

/** Peers by their ids, claims by their places in the scope. */
export type Move =
  | { readonly do: 'ask' | 'release' | 'give up' | 'downgrade'; readonly claim: number }
  /** The next message arrives, or an end sees that its connection is gone, or that one stands. */
  | { readonly do: 'hear' | 'part' | 'meet'; readonly at: string; readonly from: string }
  | { readonly do: 'cut'; readonly at: string; readonly from: string }
  | { readonly do: 'lose'; readonly at: string; readonly from: string }
  | { readonly do: 'crash' | 'restart' | 'write'; readonly at: string }
  | { readonly do: 'pause' | 'suspend'; readonly at: string; readonly ms: number }
  | { readonly do: 'jump'; readonly at: string; readonly ms: number }
  | { readonly do: 'pass'; readonly ms: number }
  /** A sign of life, which the simulator lets pass by itself. */
  | { readonly do: 'nothing' };

interface Direction {
  readonly a: number;
  readonly b: number;
}

export interface ToldMove {
  readonly move: Move;
  readonly words: string;
}

/**
 * The moves that a way stands for. A search takes peers that are alike for one another; here each
 * keeps its name from the beginning to the end.
 *
 * @param model that was searched: which of the peers that are alike stands for the others goes by
 * the numbers that states have in it
 */
export function movesOf(model: MeshModel, actions: readonly number[]): readonly ToldMove[] {
  const { canonical = () => {}, world } = model;
  world.open();
  const state = world.state.slice();
  const known = state.slice();
  canonical(known);
  return actions.map((action) => {
    const after = stateAfter(world, known, action);
    canonical(after);
    const same = likeFirst(actionsIn(world, state), action).find((other) => {
      const next = stateAfter(world, state, other);
      canonical(next);
      return next.every((word, at) => word === after[at]);
    });
    if (same === undefined) throw new RangeError(`No such way: action ${action} leads elsewhere`);
    world.state.set(state);
    const told = { move: moveOf(world, same), words: describeAction(world, same) };
    state.set(stateAfter(world, state, same));
    known.set(after);
    return told;
  });
}

/** Of several that lead to the same state, the very one is preferred. */
function likeFirst(actions: readonly number[], action: number): readonly number[] {
  return actions.toSorted((a, b) => Number(b === action) - Number(a === action));
}

function actionsIn(world: MeshWorld, state: Int32Array): readonly number[] {
  const actions: number[] = [];
  world.state.set(state);
  listActions(world, actions);
  return actions;
}

function stateAfter(world: MeshWorld, state: Int32Array, action: number): Int32Array {
  world.state.set(state);
  takeAction(world, action);
  return world.state.slice();
}

function moveOf(world: MeshWorld, code: number): Move {
  const { kind, a, b } = actionOf(code);
  const [one, other] = [world.cores.peers[a] ?? '', world.cores.peers[b] ?? ''];
  switch (kind) {
    case 'deliver':
    case 'notice':
      if (kind === 'deliver' && isEmpty(world, { a, b })) return { do: 'nothing' };
      return { do: sightOf(world, { a, b }, kind), at: other, from: one };
    case 'acquire':
      return { do: 'ask', claim: a };
    case 'release':
      return { do: 'release', claim: a };
    case 'giveUp':
      return { do: 'give up', claim: a };
    case 'downgrade':
      return { do: 'downgrade', claim: a };
    case 'break':
      return { do: 'cut', at: one, from: other };
    case 'jump':
      return { do: 'jump', at: one, ms: world.scope.jumpsMs[b] ?? 0 };
    case 'beat':
      return { do: 'pass', ms: beatMsOf(world.scope) };
    case 'pause':
    case 'suspend':
      return { do: kind, at: one, ms: beatMsOf(world.scope) };
    case 'lose':
      return { do: 'lose', at: other, from: one };
    default:
      return { do: kind, at: one };
  }
}

/** Whether the next thing that arrives only says that its sender lives. */
function isEmpty(world: MeshWorld, { a, b }: Direction): boolean {
  const item = world.queues.of(world.queueOf(a, b)).items[0];
  return item?.item === 'frame' && world.cores.frameOf(item.frame).messages.length === 0;
}

/** What the receiver comes to: the first of the row, or the first mark of a connection. */
function sightOf(
  world: MeshWorld,
  { a, b }: Direction,
  kind: 'deliver' | 'notice',
): 'hear' | 'part' | 'meet' {
  const { items, markAt } = world.queues.of(world.queueOf(a, b));
  const item = items[kind === 'notice' ? markAt : 0];
  if (item?.item === 'frame') return 'hear';
  return item?.item === 'down' ? 'part' : 'meet';
}
