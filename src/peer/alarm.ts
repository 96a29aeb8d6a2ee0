/**
 * One timer that rings at a moment of the monotonic clock, or a little early or late: whoever it
 * wakes looks at the clock, and sets it again.
 */

import type { Runtime, Timer } from './runtime.ts';

export class Alarm {
  readonly #runtime: Runtime;
  readonly #onRing: () => void;
  #timer: { readonly at: number; readonly handle: Timer } | undefined;

  constructor(runtime: Runtime, onRing: () => void) {
    this.#runtime = runtime;
    this.#onRing = onRing;
  }

  /**
   * Rings at `at`, or before. A timer that is set for earlier is left as it is: it costs one idle
   * wake-up, where setting it anew at each heartbeat would cost more. For nothing at all, none
   * stays.
   */
  set(at: number | undefined): void {
    if (at === undefined) return this.cancel();
    if (this.#timer !== undefined && this.#timer.at <= at) return;
    this.cancel();
    const ms = Math.max(0, Math.ceil(at - this.#runtime.monotonic()));
    const handle = this.#runtime.setTimer(ms, () => {
      this.#timer = undefined;
      this.#onRing();
    });
    this.#timer = { at, handle };
  }

  cancel(): void {
    this.#timer?.handle.cancel();
    this.#timer = undefined;
  }
}
