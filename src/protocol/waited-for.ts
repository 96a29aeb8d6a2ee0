/**
 * Whom an entry waits for, as its voter sees it (rule 9.2): what is held on its resources, and what
 * those wait for that surely go before it. One that steals waits for nobody: whoever is in its way
 * is told to go (rule 8.8).
 */

import { isBefore } from './claim.ts';
import type { Entry } from './entry.ts';
import { isAhead, isRanked } from './list-order.ts';
import { nextAgainst, type Place, type Queue, queueOf } from './queue.ts';

/** The most entries whose ways are looked into, and the most that are found. */
const openedMax = 1_000;
const foundMax = 256;

/** One look, while nothing moves. */
export class WaitedFor {
  readonly #found = new Set<Entry>();
  readonly #seen = new Set<Entry>();
  readonly #open: Entry[] = [];
  /** Up to where all have been seen, and all exclusive ones. */
  readonly #all = new Map<Queue<Entry>, Place<Entry>>();
  readonly #exclusive = new Map<Queue<Entry>, Place<Entry>>();
  readonly #isDivided: boolean;

  /** Where not every voter decides on everything, those that wait may do so elsewhere, too. */
  constructor(isDivided: boolean) {
    this.#isDivided = isDivided;
  }

  /** The committed entries that `entry` waits for; in a divided mesh undecided ones as well. */
  of(entry: Entry): ReadonlySet<Entry> {
    if (entry.patience === 'steal') return this.#found;
    this.#seen.add(entry);
    this.#open.push(entry);
    for (let next = this.#open.pop(); next !== undefined; next = this.#open.pop()) {
      for (let place = next.place; place !== null; place = place.sibling) this.#look(place);
      if (this.#found.size >= foundMax || this.#seen.size > openedMax) break;
    }
    return this.#found;
  }

  #look(place: Place<Entry>): void {
    const queue = queueOf(place);
    const upTo = place.isExclusive ? this.#all : this.#exclusive;
    const last = upTo.get(queue);
    let other = last === undefined ? queue.firstAgainst(place) : nextAgainst(last, place);
    // What is held keeps it waiting wherever it stands: others have voted for that (rule 4.5).
    while (other !== null && (isRanked(other.entry) || isAhead(other.entry, place.entry))) {
      this.#take(other.entry, place.entry);
      upTo.set(queue, other);
      if (this.#found.size >= foundMax || this.#seen.size > openedMax) return;
      // Who is not ranked, and stands here alone, waits for those seen already.
      if (!this.#isDivided && queue.joint === 0 && !isRanked(other.entry)) return;
      other = nextAgainst(other, place);
    }
  }

  #take(other: Entry, behind: Entry): void {
    if (this.#seen.has(other)) return;
    if (other.committedAt !== null) {
      this.#seen.add(other);
      this.#found.add(other);
      return;
    }
    // One that stands ahead and goes behind will be asked to give way (rule 4.3).
    if (!isAhead(other, behind) || !isBefore(other, behind)) return;
    this.#seen.add(other);
    if (other.patience === 'steal') return;
    this.#open.push(other);
    if (this.#isDivided) this.#found.add(other);
  }
}
