/**
 * Who is wanted by others (rule 8.3): looked for along the queues of an entry's resources.
 */

import type { Entry } from './entry.ts';
import { isAhead, isRanked } from './list-order.ts';
import { nextAgainst, queueOf } from './queue.ts';

const nobody: readonly Entry[] = Object.freeze([]);

/** Whether anybody stands behind `entry` that conflicts with it. */
export function isContended(entry: Entry): boolean {
  for (let place = entry.place; place !== null; place = place.sibling) {
    let other = place.isExclusive ? place.next : queueOf(place).firstAgainst(place);
    while (other !== null && isAhead(other.entry, entry)) other = nextAgainst(other, place);
    if (other !== null) return true;
  }
  return false;
}

/** The committed entries ahead of one that is new or given back, to be told of it (8.3). */
export function untoldAhead(entry: Entry): readonly Entry[] {
  let found: Entry[] | undefined;
  for (let place = entry.place; place !== null; place = place.sibling) {
    let other = queueOf(place).firstAgainst(place);
    while (other !== null && other.entry !== entry && isRanked(other.entry)) {
      const { entry: held } = other;
      const isUntold = held.lingers && !held.contended && held.committedAt !== null;
      if (isUntold && found?.includes(held) !== true) {
        found ??= [];
        found.push(held);
      }
      other = nextAgainst(other, place);
    }
  }
  return found ?? nobody;
}
