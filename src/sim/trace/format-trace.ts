/**
 * A trace as lines of JSON, one for each event.
 */

import type { Trace } from './trace-event.ts';

/** Lines of JSON, each ended; `Infinity` is `null` in them. */
export function formatTrace(trace: Trace): string {
  return trace.map((event) => `${JSON.stringify(event)}\n`).join('');
}
