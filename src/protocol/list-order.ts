/**
 * The order of a voter's list (docs/protocol.md, section 4): first the ranked, in the order in
 * which they came to be so, then all others by priority.
 */

import { isBefore, type Priority } from './claim.ts';
import type { Generation, Incarnation, RoundNumber } from './ids.ts';

/** What stands in queues. */
export interface Standing extends Priority {
  readonly incarnation: Incarnation;
  readonly round: RoundNumber;
  readonly generation: Generation;
}

/** Whether it has a vote, or is held by those of others: nobody passes it any more. */
export function isRanked({ generation }: Standing): boolean {
  return generation > 0;
}

/**
 * Whether `one` stands ahead of `other`: the ranked do so in the order of their generations, before
 * all others, which stand by priority.
 */
export function isAhead(one: Standing, other: Standing): boolean {
  if (one.generation !== other.generation) {
    return isRanked(one) && (!isRanked(other) || one.generation < other.generation);
  }
  if (isBefore(one, other)) return true;
  if (isBefore(other, one)) return false;
  // Rounds of two incarnations of one peer may have one ticket.
  if (one.incarnation !== other.incarnation) return one.incarnation < other.incarnation;
  return one.round < other.round;
}

/** For sorting: as the list does. */
export function inListOrder(one: Standing, other: Standing): number {
  return isAhead(one, other) ? -1 : Number(one !== other);
}
