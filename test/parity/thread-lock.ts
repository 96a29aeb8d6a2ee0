/**
 * A lock that a peer in another thread holds, as far as that thread has told.
 */

import type { LockLostError, LockmeshError } from '../../src/peer/errors.ts';
import type { Lock, LockMode } from '../../src/peer/lock.ts';
import { cannot } from './net.ts';
import type { LockFacts } from './thread-messages.ts';

export class ThreadLock implements Lock {
  readonly acquiredAt: number;
  readonly mode: LockMode;
  readonly name: string;
  readonly names: readonly string[];
  readonly token: number;
  /** As the thread has told last; one that stands still may have forgotten to hear of more. */
  deadline: number;
  readonly #ending = new AbortController();
  readonly #onRelease: () => void;
  #isReleased = false;

  constructor(facts: LockFacts, onRelease: () => void) {
    this.acquiredAt = facts.acquiredAt;
    this.deadline = facts.deadline;
    this.mode = facts.mode;
    this.name = facts.name;
    this.names = facts.names;
    this.token = facts.token;
    this.#onRelease = onRelease;
  }

  get contended(): AbortSignal {
    return cannot('ask who wants it', 'no scenario does');
  }

  get held(): boolean {
    return !this.#isReleased && !this.signal.aborted && Date.now() < this.deadline;
  }

  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  async downgrade(): Promise<void> {
    cannot('share what it holds', 'no scenario does');
  }

  async release(): Promise<void> {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.#onRelease();
  }

  throwIfLost(): void {
    this.signal.throwIfAborted();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.release();
  }

  /** The thread has told that it is lost, or taken back. */
  lost(error: LockLostError | LockmeshError): void {
    if (!this.#isReleased) this.#ending.abort(error);
  }
}
