/**
 * What a traced peer tells of itself: one record for each step of its core, complete enough for the
 * core to be run again on it (src/sim/trace). As a line of a file, a record is its JSON, in which
 * `Infinity` is `null`.
 */

import type { Input } from '../protocol/input.ts';
import type { NodeOptions } from '../protocol/options.ts';
import type { Output } from '../protocol/output.ts';

/** Who, and when by its own clocks. */
export interface TraceHead {
  /** The id of the peer. */
  readonly peer: string;
  /** Which of its starts: greater at each. */
  readonly incarnation: number;
  /** 1, 2, 3, … within the incarnation. A number that is missing was not written. */
  readonly sequence: number;
  /** What the core takes for its monotonic clock, in whole milliseconds. */
  readonly now: number;
  /** The wall clock, in whole milliseconds since 1970. */
  readonly wall: number;
}

/** A core was made. The first record of each incarnation. */
export interface TraceStart extends TraceHead {
  readonly type: 'start';
  readonly version: number;
  /** What it was made of. Secrets and addresses are not among it. */
  readonly options: NodeOptions;
}

/** The core was given one input, and asked for these outputs. */
export interface TraceStep extends TraceHead {
  readonly type: 'step';
  readonly input: Input;
  readonly outputs: readonly Output[];
}

/** The incarnation is over. */
export interface TraceEnd extends TraceHead {
  readonly type: 'end';
  /** The bug that ended it; `null` where it was closed. */
  readonly error: string | null;
  /** The input in which that bug was met; `null` where it was met elsewhere, or there was none. */
  readonly input: Input | null;
}

/** One thing that happened to one peer. */
export type TraceRecord = TraceStart | TraceStep | TraceEnd;

/** Is called with each record of a peer. */
export type TraceListener = (record: TraceRecord) => void;
