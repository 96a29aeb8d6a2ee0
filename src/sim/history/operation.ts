/**
 * What a history is made of: the operations of clients on locks, each with when it was called, when
 * it returned, and what came of it.
 */

import type { LockMode } from '../../peer/lock.ts';

/**
 * - `acquire` waits for a lock, `try` does not.
 * - `downgrade`: what is held exclusively, on any of its names, is shared from then on.
 * - `release` gives it back.
 * - `lost`: it ended without its holder's doing: its lease ran out, or the holder died.
 * - `look`: its holder asked whether it still has it.
 */
export type HistoryAct = 'acquire' | 'try' | 'downgrade' | 'release' | 'lost' | 'look';

/**
 * - `ok`: it was done; of `acquire` and `try`, granted.
 * - `busy`, `timeout`: not granted, since another had it, or had it for too long.
 * - `failed`: not granted, for whatever other reason; nothing was done.
 * - `held`: a `look` found it held. `gone`: a `look`, `release` or `downgrade` found it over.
 * - `unknown`: no answer, or one that says nothing: it may have been done, at any time since the
 *   call, or may yet be, or never.
 */
export type HistoryResult = 'ok' | 'busy' | 'timeout' | 'failed' | 'held' | 'gone' | 'unknown';

/** A name that is locked, and how. */
export interface HistoryName {
  readonly name: string;
  /** @default the mode of the operation */
  readonly mode?: LockMode;
}

/** One operation of one client. */
export interface HistoryOperation {
  /** Who asks. */
  readonly client: string;
  /** What is asked for. */
  readonly op: HistoryAct;
  /** All names that are locked by it, or were; at least one. */
  readonly names: readonly (string | HistoryName)[];
  /** Of each name that is given without one. @default 'exclusive' */
  readonly mode?: LockMode;
  /** How many permits of a semaphore. @default 1 */
  readonly permits?: number;
  /**
   * Which lock is meant: the same for its acquire, its looks and its end. Needed by clients that
   * have several of the same names at once.
   *
   * @default made of the client and the names
   */
  readonly hold?: string;
  /** When it was called: in any unit, by one clock for all. */
  readonly call: number;
  /**
   * When it returned, by the same clock; `null`: not yet, when the history ended. Two operations of
   * which one returns in the very moment in which the other is called count as concurrent.
   */
  readonly return: number | null;
  /** What came of it; `unknown` where it has not returned. */
  readonly result: HistoryResult;
  /** The fencing token, of what was granted; a whole number, at most 2^53 - 1. */
  readonly token?: number;
}

/** Names, each with its mode. */
export function namesOf({
  names,
  mode = 'exclusive',
}: HistoryOperation): readonly { readonly name: string; readonly mode: LockMode }[] {
  return names.map((each) =>
    typeof each === 'string' ? { name: each, mode } : { name: each.name, mode: each.mode ?? mode },
  );
}

/** Which lock an operation is about. */
export function holdOf({ client, hold, names }: HistoryOperation): string {
  if (hold !== undefined) return `hold ${hold}`;
  const [first] = names;
  if (names.length === 1 && typeof first === 'string') return `of ${client} ${first}`;
  return `of ${client} ${JSON.stringify(names.map(nameIn))}`;
}

function nameIn(each: string | HistoryName): string {
  return typeof each === 'string' ? each : each.name;
}
