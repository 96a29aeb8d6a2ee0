/**
 * Where a call came from, in the code of whoever uses the simulator. Taken at the call, read only
 * when somebody asks: most are thrown away unread.
 */

import { fileURLToPath } from 'node:url';
import { firstPlace } from './stack-place.ts';

/** The files of this library, whose frames are of no interest. */
const own = fileURLToPath(new URL('../', import.meta.url));

/** A place in the calling code, unread. */
export interface CallSite {
  /** `test/orders.test.ts:12:5`, from the working directory; `an unknown place` without one. */
  toString(): string;
}

/**
 * Where the function that calls this one was called from, outside of this library.
 *
 * @param framesMax how many calls away that is at most: each costs
 */
export function callSite(framesMax: number): CallSite {
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = framesMax;
  const trace: { stack?: unknown } = {};
  Error.captureStackTrace(trace, callSite);
  Error.stackTraceLimit = before;
  const isOwn = (path: string): boolean => path.startsWith(own);
  return { toString: () => firstPlace(trace.stack, isOwn) ?? 'an unknown place' };
}
