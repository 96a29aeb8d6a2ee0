/**
 * Where a call came from, in the code of whoever uses the simulator. Taken at the call, read only
 * when somebody asks: most are thrown away unread.
 */

import { isAbsolute, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The files of this library, whose frames are of no interest. */
const own = fileURLToPath(new URL('../', import.meta.url));

/** `at f (file:1:2)`, `at async file:1:2`. */
const frame = /^\s*at (?:async )?(?:.+? \()?(.+:\d+:\d+)\)?$/;

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
  return { toString: () => firstPlace(trace.stack) };
}

function firstPlace(stack: unknown): string {
  // Who has set `Error.prepareStackTrace` may have made something else of it.
  const lines = typeof stack === 'string' ? stack.split('\n') : [];
  for (const line of lines) {
    const place = frame.exec(line)?.[1];
    if (place === undefined || place.startsWith('node:')) continue;
    const path = place.startsWith('file:') ? fileURLToPath(place) : place;
    if (!path.startsWith(own)) return fromHere(path);
  }
  return 'an unknown place';
}

function fromHere(path: string): string {
  if (!isAbsolute(path)) return path;
  const short = relative('', path);
  return short.startsWith('..') ? path : short;
}
