/**
 * Makes the high-water marks that the core asks for durable, one save at a time, and tries again
 * where that fails: until it succeeds the core casts no vote that needs it.
 */

import type { Stamp } from '../protocol/ids.ts';
import type { DurableState } from './durable-state.ts';

/** Called back later, never from within `save` or `wake`. */
export interface MarkSaverEvents {
  onSaved(mark: Stamp): void;
  /** It is tried again at `wakeAtMs`. */
  onFailed(error: unknown): void;
}

/** How long after a failure the next try is. */
const tryAgainMs = 1_000;

export class MarkSaver {
  readonly #durable: DurableState;
  readonly #clock: { monotonic(): number };
  readonly #events: MarkSaverEvents;
  /** The greatest mark asked for that is not durable. */
  #wanted: Stamp | undefined;
  #isSaving = false;
  #wakeAtMs: number | undefined;

  constructor(durable: DurableState, clock: { monotonic(): number }, events: MarkSaverEvents) {
    this.#durable = durable;
    this.#clock = clock;
    this.#events = events;
  }

  /** When `wake` is due; `undefined` unless a save has failed. */
  get wakeAtMs(): number | undefined {
    return this.#wakeAtMs;
  }

  save(mark: Stamp): void {
    this.#wanted = mark;
    // A failure that waits for its next try goes on waiting.
    if (!this.#isSaving && this.#wakeAtMs === undefined) void this.#saveWanted();
  }

  wake(): void {
    if (this.#wakeAtMs === undefined || this.#wakeAtMs > this.#clock.monotonic()) return;
    this.#wakeAtMs = undefined;
    void this.#saveWanted();
  }

  /** Never rejects. */
  async #saveWanted(): Promise<void> {
    this.#isSaving = true;
    try {
      for (let mark = this.#wanted; mark !== undefined; mark = this.#wanted) {
        await this.#durable.raise(mark);
        if (this.#wanted === mark) this.#wanted = undefined;
        this.#events.onSaved(mark);
      }
    } catch (error) {
      this.#wakeAtMs = this.#clock.monotonic() + tryAgainMs;
      this.#events.onFailed(error);
    } finally {
      this.#isSaving = false;
    }
  }
}
