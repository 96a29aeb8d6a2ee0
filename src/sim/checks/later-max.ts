/**
 * The greatest of some values, as it was before the present millisecond. What leaves a voter was
 * decided within the turn in which it leaves: what else came in that turn may not have been known.
 */

import type { TimeMs } from '../../protocol/ids.ts';

export class LaterMax {
  #greatest = 0;
  #before = 0;
  #raisedAt = Number.NEGATIVE_INFINITY;

  get greatest(): number {
    return this.#greatest;
  }

  raise(value: number, now: TimeMs): void {
    if (value <= this.#greatest) return;
    if (now > this.#raisedAt) {
      this.#before = this.#greatest;
      this.#raisedAt = now;
    }
    this.#greatest = value;
  }

  before(now: TimeMs): number {
    return now > this.#raisedAt ? this.#greatest : this.#before;
  }
}
