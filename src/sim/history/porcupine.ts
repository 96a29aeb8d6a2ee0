/**
 * Histories for Porcupine, as lines of JSON: each reads into its `porcupine.Operation`, with input
 * and output as objects for the model to look into.
 */

import { lanesOf } from './lanes.ts';
import { type HistoryOperation, holdOf, namesOf } from './operation.ts';
import { requireOperations } from './require-operations.ts';

/**
 * Writes a history, a line for each operation:
 *
 * ```json
 * {"ClientId":0,"Input":{"op":"acquire","names":[{"name":"x","mode":"exclusive"}],"hold":1,
 * "permits":1,"client":"a"},"Call":12,"Output":{"result":"ok","token":7},"Return":15}
 * ```
 *
 * `hold` numbers the locks that are held; `token` is `null` where there is none, since 0 may be
 * one. Porcupine knows no operation without a return: those with the result `unknown` return after
 * all others, and a model must let them have happened or not. Times that are no whole numbers are
 * replaced by their ranks.
 *
 * @throws {HistoryError} when an operation is malformed
 */
export function toPorcupine(history: readonly HistoryOperation[]): string {
  requireOperations(history, 'export');
  const lanes = lanesOf(history);
  const timeOf = timesOf(history);
  const holds = new Map<string, number>();
  return history
    .map((operation, index) => {
      const { client, op, permits = 1, result, token = null } = operation;
      const key = holdOf(operation);
      const hold = holds.get(key) ?? holds.size + 1;
      holds.set(key, hold);
      const line = {
        ClientId: lanes[index] ?? 0,
        Input: { op, names: namesOf(operation), hold, permits, client },
        Call: timeOf(operation.call),
        Output: { result, token },
        Return: timeOf(result === 'unknown' ? null : operation.return),
      };
      return `${JSON.stringify(line)}\n`;
    })
    .join('');
}

/** Whole numbers for all times, in the same order; for none, one after all of them. */
function timesOf(history: readonly HistoryOperation[]): (time: number | null) => number {
  const known = new Set<number>();
  for (const { call, return: returned } of history) known.add(call).add(returned ?? call);
  const times = [...known].sort((one, other) => one - other);
  const isWhole = times.every((time) => Number.isSafeInteger(time + 1));
  if (isWhole) {
    const end = (times.at(-1) ?? 0) + 1;
    return (time) => time ?? end;
  }
  const ranks = new Map(times.map((time, rank) => [time, rank]));
  return (time) => (time === null ? times.length : (ranks.get(time) ?? 0));
}
