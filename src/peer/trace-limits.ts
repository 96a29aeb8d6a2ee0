/**
 * How much of a trace may wait, and how much there may be.
 */

/** Bounds of a trace. */
export interface TraceLimits {
  /** Bytes that may wait to be written. */
  readonly traceBacklogBytesMax: number;
  /** Bytes of a file that was named by its path. */
  readonly traceFileBytesMax: number;
}

/** The limits used unless the peer's options say otherwise. */
export const defaultTraceLimits: TraceLimits = Object.freeze({
  traceBacklogBytesMax: 16_777_216,
  traceFileBytesMax: 1_000_000_000,
});
