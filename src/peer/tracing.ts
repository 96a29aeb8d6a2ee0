/**
 * Tells `node:diagnostics_channel` of claims: `tracing:lockmesh:acquire:start` and so on, for tools
 * that trace. Costs nothing while nobody subscribes.
 */

import { tracingChannel } from 'node:diagnostics_channel';

/** What subscribers of `tracing:lockmesh:acquire` are given; the same object at each step. */
export interface AcquireTrace {
  /** The id of the peer that asks. */
  readonly peer: string;
  /** The names asked for. */
  readonly names: readonly string[];
  /** The mode; of several names, `exclusive` if any of them is. */
  readonly mode: 'exclusive' | 'shared';
}

const acquiring = tracingChannel<AcquireTrace, AcquireTrace>('lockmesh:acquire');

/** Whether anybody wants traces. */
export function isTraced(): boolean {
  const { start, end, asyncStart, asyncEnd, error } = acquiring;
  return (
    start.hasSubscribers ||
    end.hasSubscribers ||
    asyncStart.hasSubscribers ||
    asyncEnd.hasSubscribers ||
    error.hasSubscribers
  );
}

/** Runs `acquire` under a trace. */
export function traceAcquire<T>(trace: AcquireTrace, acquire: () => Promise<T>): Promise<T> {
  return acquiring.tracePromise(acquire, trace);
}
