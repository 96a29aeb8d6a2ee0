/**
 * Which process of another checker's history an operation belongs to: there, a process does one
 * thing at a time, is the one that holds what it acquired, and does nothing more once an operation
 * of it got no answer.
 */

import { type HistoryOperation, holdOf } from './operation.ts';

interface Lane {
  readonly number: number;
  /** From when on another hold may have it. */
  freeAt: number;
  /** When its latest operation returned. */
  idleAt: number;
}

/** A number from 0 for each operation. */
export function lanesOf(history: readonly HistoryOperation[]): readonly number[] {
  const ends = endsOf(history);
  const lanes: Lane[] = [];
  const ofHold = new Map<string, Lane>();
  const numbers = history.map(() => 0);
  const byCall = [...history.entries()].sort(([, one], [, other]) => one.call - other.call);
  for (const [index, operation] of byCall) {
    const hold = holdOf(operation);
    const own = ofHold.get(hold);
    const lane =
      own !== undefined && own.idleAt < operation.call
        ? own
        : laneFor(lanes, operation.call, ends.get(hold) ?? Number.POSITIVE_INFINITY);
    if (own === undefined) ofHold.set(hold, lane);
    lane.idleAt = returnOf(operation);
    numbers[index] = lane.number;
  }
  return numbers;
}

/** One that is free, or a new one. */
function laneFor(lanes: Lane[], call: number, freeAt: number): Lane {
  const free = lanes.find((lane) => lane.freeAt < call && lane.idleAt < call);
  if (free !== undefined) {
    free.freeAt = freeAt;
    return free;
  }
  const lane = { number: lanes.length, freeAt, idleAt: Number.NEGATIVE_INFINITY };
  lanes.push(lane);
  return lane;
}

/** When the last operation of each hold returns; never, where it does not end. */
function endsOf(history: readonly HistoryOperation[]): ReadonlyMap<string, number> {
  const ends = new Map<string, number>();
  const held = new Map<string, number>();
  for (const operation of history) {
    const hold = holdOf(operation);
    const { op, result } = operation;
    ends.set(hold, Math.max(ends.get(hold) ?? Number.NEGATIVE_INFINITY, returnOf(operation)));
    const isGrant = (op === 'acquire' || op === 'try') && result === 'ok';
    const isEnd = (op === 'release' || op === 'lost') && result === 'ok';
    held.set(hold, (held.get(hold) ?? 0) + Number(isGrant) - Number(isEnd));
  }
  for (const [hold, count] of held) if (count > 0) ends.set(hold, Number.POSITIVE_INFINITY);
  return ends;
}

/** When it returned; never, where there was no answer. */
export function returnOf({ result, return: returned }: HistoryOperation): number {
  return result === 'unknown' ? Number.POSITIVE_INFINITY : (returned ?? Number.POSITIVE_INFINITY);
}
