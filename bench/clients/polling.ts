/**
 * Waiting for a lock of a service that keeps no queue: asking again and again.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Held } from './lock-client.ts';

/** Between two tries of one claim, in milliseconds: between `delayMs` and `jitterMs` more. */
export interface Pace {
  readonly delayMs: number;
  readonly jitterMs: number;
}

export class Polling {
  readonly #pace: Pace;
  /** Counts the times that all gave up. */
  #givenUp = 0;

  constructor(pace: Pace) {
    this.#pace = pace;
  }

  /** Until a try has a lock, rather than `null`; rejects when all give up meanwhile. */
  async until(attempt: () => Promise<Held | null>): Promise<Held> {
    const { delayMs, jitterMs } = this.#pace;
    const since = this.#givenUp;
    for (;;) {
      const held = await attempt();
      if (held !== null) return held;
      if (since !== this.#givenUp) throw new Error('Gave up waiting for the lock');
      await sleep(delayMs + Math.random() * jitterMs);
    }
  }

  /** Those who wait now ask no more. */
  giveUp(): void {
    this.#givenUp += 1;
  }
}
