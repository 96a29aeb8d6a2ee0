/**
 * Whether a try would wait for what is held (docs/protocol.md, section 8).
 */

import type { Entry } from './entry.ts';
import { isAhead, isRanked } from './list-order.ts';
import { nextAgainst, type Place, type Queue, queueOf } from './queue.ts';

/** Looks for what is held ahead of one entry after the other, while none of them moves. */
export class HeldAhead {
  /** None of these waits for what is held, or one of them has been found to. */
  #seen = new Set<Entry>();
  /** Up to where all have been seen, and all exclusive ones. */
  #all = new Map<Queue<Entry>, Place<Entry>>();
  #exclusive = new Map<Queue<Entry>, Place<Entry>>();

  /**
   * Whether an entry that is surely held stands in the way of `entry`, or of one that does, and so
   * on: one that may linger is asked first (rule 8.3). It looks at no place twice until it finds
   * one.
   */
  keepsWaiting(entry: Entry): boolean {
    const open = [entry];
    this.#seen.add(entry);
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      for (let place = next.place; place !== null; place = place.sibling) {
        if (!this.#look(place, open)) continue;
        this.#forget();
        return true;
      }
    }
    return false;
  }

  /** @returns whether one that is surely held is among those in the way of `place` not yet seen */
  #look(place: Place<Entry>, open: Entry[]): boolean {
    const queue = queueOf(place);
    const upTo = place.isExclusive ? this.#all : this.#exclusive;
    const last = upTo.get(queue);
    let other = last === undefined ? queue.firstAgainst(place) : nextAgainst(last, place);
    while (other !== null && isAhead(other.entry, place.entry)) {
      if (other.entry.committedAt !== null && !other.entry.lingers) return true;
      if (!this.#seen.has(other.entry)) {
        this.#seen.add(other.entry);
        open.push(other.entry);
      }
      upTo.set(queue, other);
      // The committed are ranked: who is not, and stands here alone, waits for those seen already.
      if (queue.joint === 0 && !isRanked(other.entry)) return false;
      other = nextAgainst(other, place);
    }
    return false;
  }

  #forget(): void {
    this.#seen = new Set();
    this.#all = new Map();
    this.#exclusive = new Map();
  }
}

/** Whether an entry that is surely held stands in the way of `entry`, or of one that does. */
export function waitsForHeld(entry: Entry): boolean {
  return new HeldAhead().keepsWaiting(entry);
}
