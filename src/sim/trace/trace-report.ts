/**
 * What comes of judging a trace.
 */

/** Something that is not as it should be. */
export interface TraceFinding {
  /** The check that found it; `replay` where a core asks for something else than was recorded. */
  readonly check: string;
  /** The id of the event. */
  readonly event: string;
  readonly message: string;
}

/** What a trace was found to be. */
export interface TraceReport {
  /** What is wrong, in order. Nothing in it: the trace is as the protocol would have it. */
  readonly findings: readonly TraceFinding[];
  /** Steps that were run again, and compared. */
  readonly compared: number;
  /** Grants that were checked. */
  readonly grants: number;
  /** What could not be judged, and why. */
  readonly unjudged: readonly string[];
}
