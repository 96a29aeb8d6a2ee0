/**
 * What schedules write down while they run: calls for locks and what became of them, and when a
 * lock was lost.
 */

import { LockmeshError } from '../../../src/peer/errors.ts';
import type { AcquireOptions, Lock, LockRequest } from '../../../src/peer/lock.ts';
import type { Sim } from '../../../src/sim/sim.ts';

/** One call of `acquire`. Moments are in true time; `Infinity` for what has not happened. */
export interface Asked {
  readonly askedAt: number;
  grantedAt: number;
  lock: Lock | null;
  failedAt: number;
  /** The code of the error that the call failed with. */
  code: string | null;
}

/** Asks for a lock, and does not wait for it. */
export function ask(
  sim: Sim,
  node: string,
  request: LockRequest,
  options: AcquireOptions = {},
): Asked {
  const asked: Asked = {
    ...{ askedAt: sim.now, lock: null, code: null },
    ...{ grantedAt: Number.POSITIVE_INFINITY, failedAt: Number.POSITIVE_INFINITY },
  };
  sim
    .node(node)
    .peer.acquire(request, options)
    .then(
      (lock) => {
        asked.grantedAt = sim.now;
        asked.lock = lock;
      },
      (error: unknown) => {
        asked.failedAt = sim.now;
        asked.code = codeOf(error);
      },
    );
  return asked;
}

/** Waits until a call is granted. */
export async function granted(sim: Sim, asked: Asked, timeout = 60_000): Promise<Lock> {
  await sim.until(() => asked.lock !== null, { timeout, what: 'the call is granted' });
  const { lock } = asked;
  if (lock === null) throw new Error('Cannot go on: the lock was not granted');
  return lock;
}

/** Waits until a call has failed. @returns the code of its error */
export async function failed(sim: Sim, asked: Asked, timeout = 60_000): Promise<string | null> {
  const hasFailed = (): boolean => asked.failedAt < Number.POSITIVE_INFINITY;
  await sim.until(hasFailed, { timeout, what: 'the call fails' });
  return asked.code;
}

/** When a lock was lost, or taken back, in true time; `Infinity` while it was not. */
export interface Loss {
  at: number;
  code: string | null;
}

/** Watches the signal of a lock. */
export function lossOf(sim: Sim, lock: Lock): Loss {
  const loss: Loss = { at: Number.POSITIVE_INFINITY, code: null };
  lock.signal.addEventListener('abort', () => {
    loss.at = sim.now;
    loss.code = codeOf(lock.signal.reason);
  });
  return loss;
}

/** Nothing passes between two nodes, either way. @returns what ends that */
export function cut(sim: Sim, one: string, other: string): () => void {
  const links = [sim.link(one, other), sim.link(other, one)];
  for (const link of links) link.hold();
  return () => {
    for (const link of links) link.release();
  };
}

function codeOf(error: unknown): string {
  return error instanceof LockmeshError ? error.code : String(error);
}
