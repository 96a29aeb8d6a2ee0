/**
 * What comes of judging a history.
 */

import type { HistoryModelName } from './lock-rules.ts';

/** A lock that was held when an operation could not be placed. */
export interface HistoryHolder {
  readonly client: string;
  readonly names: readonly string[];
  /** The operation by which it was granted: its index in the history. */
  readonly operation: number;
}

/** There is an order in which all operations could have happened, one at a time. */
export interface HistoryOk {
  readonly verdict: 'ok';
  readonly model: HistoryModelName;
  /** How many operations there were. */
  readonly operations: number;
}

/** There is none. */
export interface HistoryIllegal {
  readonly verdict: 'illegal';
  readonly model: HistoryModelName;
  readonly operations: number;
  /** The operation that could not be placed: its index in the history. */
  readonly unplaced: number;
  /** Why it could not be. */
  readonly reason: string;
  /** Who held what then. */
  readonly holders: readonly HistoryHolder[];
  /** Operations that have no order even by themselves; indices, in the order of the calls. */
  readonly because: readonly number[];
  /** All of this for people, several lines. */
  readonly message: string;
}

/** Nobody knows. */
export interface HistoryUnknown {
  readonly verdict: 'unknown';
  readonly model: HistoryModelName;
  readonly operations: number;
  /** Why it could not be decided. */
  readonly reason: string;
}

/** What comes of judging a history. */
export type HistoryVerdict = HistoryOk | HistoryIllegal | HistoryUnknown;
