/**
 * LIVE: which of a coordinator's rounds have not ended, in parts of a size that fits a frame.
 */

import { type RoundNumber, roundNumber } from './ids.ts';
import type { Live } from './message.ts';

/** How many rounds one LIVE speaks of at most. */
const liveMax = 1_000;

/** All numbers up to `lastNumber`, a range at a time; `numbers`, ascending, are those that live. */
export function liveOf(numbers: readonly RoundNumber[], lastNumber: number): Live[] {
  const parts: Live[] = [];
  let first = 1;
  for (let index = 0; first <= lastNumber; index += liveMax) {
    const rounds = numbers.slice(index, index + liveMax);
    const isLast = index + liveMax >= numbers.length;
    const last = isLast ? lastNumber : (rounds.at(-1) ?? lastNumber);
    parts.push({ type: 'live', first: roundNumber(first), last: roundNumber(last), rounds });
    first = last + 1;
  }
  return parts;
}
