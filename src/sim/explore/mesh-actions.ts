/**
 * What may happen in a state of the mesh, as numbers and in words.
 */

import { describeMessage } from '../../protocol/describe.ts';
import type { MeshWorld } from './mesh-world.ts';
import { emptyQueue } from './queues.ts';
import type { MeshScope } from './scope.ts';

/** In the order of their numbers; what stands before `notice` has to happen in the end. */
const actionKinds = [
  'deliver',
  'acquire',
  'release',
  'beat',
  'notice',
  'giveUp',
  'crash',
  'restart',
  'break',
  'jump',
  'pause',
  'suspend',
] as const;

type ActionKind = (typeof actionKinds)[number];

const firstOptional = actionKinds.indexOf('notice');

/** Something that happens, to one or two of the peers, or to a claim. */
interface Action {
  readonly kind: ActionKind;
  readonly a: number;
  readonly b: number;
}

function codeOf(kind: ActionKind, a: number, b: number): number {
  return (actionKinds.indexOf(kind) << 8) | (a << 4) | b;
}

function actionOf(code: number): Action {
  return { kind: actionKinds[code >> 8] ?? 'deliver', a: (code >> 4) & 15, b: code & 15 };
}

/** Whether an action may stay away for ever. */
export function isOptional(code: number): boolean {
  return code >> 8 >= firstOptional;
}

/** The peer that takes a step, where nothing goes wrong. */
export function actorOf(scope: MeshScope, code: number): number {
  const { kind, a, b } = actionOf(code);
  const isOfClaim = kind === 'acquire' || kind === 'release' || kind === 'giveUp';
  return isOfClaim ? (scope.claims[a]?.peer ?? 0) : b;
}

/** Calls `take` with every action that is possible in the present state of `world`. */
export function possibleActions(
  world: MeshWorld,
  scope: MeshScope,
  take: (action: number) => void,
): void {
  const { layout, state } = world;
  const { peers } = layout;
  const has = (kind: keyof MeshScope['budgets']): boolean => layout.leftOf(state, kind) > 0;
  const mayPass = has('beats') && slowCount(world) <= scope.slowMax;
  for (let a = 0; a < peers; a += 1) {
    for (let b = 0; b < peers; b += 1) if (a !== b) directions(world, { a, b }, take);
    if (world.coreOf(a) === 0) continue;
    const mayDie = scope.victims.includes(a);
    if (mayDie && has('crashes')) take(codeOf('crash', a, 0));
    if (mayDie && has('restarts')) take(codeOf('restart', a, 0));
    if (has('pauses') && mayPass) {
      take(codeOf('pause', a, 0));
      take(codeOf('suspend', a, 0));
    }
    if (has('jumps')) for (const jump of scope.jumpsMs.keys()) take(codeOf('jump', a, jump));
    for (let b = 0; b < a && has('breaks'); b += 1) {
      if (world.isAttached(a, b) && world.isAttached(b, a)) take(codeOf('break', a, b));
    }
  }
  for (const [claim, { peer }] of scope.claims.entries()) {
    if (world.coreOf(peer) === 0) continue;
    const known = layout.claimOf(state, claim);
    if (known === 'unasked') take(codeOf('acquire', claim, 0));
    if (known === 'held' || known === 'lapsed') take(codeOf('release', claim, 0));
    if (known === 'waiting' && has('giveUps')) take(codeOf('giveUp', claim, 0));
  }
  if (mayPass) take(codeOf('beat', 0, 0));
}

/** On how many directions something is under way. */
function slowCount(world: MeshWorld): number {
  const { peers } = world.layout;
  let count = 0;
  for (let from = 0; from < peers; from += 1) {
    for (let to = 0; to < peers; to += 1) {
      if (from === to || world.coreOf(to) === 0) continue;
      if (world.queueOf(from, to) !== emptyQueue) count += 1;
    }
  }
  return count;
}

function directions(
  world: MeshWorld,
  { a, b }: { readonly a: number; readonly b: number },
  take: (action: number) => void,
): void {
  if (world.coreOf(b) === 0) return;
  const { items, markAt } = world.queues.of(world.queueOf(a, b));
  if (items.length > 0) take(codeOf('deliver', a, b));
  if (markAt > 0) take(codeOf('notice', a, b));
}

/** Takes `world` to where an action leads. */
export function takeAction(world: MeshWorld, scope: MeshScope, code: number): void {
  const { kind, a, b } = actionOf(code);
  const { layout, state } = world;
  switch (kind) {
    case 'deliver':
      return world.deliver(a, b);
    case 'notice':
      return world.notice(a, b);
    case 'acquire':
      return world.acquire(a);
    case 'release':
      return world.release(a);
    case 'giveUp':
      layout.spend(state, 'giveUps');
      return world.release(a);
    case 'crash':
      layout.spend(state, 'crashes');
      return world.crash(a);
    case 'restart':
      layout.spend(state, 'restarts');
      return world.restart(a);
    case 'break':
      layout.spend(state, 'breaks');
      return world.break(a, b);
    case 'jump':
      layout.spend(state, 'jumps');
      return world.jump(a, scope.jumpsMs[b] ?? 0);
    case 'pause':
    case 'suspend':
      layout.spend(state, 'pauses');
      layout.spend(state, 'beats');
      return world.beat(a, kind === 'suspend');
    case 'beat':
      layout.spend(state, 'beats');
      return world.beat();
  }
}

/** An action in words, in the state that `world` is in. */
export function describeAction(world: MeshWorld, scope: MeshScope, code: number): string {
  const { kind, a, b } = actionOf(code);
  const [one, other] = [world.cores.peers[a] ?? '', world.cores.peers[b] ?? ''];
  const { peer = 0, resources = [], patience } = scope.claims[a] ?? {};
  const owner = `${world.cores.peers[peer]}: claim ${a + 1}`;
  switch (kind) {
    case 'deliver':
      return `${other} ${describeItem(world, { a, b })}`;
    case 'notice':
      return `${other} sees that its connection to ${one} is gone, with all under way`;
    case 'acquire': {
      const names = resources.map(({ name, mode }) => `${name} (${mode})`).join(', ');
      return `${owner} asks for ${names}${patience === 'try' ? ', as a try' : ''}`;
    }
    case 'release':
      return `${owner} is released`;
    case 'giveUp':
      return `${owner} is given up`;
    case 'crash':
      return `${one} dies`;
    case 'restart':
      return `${one} dies and starts again`;
    case 'break':
      return `the connection of ${other} and ${one} breaks`;
    case 'jump':
      return `the wall clock of ${one} is set by ${scope.jumpsMs[b]} ms`;
    case 'pause':
      return `nearly half a lease passes, in which ${one} stands still`;
    case 'suspend':
      return `nearly half a lease passes, in which the machine of ${one} is suspended`;
    case 'beat':
      return 'nearly half a lease passes';
  }
}

function describeItem(
  world: MeshWorld,
  { a, b }: { readonly a: number; readonly b: number },
): string {
  const one = world.cores.peers[a];
  const item = world.queues.of(world.queueOf(a, b)).items[0];
  if (item?.item === 'down') return `sees that its connection to ${one} is gone`;
  if (item?.item === 'up') return `sees its new connection to ${one}`;
  if (item === undefined) return `hears nothing from ${one}`;
  const { messages } = world.cores.frameOf(item.frame);
  return `hears from ${one}: ${messages.map(describeMessage).join('; ') || 'a sign of life'}`;
}
