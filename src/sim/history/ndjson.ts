/**
 * Histories as text: one operation to a line, as JSON.
 */

import { HistoryError } from './history-error.ts';
import type { HistoryOperation } from './operation.ts';
import { faultOf } from './require-operations.ts';

/**
 * Reads a history: a line for each operation, each a JSON object with the fields of
 * {@link HistoryOperation}. Empty lines and a byte order mark are left out, and fields that it does
 * not know are let be.
 *
 * @throws {HistoryError} which names the first line that is malformed, counted from 1, and what it
 * must be
 */
export function parseHistory(text: string): HistoryOperation[] {
  const history: HistoryOperation[] = [];
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    if (line.trim() === '') continue;
    const value = parseLine(line, index + 1);
    if (!isOperation(value)) {
      throw new HistoryError(`Cannot read history: line ${index + 1}: ${faultOf(value)}`);
    }
    history.push(value);
  }
  return history;
}

/** Writes a history, as {@link parseHistory} reads it. */
export function formatHistory(history: readonly HistoryOperation[]): string {
  return history.map((operation) => `${JSON.stringify(operation)}\n`).join('');
}

function parseLine(line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch {
    const start = line.length <= 60 ? line : `${line.slice(0, 60)}…`;
    throw new HistoryError(
      `Cannot read history: line ${number} must be a JSON object, received ${start}`,
    );
  }
}

function isOperation(value: unknown): value is HistoryOperation {
  return faultOf(value) === null;
}
