/**
 * Who steals, and from whom (docs/protocol.md, rule 8.8). Claims that steal are exclusive.
 */

import type { Entry } from './entry.ts';
import { isAhead, isRanked } from './list-order.ts';
import { queueOf } from './queue.ts';

/** Whether it waits for what it steals. */
export function isStealing({ committedAt, patience }: Entry): boolean {
  return patience === 'steal' && committedAt === null;
}

/** Whether one that steals stands behind `entry`: if not ranked, then first among those. */
export function isStolen(entry: Entry): boolean {
  for (let place = entry.place; place !== null; place = place.sibling) {
    let other = place.isExclusive ? place.nextExclusive : queueOf(place).firstAgainst(place);
    for (; other !== null; other = other.nextExclusive) {
      if (isStealing(other.entry) && isAhead(entry, other.entry)) return true;
      if (!isRanked(other.entry)) break;
    }
  }
  return false;
}
