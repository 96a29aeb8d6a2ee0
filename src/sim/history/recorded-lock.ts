/**
 * A lock of a recorded peer: notes when it is looked at, given back or lost.
 */

import type { Lock, LockMode } from '../../peer/lock.ts';
import type { HistoryName } from './operation.ts';
import type { HistoryRecorder, RecordedHold } from './recorder.ts';

/** Which hold it is, and whose. */
export interface HeldOf {
  readonly client: string;
  readonly names: readonly (string | HistoryName)[];
  readonly hold: string;
}

export class RecordedLock implements Lock, RecordedHold {
  readonly client: string;
  readonly #lock: Lock;
  readonly #of: HeldOf;
  readonly #recorder: HistoryRecorder;
  /** The latest moment at which it was held for certain. */
  #heldAt: number;
  #isOver = false;

  constructor(lock: Lock, of: HeldOf, recorder: HistoryRecorder) {
    this.client = of.client;
    this.#lock = lock;
    this.#of = of;
    this.#recorder = recorder;
    this.#heldAt = recorder.now();
    // Also of one that is lost by the time that its holder hears of it.
    if (lock.signal.aborted) this.#end();
    else {
      recorder.begin(this);
      lock.signal.addEventListener('abort', () => this.#end(), { once: true });
    }
  }

  /** The lock itself. */
  get recorded(): Lock {
    return this.#lock;
  }

  get acquiredAt(): number {
    return this.#lock.acquiredAt;
  }

  get contended(): AbortSignal {
    return this.#lock.contended;
  }

  get deadline(): number {
    return this.#lock.deadline;
  }

  get held(): boolean {
    if (this.#isOver) return this.#lock.held;
    const before = this.#recorder.now();
    const called = this.#recorder.call({ ...this.#of, op: 'look' });
    const { held } = this.#lock;
    called.answer(held ? 'held' : 'gone');
    if (held) this.#heldAt = before;
    return held;
  }

  get mode(): LockMode {
    return this.#lock.mode;
  }

  get name(): string {
    return this.#lock.name;
  }

  get names(): readonly string[] {
    return this.#lock.names;
  }

  get signal(): AbortSignal {
    return this.#lock.signal;
  }

  get token(): number {
    return this.#lock.token;
  }

  async downgrade(): Promise<void> {
    if (this.#isOver || this.mode === 'shared') return await this.#lock.downgrade();
    const before = this.#recorder.now();
    const called = this.#recorder.call({ ...this.#of, op: 'downgrade' });
    try {
      await this.#lock.downgrade();
      called.answer('ok');
      this.#heldAt = before;
    } catch (error) {
      called.answer('gone');
      this.#end();
      throw error;
    }
  }

  async release(): Promise<void> {
    if (this.#isOver) return await this.#lock.release();
    if (!this.#lock.held) {
      // Time has ended it, and its holder has not been told yet.
      this.#end();
      return await this.#lock.release();
    }
    this.#over();
    const called = this.#recorder.call({ ...this.#of, op: 'release' });
    const released = this.#lock.release();
    called.answer('ok');
    await released;
  }

  throwIfLost(): void {
    this.#lock.throwIfLost();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.release();
  }

  /** Whether it is held, for the sake of another that was granted. @internal */
  look(): void {
    void this.held;
  }

  /** Its process has ended. @internal */
  die(): void {
    if (this.#isOver) return;
    this.#over();
    this.#recorder.lost(this.#of, this.#heldAt, false);
  }

  #end(): void {
    if (this.#isOver) return;
    this.#over();
    this.#recorder.lost(this.#of, this.#heldAt);
  }

  #over(): void {
    this.#isOver = true;
    this.#recorder.end(this);
  }
}
