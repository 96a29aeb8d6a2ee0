/**
 * The callback form of a recorded peer.
 */

import type { Lock } from '../../peer/lock.ts';
import type {
  LockRequestOptions,
  Locks,
  LocksSnapshot,
  QueryOptions,
} from '../../peer/web-locks.ts';
import { type Asking, ask, resultOf } from './record-ask.ts';
import { RecordedLock } from './recorded-lock.ts';

export class RecordedLocks implements Locks {
  readonly #locks: Locks;
  readonly #asking: Asking;

  constructor(locks: Locks, asking: Asking) {
    this.#locks = locks;
    this.#asking = asking;
  }

  async request<T>(name: string, first: unknown, second?: unknown): Promise<Awaited<T>> {
    const options = (second === undefined ? {} : first) as LockRequestOptions;
    const callback = (second === undefined ? first : second) as (lock: Lock | null) => T;
    // What is no call at all, the peer refuses.
    if (typeof callback !== 'function') return await this.#locks.request(name, options, callback);
    const { ifAvailable = false, mode, timeout } = options;
    const op = ifAvailable || timeout === 0 ? 'try' : 'acquire';
    const names = [mode === 'shared' ? { name, mode } : { name }];
    const { asked, called } = ask(this.#asking, { op, names });
    const run = async (lock: Lock | null): Promise<Awaited<T>> => {
      if (lock === null) {
        called.answer('busy');
        return await callback(null);
      }
      called.answer('ok', lock.token);
      await using recorded = new RecordedLock(lock, asked, this.#asking.recorder);
      return await callback(recorded);
    };
    try {
      return await this.#locks.request(name, options, run);
    } catch (error) {
      // After an answer, it is what the callback has thrown.
      if (error instanceof TypeError) called.cancel();
      else called.answer(resultOf(error));
      throw error;
    }
  }

  query(options?: QueryOptions): Promise<LocksSnapshot> {
    return this.#locks.query(options);
  }
}
