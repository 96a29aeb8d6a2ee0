/**
 * One machine: its clocks, its disk, and whether it runs. While it stands still, or is busy, what
 * should happen on it waits in line, and then happens in a burst, one turn after the other.
 */

import type { Kernel } from './kernel.ts';
import { type ClockSetting, MachineClock } from './machine-clock.ts';
import type { Task } from './task.ts';

export class Machine {
  /** Unlike a peer's id, no two machines have the same. */
  readonly name: string;
  readonly clock: MachineClock;
  /** How long each turn keeps the processor busy, in microseconds. */
  turnCostUs = 0;
  readonly #kernel: Kernel;
  readonly #line: Task[] = [];
  #pausedUntilUs = 0;
  #busyUntilUs = 0;
  #isResuming = false;

  constructor(kernel: Kernel, name: string, clock: ClockSetting & { readonly startUs: number }) {
    this.#kernel = kernel;
    this.name = name;
    this.clock = new MachineClock(clock, clock.startUs);
  }

  get isPaused(): boolean {
    return this.#pausedUntilUs > this.#kernel.nowUs;
  }

  /** Whether its processes run as they should: neither paused, nor slow, nor behind. */
  get isPrompt(): boolean {
    return !this.isPaused && this.turnCostUs === 0 && this.#line.length === 0;
  }

  monotonicMs(): number {
    return this.clock.monotonicUs(this.#kernel.nowUs) / 1_000;
  }

  wallMs(): number {
    return this.clock.wallMs(this.#kernel.nowUs);
  }

  /** Nothing happens here before `resume`. */
  pause(): void {
    this.#pausedUntilUs = Number.POSITIVE_INFINITY;
  }

  resume(): void {
    this.#pausedUntilUs = 0;
    this.#resumeLater();
  }

  /** Forgets what waited: the machine is switched off. */
  reset(): void {
    this.#line.length = 0;
    this.#pausedUntilUs = 0;
    this.#busyUntilUs = 0;
  }

  admits(task: Task): boolean {
    if (this.#line.length === 0 && !this.#isHeldUp) return true;
    this.#line.push(task);
    this.#resumeLater();
    return false;
  }

  ran(): void {
    if (this.turnCostUs > 0) this.#busyUntilUs = this.#kernel.nowUs + this.turnCostUs;
  }

  get #isHeldUp(): boolean {
    const { nowUs } = this.#kernel;
    return this.#pausedUntilUs > nowUs || this.#busyUntilUs > nowUs;
  }

  #resumeLater(): void {
    if (this.#isResuming || this.#line.length === 0 || this.isPaused) return;
    this.#isResuming = true;
    const atUs = Math.max(this.#kernel.nowUs, this.#busyUntilUs);
    const detail = this.name;
    const run = (): void => this.#resumeOne();
    this.#kernel.add({ atUs, kind: 'resume', actor: null, detail, run });
  }

  #resumeOne(): void {
    this.#isResuming = false;
    if (!this.#isHeldUp) {
      // Out of line for as long as it is let in.
      const [first, ...rest] = this.#line.splice(0);
      if (first !== undefined) this.#kernel.perform(first);
      this.#line.unshift(...rest);
    }
    this.#resumeLater();
  }
}
