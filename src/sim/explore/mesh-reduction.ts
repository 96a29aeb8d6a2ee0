/**
 * Partial-order reduction: of steps at different peers that commute, one order stands for all.
 *
 * Once every budget is used up, all that happens is a step of one peer: it takes the first of a row
 * to it, or its client acts, and it adds to the ends of rows from it. Steps of two peers commute,
 * unless one adds to a row to the other that is empty. So where every row to a peer has something
 * in it, whatever the others do meanwhile leaves its next steps as they are: it may go first
 * (a persistent set; Godefroid, 1996). This changes no promise's verdict if none of those steps is
 * seen by a promise, which looks at what is held and at tokens; it is tried and looked at. No
 * step can be put off for ever, since each uses up something that does not come back.
 *
 * The one step that reaches further, a core that gives up a link, needs time to pass, or is a
 * breach (`MeshWorld`).
 */

import { actorOf } from './mesh-actions.ts';
import type { MeshWorld } from './mesh-world.ts';

/** Of `actions`, all that are possible in the present state, a peer's that may go first, or all. */
export function reducedActions(
  world: MeshWorld,
  actions: readonly number[],
  isUnseen: (action: number) => boolean,
): readonly number[] {
  const { layout, state } = world;
  if (state[layout.budgetsAt] !== 0) return actions;
  let least = actions;
  for (let peer = 0; peer < layout.peers; peer += 1) {
    if (world.coreOf(peer) === 0 || !isFed(world, peer)) continue;
    const own = actions.filter((action) => actorOf(world.scope, action) === peer);
    if (own.length > 0 && own.length < least.length && own.every(isUnseen)) least = own;
  }
  return least;
}

/** Whether something is under way to a peer from every other one that runs. */
function isFed(world: MeshWorld, peer: number): boolean {
  for (let from = 0; from < world.layout.peers; from += 1) {
    if (from === peer || world.coreOf(from) === 0) continue;
    if (world.queues.of(world.queueOf(from, peer)).items.length === 0) return false;
  }
  return true;
}
