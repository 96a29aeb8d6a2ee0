/**
 * What an operation must be, whoever wrote it: looked at before anything is judged.
 */

import { HistoryError } from './history-error.ts';
import type { HistoryAct, HistoryOperation, HistoryResult } from './operation.ts';

/** Which results an operation may have. */
const resultsOf: Readonly<Record<HistoryAct, readonly HistoryResult[]>> = {
  acquire: ['ok', 'busy', 'timeout', 'failed', 'unknown'],
  try: ['ok', 'busy', 'timeout', 'failed', 'unknown'],
  downgrade: ['ok', 'gone', 'unknown'],
  release: ['ok', 'gone', 'unknown'],
  lost: ['ok', 'unknown'],
  look: ['held', 'gone'],
};

const acts: readonly string[] = Object.keys(resultsOf);

/** @throws {HistoryError} which names the first that is malformed, counted from 1 */
export function requireOperations(
  history: readonly HistoryOperation[],
  act: 'judge' | 'export' = 'judge',
): void {
  for (const [index, operation] of history.entries()) {
    const fault = faultOf(operation);
    if (fault === null) continue;
    throw new HistoryError(`Cannot ${act} history: operation ${index + 1}: ${fault}`);
  }
}

/** What is wrong with something that should be an operation; `null` if nothing is. */
export function faultOf(value: unknown): string | null {
  if (!isRecord(value)) return `must be an object, received ${show(value)}`;
  const { client, hold, op, permits, token } = value;
  if (typeof client !== 'string') return wanted('client', 'text', client);
  if (!isAct(op)) return wanted('op', `one of ${acts.join(', ')}`, op);
  if (hold !== undefined && typeof hold !== 'string') return wanted('hold', 'text', hold);
  if (permits !== undefined && !isCount(permits)) {
    return wanted('permits', 'a whole number from 1', permits);
  }
  // Greater ones are rounded when they are read, so that two of them may come out equal.
  if (token !== undefined && !Number.isSafeInteger(token)) {
    return wanted('token', 'a whole number, at most 2^53 - 1', token);
  }
  return faultOfNames(value) ?? faultOfTimes(value) ?? faultOfResult(value, op);
}

function faultOfNames({ names, mode }: Record<string, unknown>): string | null {
  if (!isMode(mode)) return wanted('mode', 'exclusive or shared', mode);
  const what = 'a list of one name or more, each a text or an object with name and mode';
  if (!Array.isArray(names) || names.length === 0) return wanted('names', what, names);
  if (names.length === 1 && typeof names[0] === 'string') return null;
  const seen = new Set<string>();
  for (const each of names) {
    const name: unknown = isRecord(each) ? each.name : each;
    if (typeof name !== 'string') return wanted('names', what, names);
    if (isRecord(each) && !isMode(each.mode)) {
      return wanted('mode', 'exclusive or shared', each.mode);
    }
    if (seen.has(name)) return wanted('names', 'different from each other', names);
    seen.add(name);
  }
  return null;
}

function faultOfTimes({ call, return: returned }: Record<string, unknown>): string | null {
  if (!isTime(call)) return wanted('call', 'a number', call);
  if (returned === null) return null;
  if (!isTime(returned)) return wanted('return', 'a number, or null', returned);
  return returned < call ? wanted('return', `at least ${call}, the call`, returned) : null;
}

function faultOfResult(
  { result, return: returned, token }: Record<string, unknown>,
  op: HistoryAct,
): string | null {
  const lawful: readonly unknown[] = resultsOf[op];
  if (!lawful.includes(result)) {
    return wanted('result', `one of ${lawful.join(', ')} for ${op}`, result);
  }
  if (returned === null && result !== 'unknown') {
    return wanted('result', 'unknown without a return', result);
  }
  const isGrant = result === 'ok' && (op === 'acquire' || op === 'try');
  return token === undefined || isGrant ? null : wanted('token', 'of a grant only', token);
}

function wanted(field: string, what: string, received: unknown): string {
  return `${field} must be ${what}, received ${show(received)}`;
}

function show(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? 'nothing');
  return text.length <= 60 ? text : `${text.slice(0, 60)}…`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isAct(value: unknown): value is HistoryAct {
  return typeof value === 'string' && acts.includes(value);
}

function isMode(value: unknown): boolean {
  return value === undefined || value === 'exclusive' || value === 'shared';
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1;
}
