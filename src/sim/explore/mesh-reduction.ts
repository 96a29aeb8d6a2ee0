/**
 * Partial-order reduction: of steps at different peers that commute, one order stands for all.
 *
 * Once every budget is used up, all that happens is a step of one peer: it takes the first of a row
 * to it, or its client acts, and it adds to the ends of rows from it. Steps of two peers commute,
 * unless one adds to a row to the other that is empty. So where something is under way from every
 * other peer to each of a group, whatever the others do meanwhile leaves the group's next steps as
 * they are: those may go first (a persistent set; Godefroid, 1996). This changes no promise's
 * verdict if none of those steps is seen by a promise, which looks at what is held and at tokens;
 * it is tried and looked at. No step can be put off for ever, since each uses up something that
 * does not come back.
 *
 * The one step that reaches further, a core that gives up a link, needs time to pass, or is a
 * breach (`MeshWorld`): only a peer that stood still takes it late, so that where one may, all
 * orders are searched.
 */

import { actorOf } from './mesh-actions.ts';
import type { MeshWorld } from './mesh-world.ts';
import { emptyQueue } from './queues.ts';

/** A set of peers, a bit for each. */
type Peers = number;

export class Reduction {
  readonly #world: MeshWorld;
  /** Those that could go first, the smallest first. */
  readonly #groups: readonly Peers[];
  /** For each peer, those from which something is under way to it. */
  readonly #feeders: Peers[];

  constructor(world: MeshWorld) {
    const { peers } = world.layout;
    this.#world = world;
    const groups = Array.from({ length: (1 << peers) - 2 }, (_, index): Peers => index + 1);
    this.#groups = groups.toSorted((a, b) => countOf(a) - countOf(b));
    this.#feeders = new Array<Peers>(peers).fill(0);
  }

  /**
   * The peers whose steps stand for all that is possible in the present state of the world.
   *
   * @param isSeen whether a promise sees a step, by its place in `actions`; may move the world
   */
  firstToGo(actions: readonly number[], isSeen: (index: number) => boolean): Peers {
    const running = this.#lookAround();
    for (const group of this.#groups) {
      if ((group & ~running) !== 0 || group === running) continue;
      if (this.#isFed(group, running & ~group) && this.#mayGo(group, actions, isSeen)) return group;
    }
    return -1;
  }

  /** Notes what is under way. @returns the peers that run; none where all orders count */
  #lookAround(): Peers {
    const { layout, scope, state } = this.#world;
    if (state[layout.budgetsAt] !== 0 || scope.budgets.pauses > 0) return 0;
    let running = 0;
    for (let peer = 0; peer < layout.peers; peer += 1) {
      if (this.#world.coreOf(peer) !== 0) running |= 1 << peer;
      let feeders = 0;
      for (let from = 0; from < layout.peers; from += 1) {
        if (from === peer || this.#world.queueOf(from, peer) === emptyQueue) continue;
        feeders |= 1 << from;
      }
      this.#feeders[peer] = feeders;
    }
    return running;
  }

  /** Whether something is under way from each of the others to each of a group. */
  #isFed(group: Peers, others: Peers): boolean {
    for (const [peer, feeders] of this.#feeders.entries()) {
      if (((group >> peer) & 1) === 1 && (others & ~feeders) !== 0) return false;
    }
    return true;
  }

  /** Whether a group has steps, and none that a promise sees. */
  #mayGo(group: Peers, actions: readonly number[], isSeen: (index: number) => boolean): boolean {
    let canMove = false;
    for (const [index, action] of actions.entries()) {
      if (!isOf(group, this.#world, action)) continue;
      if (isSeen(index)) return false;
      canMove = true;
    }
    return canMove;
  }
}

/** Whether an action is a step of one of these peers. */
export function isOf(peers: Peers, { scope }: MeshWorld, action: number): boolean {
  return ((peers >> actorOf(scope, action)) & 1) === 1;
}

function countOf(peers: Peers): number {
  let count = 0;
  for (let rest = peers; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}
