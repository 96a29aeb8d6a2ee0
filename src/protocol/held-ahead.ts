/**
 * Whether a try would wait for what is held (docs/protocol.md, section 8).
 */

import type { Entry } from './entry.ts';
import { isAhead } from './list-order.ts';
import { nextAgainst, type Place, type Queue, queueOf } from './queue.ts';

/**
 * Whether a committed entry stands in the way of `entry`, or of one that does, and so on. It looks
 * at no place twice.
 */
export function waitsForHeld(entry: Entry): boolean {
  const seen = new Set<Entry>([entry]);
  // Up to where all have been seen, and all exclusive ones.
  const all = new Map<Queue<Entry>, Place<Entry>>();
  const exclusive = new Map<Queue<Entry>, Place<Entry>>();
  for (const next of seen) {
    for (let place = next.place; place !== null; place = place.sibling) {
      const queue = queueOf(place);
      const upTo = place.isExclusive ? all : exclusive;
      const last = upTo.get(queue);
      let other = last === undefined ? queue.firstAgainst(place) : nextAgainst(last, place);
      while (other !== null && isAhead(other.entry, next)) {
        if (other.entry.committedAt !== null) return true;
        seen.add(other.entry);
        upTo.set(queue, other);
        other = nextAgainst(other, place);
      }
    }
  }
  return false;
}
