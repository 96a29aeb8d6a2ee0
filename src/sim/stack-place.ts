/**
 * Reads a stack for the place that somebody wants to see.
 */

import { isAbsolute, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** `at f (file:1:2)`, `at async file:1:2`; what has no line, such as `Array.map`, has no match. */
const frame = /^\s*at (?:async )?(?:.+? \()?(.+:\d+:\d+)\)?$/;

/**
 * The first place in a file that is neither Node's nor among those to pass over: `src/a.ts:1:2`,
 * from the working directory.
 *
 * @param isPassedOver is asked with the full path
 */
export function firstPlace(
  stack: unknown,
  isPassedOver: (path: string) => boolean = () => false,
): string | null {
  // Who has set `Error.prepareStackTrace` may have made something else of it.
  const lines = typeof stack === 'string' ? stack.split('\n') : [];
  for (const line of lines) {
    const place = frame.exec(line)?.[1];
    if (place === undefined || place.startsWith('node:')) continue;
    const path = place.startsWith('file:') ? fileURLToPath(place) : place;
    if (!isPassedOver(path)) return fromHere(path);
  }
  return null;
}

function fromHere(path: string): string {
  if (!isAbsolute(path)) return path;
  const short = relative('', path);
  return short.startsWith('..') ? path : short;
}
