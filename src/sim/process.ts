/**
 * One run of a program on a machine: all that a peer touches of the outside, simulated. When it
 * dies, nothing of it ever happens again; what awaited it waits for ever, and is garbage.
 */

import type { Runtime, StepWatcher, Storage, Timer } from '../peer/runtime.ts';
import type { Transport } from '../peer/transport.ts';
import type { Disk } from './disk.ts';
import type { Kernel } from './kernel.ts';
import type { Machine } from './machine.ts';
import type { Stream } from './random.ts';
import type { Actor, Scheduled, Task } from './task.ts';

export interface ProcessSetup {
  readonly kernel: Kernel;
  readonly machine: Machine;
  readonly disk: Disk | null;
  readonly watcher: StepWatcher;
  readonly chance: Stream;
  readonly transportOf: (process: Process) => Transport;
}

interface PendingTimer {
  /** When it is due, by the machine's monotonic clock. */
  readonly dueUs: number;
  readonly kind: 'timer' | 'sleep';
  readonly callback: () => void;
  scheduled: Scheduled | undefined;
}

export class Process implements Runtime, Actor {
  readonly machine: Machine;
  readonly transport: Transport;
  readonly storage: Storage | null;
  readonly watcher: StepWatcher;
  readonly #kernel: Kernel;
  readonly #chance: Stream;
  readonly #timers = new Set<PendingTimer>();
  #isAlive = true;
  #stepCount = 0;

  constructor(setup: ProcessSetup) {
    this.machine = setup.machine;
    this.watcher = {
      onStep: (core, step) => {
        // What somebody does with the peer of a dead process is nowhere seen.
        if (!this.#isAlive) return;
        this.#stepCount += 1;
        setup.watcher.onStep(core, step);
      },
      onStart: (core, start) => setup.watcher.onStart?.(core, start),
      onEnd: (core, end) => {
        if (this.#isAlive) setup.watcher.onEnd?.(core, end);
      },
      onAsk: (ask) => setup.watcher.onAsk?.(ask),
    };
    this.#kernel = setup.kernel;
    this.#chance = setup.chance;
    this.storage = setup.disk?.storageOf(this) ?? null;
    this.transport = setup.transportOf(this);
  }

  get name(): string {
    return this.machine.name;
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** How many timers its peer has set. */
  get timerCount(): number {
    return [...this.#timers].filter(({ kind }) => kind === 'timer').length;
  }

  die(): void {
    this.#isAlive = false;
    for (const { scheduled } of this.#timers) if (scheduled) scheduled.isCancelled = true;
    this.#timers.clear();
  }

  admits(task: Task): boolean {
    return this.machine.admits(task);
  }

  ran(): void {
    this.machine.ran();
  }

  monotonic(): number {
    return this.machine.monotonicMs();
  }

  wall(): number {
    return this.machine.wallMs();
  }

  random(): number {
    return this.#chance.next() / 0x1_0000_0000;
  }

  randomBytes(size: number): Uint8Array {
    return this.#chance.bytes(size);
  }

  setTimer(ms: number, callback: () => void): Timer {
    return this.#set(ms, 'timer', () => {
      const before = this.#stepCount;
      callback();
      // Not the core's own timer, then, but that of a call that waits.
      if (this.#stepCount === before) this.#kernel.noteMicrotasks();
    });
  }

  /** As a timer of the program itself: it may have microtasks in its wake. */
  sleep(ms: number, callback: () => void): Timer {
    return this.#set(ms, 'sleep', () => {
      this.#kernel.noteMicrotasks();
      callback();
    });
  }

  endOfTurn(callback: () => void): void {
    this.#kernel.atEndOfTurn(this, callback);
  }

  /** The machine's clock runs differently from now on: timers ring when it says so. */
  onClockChange(): void {
    for (const timer of this.#timers) {
      if (timer.scheduled) timer.scheduled.isCancelled = true;
      this.#schedule(timer);
    }
  }

  #set(ms: number, kind: PendingTimer['kind'], callback: () => void): Timer {
    const dueUs = this.machine.clock.monotonicUs(this.#kernel.nowUs) + Math.ceil(ms * 1_000);
    const timer: PendingTimer = { dueUs, kind, callback, scheduled: undefined };
    this.#timers.add(timer);
    this.#schedule(timer);
    return {
      cancel: () => {
        this.#timers.delete(timer);
        if (timer.scheduled) timer.scheduled.isCancelled = true;
      },
    };
  }

  #schedule(timer: PendingTimer): void {
    // Set anew when the clock runs again.
    if (this.machine.clock.isFrozen) return;
    const atUs = this.machine.clock.trueUsOf(timer.dueUs, this.#kernel.nowUs);
    timer.scheduled = this.#kernel.add({
      atUs,
      kind: timer.kind,
      actor: this,
      detail: '',
      run: () => {
        // Set anew on a clock that has stood still meanwhile, or cancelled while it waited in line.
        if (!this.#timers.has(timer)) return;
        if (this.machine.clock.monotonicUs(this.#kernel.nowUs) < timer.dueUs) {
          this.#schedule(timer);
          return;
        }
        this.#timers.delete(timer);
        timer.callback();
      },
    });
  }
}
