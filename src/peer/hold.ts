/**
 * Runs what a lock is for, for as long as it is held.
 */

import type { HeldLock, LockEnd } from './held-lock.ts';
import type { Lock } from './lock.ts';
import { describeNames } from './lock-request.ts';
import type { Log } from './logging.ts';
import { runHolding } from './reentrancy.ts';

/** Who runs it. */
export interface Holder {
  /** Whoever grants the locks, to tell reentrancy by. */
  readonly owner: { readonly id: string };
  /** A callback failed after its lock had ended, when nobody waits for it any more. */
  onLateFailure(lock: Lock, error: unknown): void;
}

/** What fails late is logged. */
export function holderOf(owner: Holder['owner'], log: Log): Holder {
  return {
    owner,
    onLateFailure: (lock, error) => {
      const names = describeNames(lock.names);
      log.write('debug', `A callback failed after it lost ${names}`, { err: error });
    },
  };
}

/** Settles with the callback, or at the end of the lock if that comes first. Releases nothing. */
export function runWhileHeld<T>(
  { onLateFailure, owner }: Holder,
  lock: HeldLock,
  callback: (lock: Lock) => T,
): Promise<Awaited<T>> {
  return new Promise<Awaited<T>>((resolve, reject) => {
    let end: LockEnd | undefined;
    lock.whenEnded((error) => {
      end = error;
      reject(error);
    });
    const onFailure = (error: unknown): void => {
      if (end === undefined) reject(error);
      else if (error !== end) onLateFailure(lock, error);
    };
    runHolding(owner, lock, () => settled(callback, lock)).then(resolve, onFailure);
  });
}

/** What the callback comes to, also when it throws at once. */
async function settled<T>(callback: (lock: Lock) => T, lock: Lock): Promise<Awaited<T>> {
  return await callback(lock);
}
