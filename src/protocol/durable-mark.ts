/**
 * The high-water mark of tokens that a state file covers (rule 7.5). A vote leaves only once a
 * durable mark covers its token; marks are written ahead in blocks, so that few votes wait for the
 * disk.
 */

import { greater, noStamp, stampAfter } from './clock.ts';
import type { Stamp } from './ids.ts';

/** How far ahead of a token a mark is written, in milliseconds of the hybrid clock. */
const blockMs = 1_000;

/** Plain data. */
export interface DurableMarkSnapshot {
  readonly durable: Stamp | null;
  readonly asked: Stamp;
}

export class DurableMark {
  /** Tokens up to here are covered; `null` where there is no state file. */
  #durable: Stamp | null;
  #asked: Stamp;

  constructor(durable: Stamp | null) {
    this.#durable = durable;
    this.#asked = durable ?? noStamp;
  }

  /** The greatest mark that should be made durable. */
  get asked(): Stamp {
    return this.#asked;
  }

  /** Whether a vote for `token` may leave; asks for a further mark when it is near the last. */
  covers(token: Stamp): boolean {
    if (this.#durable === null) return true;
    if (stampAfter(token, blockMs / 2) > this.#asked) this.#asked = stampAfter(token, blockMs);
    return token <= this.#durable;
  }

  /** @returns whether tokens are covered that were not before */
  raise(mark: Stamp): boolean {
    if (this.#durable === null || mark <= this.#durable) return false;
    this.#durable = mark;
    this.#asked = greater(this.#asked, mark);
    return true;
  }

  snapshot(): DurableMarkSnapshot {
    return { durable: this.#durable, asked: this.#asked };
  }

  restore({ durable, asked }: DurableMarkSnapshot): void {
    this.#durable = durable;
    this.#asked = asked;
  }
}
