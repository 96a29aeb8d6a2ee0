/**
 * Judges a trace: runs the core again on what was recorded of each peer and compares what it asks
 * for, and has the recorded steps looked at by the checkers of the simulator.
 */

import { Replay } from './replay.ts';
import { isTimed } from './times.ts';
import type { Trace } from './trace-event.ts';
import type { TraceReport } from './trace-report.ts';

/** What is known of the run besides its trace. */
export interface CheckTraceOptions {
  /**
   * By how much the wall clocks of two machines may differ, in milliseconds. Where true time was
   * not recorded, two holders are only told of if they overlap by more. More overlooks short
   * overlaps; less takes clocks that differ for overlaps.
   *
   * @default 100; nothing where true time was recorded
   */
  readonly clockSkew?: number;
  /**
   * Promises that are not checked, since what they rest on was not given in this run: clocks that
   * run at about the same rate (`exclusion`), voters that keep their memory (`tokens`).
   *
   * @default none
   */
  readonly without?: readonly ('exclusion' | 'tokens')[];
}

/** Of the clocks of machines that keep their time by the network. */
const clockSkewMs = 100;

/**
 * Judges a trace.
 *
 * @throws `TypeError` for impossible options
 */
export function checkTrace(trace: Trace, options: CheckTraceOptions = {}): TraceReport {
  const skewMs = options.clockSkew ?? (isTimed(trace) ? 0 : clockSkewMs);
  if (!(skewMs >= 0)) {
    const wanted = 'clockSkew must be 0 or more ms';
    throw new TypeError(`Cannot check trace: ${wanted}, received ${options.clockSkew}`);
  }
  const replay = new Replay(trace, { skewMs, without: options.without ?? [] });
  return replay.run();
}
