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

/** Runs `acquire` under a trace, if anybody wants one. */
export function traceAcquire<T>(
  describe: () => AcquireTrace,
  acquire: () => Promise<T>,
): Promise<T> {
  const { start, end, asyncStart, asyncEnd, error } = acquiring;
  const channels = [start, end, asyncStart, asyncEnd, error];
  if (!channels.some((channel) => channel.hasSubscribers)) return acquire();
  return acquiring.tracePromise(acquire, describe());
}
