/**
 * The two clocks of one machine as functions of true time: the monotonic one, which runs at a rate
 * of its own and stands still while the machine is suspended, and the wall clock, which is set, and
 * set wrong.
 */

/** How the clocks of a machine differ from true time at the start. */
export interface ClockSetting {
  /** How far the wall clock is ahead, in milliseconds; negative when it is behind. */
  readonly offsetMs: number;
  /** By how many millionths the monotonic clock is fast; negative when it is slow. */
  readonly driftPpm: number;
}

/** Where true time 0 lies: 2026-01-01T00:00Z, in milliseconds since 1970. */
export const wallAtZeroMs = 1_767_225_600_000;

export class MachineClock {
  /** What the monotonic clock showed, in microseconds, at `#sinceUs` of true time. */
  #shownUs: number;
  #sinceUs = 0;
  #driftPpm: number;
  #isFrozen = false;
  #offsetUs: number;

  constructor({ offsetMs, driftPpm }: ClockSetting, startUs: number) {
    this.#shownUs = startUs;
    this.#driftPpm = driftPpm;
    this.#offsetUs = offsetMs * 1_000;
  }

  /** Microseconds, whole or not. */
  monotonicUs(trueUs: number): number {
    if (this.#isFrozen) return this.#shownUs;
    const elapsedUs = trueUs - this.#sinceUs;
    return this.#shownUs + elapsedUs + Math.floor((elapsedUs * this.#driftPpm) / 1_000_000);
  }

  /** Milliseconds since 1970. */
  wallMs(trueUs: number): number {
    return wallAtZeroMs + (trueUs + this.#offsetUs) / 1_000;
  }

  /** How far the wall clock is ahead, in milliseconds. */
  get offsetMs(): number {
    return this.#offsetUs / 1_000;
  }

  /** Whether the monotonic clock stands still. */
  get isFrozen(): boolean {
    return this.#isFrozen;
  }

  /** The true time at which the monotonic clock will show `monotonicUs`, if nothing changes. */
  trueUsOf(monotonicUs: number, trueUs: number): number {
    const leftUs = monotonicUs - this.monotonicUs(trueUs);
    const stretched = (leftUs * 1_000_000) / (1_000_000 + this.#driftPpm);
    return trueUs + Math.max(0, Math.ceil(stretched));
  }

  jump(ms: number): void {
    this.#offsetUs += ms * 1_000;
  }

  setDrift(driftPpm: number, trueUs: number): void {
    this.#rebase(trueUs);
    this.#driftPpm = driftPpm;
  }

  /** The monotonic clock stands still from now on; the wall clock does not. */
  freeze(trueUs: number): void {
    this.#rebase(trueUs);
    this.#isFrozen = true;
  }

  thaw(trueUs: number): void {
    this.#rebase(trueUs);
    this.#isFrozen = false;
  }

  #rebase(trueUs: number): void {
    this.#shownUs = this.monotonicUs(trueUs);
    this.#sinceUs = trueUs;
  }
}
