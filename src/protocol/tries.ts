/**
 * The undecided tries that have somebody ahead of them, found by those for whom they may have to
 * wait (docs/protocol.md, section 8).
 */

import type { Entry } from './entry.ts';
import { queueOf } from './queue.ts';

const none: readonly Entry[] = Object.freeze([]);

export class Tries {
  readonly #all = new Set<Entry>();

  has(entry: Entry): boolean {
    return this.#all.has(entry);
  }

  add(entry: Entry): void {
    this.#all.add(entry);
    for (let place = entry.place; place !== null; place = place.sibling) {
      const queue = queueOf(place);
      queue.tries ??= new Set();
      queue.tries.add(entry);
    }
  }

  /** While it still stands in its queues, or has just left them for good. */
  delete(entry: Entry): void {
    if (!this.#all.delete(entry)) return;
    for (let place = entry.place; place !== null; place = place.sibling) {
      queueOf(place).tries?.delete(entry);
    }
  }

  /**
   * At least those that may have to wait because `entry` does, or is held: the ones in its queues,
   * unless somebody there may keep others waiting elsewhere.
   */
  behind(entry: Entry): readonly Entry[] {
    if (this.#all.size === 0) return none;
    const itself = entry.resources.length > 1 ? 1 : 0;
    const found: Entry[] = [];
    for (let place = entry.place; place !== null; place = place.sibling) {
      const { joint, tries } = queueOf(place);
      if (joint > itself) return [...this.#all];
      if (tries !== null) found.push(...tries);
    }
    return found;
  }
}
