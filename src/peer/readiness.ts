/**
 * Whether a quorum of voters votes, and who waits for that.
 */

import { signalIn } from './call-checks.ts';

/** One call of `ready()`. */
interface Waiter {
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

export class Readiness {
  readonly #waiters = new Set<Waiter>();
  #present = false;
  #wasPresent = false;

  /** `starting` until it was ready once. */
  get state(): 'starting' | 'ready' | 'unready' {
    if (this.#present) return 'ready';
    return this.#wasPresent ? 'unready' : 'starting';
  }

  /** Whether that is a change. */
  set(present: boolean): boolean {
    if (present === this.#present) return false;
    this.#present = present;
    this.#wasPresent ||= present;
    if (present) this.#settle((waiter) => waiter.resolve());
    return true;
  }

  /** It will not be ready any more. */
  fail(error: unknown): void {
    this.#settle((waiter) => waiter.reject(error));
  }

  /**
   * Rejects with the reason of `options.signal`, or with what `fail` is told.
   *
   * @throws `TypeError` for impossible options
   */
  wait(options: unknown): Promise<void> {
    const signal = signalIn(options, 'wait');
    if (signal?.aborted === true) return Promise.reject(signal.reason);
    if (this.#present) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.#waiters.delete(waiter);
        reject(signal?.reason);
      };
      const done = (): void => signal?.removeEventListener('abort', onAbort);
      const waiter: Waiter = {
        resolve: () => {
          done();
          resolve();
        },
        reject: (reason) => {
          done();
          reject(reason);
        },
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#waiters.add(waiter);
    });
  }

  #settle(how: (waiter: Waiter) => void): void {
    const waiters = [...this.#waiters];
    this.#waiters.clear();
    for (const waiter of waiters) how(waiter);
  }
}
