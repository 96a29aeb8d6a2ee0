/**
 * Histories as the checker sees them: each operation that asks anything of an order becomes a move
 * on a lock table, on numbered names and holds.
 */

import { HistoryError } from './history-error.ts';
import { isGranted, type LockRules } from './lock-rules.ts';
import { type HistoryOperation, holdOf, namesOf } from './operation.ts';

/**
 * - `grant`: the hold begins; what it takes must be free.
 * - `end`: it ends; it must be there.
 * - `share`: it is shared from then on; it must be there.
 * - `held`, `gone`: it must be there, or must not.
 * - `refuse`: what was asked for must not be free.
 */
export type MoveKind = 'grant' | 'end' | 'share' | 'held' | 'gone' | 'refuse';

/** So much of a name. */
export interface Want {
  readonly name: number;
  readonly weight: number;
  /** Whether tokens of shared grants count for it, too. */
  readonly isExclusive: boolean;
}

/** What an operation asks of an order. */
export interface Move {
  /** Of its operation in the history. */
  readonly index: number;
  readonly kind: MoveKind;
  /** Which hold, by number. */
  hold: number;
  wants: readonly Want[];
  readonly call: number;
  /** Until when it has happened; infinite for one of which nobody knows. */
  readonly until: number;
  /** `null` where there is none, or it does not matter. */
  readonly token: number | null;
  /** Of a grant that is held: it shares by now what it took. */
  readonly isShared?: true;
}

/** All of a history. */
export interface Moves {
  readonly moves: readonly Move[];
  readonly holdCount: number;
  readonly nameCount: number;
}

/** Whether it must be placed. One that never returned may be left out. */
export function isCertain(move: Move): boolean {
  return move.until !== Number.POSITIVE_INFINITY;
}

/** @throws {HistoryError} when an operation does not fit the model */
export function movesOf(history: readonly HistoryOperation[], rules: LockRules): Moves {
  const names = new Map<string, number>();
  const holds = new Map<string, number>();
  const known = new Map<string, readonly Want[]>();
  const moves: Move[] = [];
  for (const [index, operation] of history.entries()) {
    const kind = kindOf(operation, rules);
    if (kind === null) continue;
    moves.push({
      index,
      kind,
      // Where nobody is in anybody's way, each grant is by itself.
      hold: numberOf(holds, rules.excludes ? holdOf(operation) : String(index)),
      wants: wantsOf({ operation, index, rules, names, known }),
      call: operation.call,
      until: untilOf(operation),
      token: tokenOf(operation, index, rules),
    });
  }
  const kept = withoutIdleGuesses(moves, rules);
  const holdCount = splitHolds(kept, holds.size, rules);
  takeModesOfGrants(kept);
  return { moves: kept, holdCount, nameCount: names.size };
}

function untilOf({ result, return: returned }: HistoryOperation): number {
  return result === 'unknown' ? Number.POSITIVE_INFINITY : (returned ?? Number.POSITIVE_INFINITY);
}

function kindOf({ op, result }: HistoryOperation, rules: LockRules): MoveKind | null {
  if (op === 'acquire' || op === 'try') {
    if (result === 'ok') return 'grant';
    if (result === 'unknown') return rules.excludes ? 'grant' : null;
    return rules.isStrict && rules.excludes && result !== 'failed' ? 'refuse' : null;
  }
  if (!rules.excludes) return null;
  if (op === 'look') return result === 'held' ? 'held' : 'gone';
  if (result === 'gone') return 'gone';
  return op === 'downgrade' ? 'share' : 'end';
}

interface Wanting {
  readonly operation: HistoryOperation;
  readonly index: number;
  readonly rules: LockRules;
  readonly names: Map<string, number>;
  /** Of those that want one name and all of it, as most do. */
  readonly known: Map<string, readonly Want[]>;
}

function wantsOf(wanting: Wanting): readonly Want[] {
  const { mode, names, op, permits } = wanting.operation;
  const [first] = names;
  const isPlain = names.length === 1 && typeof first === 'string' && op !== 'downgrade';
  if (!isPlain || mode === 'shared' || permits !== undefined) return weigh(wanting);
  const wants = wanting.known.get(first) ?? weigh(wanting);
  wanting.known.set(first, wants);
  return wants;
}

function weigh({ operation, index, rules, names }: Wanting): readonly Want[] {
  const { permits = 1 } = operation;
  const isSemaphore = rules.name.startsWith('semaphore');
  const fits = isSemaphore ? permits <= rules.capacity : permits === 1;
  if (!fits) {
    const why = isSemaphore ? 'more than there are' : 'of which only the model semaphore:N knows';
    throw misfit(index, rules, `takes ${permits} permits, ${why}`);
  }
  if (operation.op === 'downgrade' && !rules.shares) throw misfit(index, rules, 'is shared');
  return namesOf(operation).map(({ name, mode }) => {
    const isShared = mode === 'shared';
    if (isShared && !rules.shares) throw misfit(index, rules, 'is shared');
    const weight = isSemaphore ? permits : isShared ? 1 : rules.capacity;
    return { name: numberOf(names, name), weight, isExclusive: !isShared };
  });
}

function tokenOf(operation: HistoryOperation, index: number, rules: LockRules): number | null {
  if (!rules.isFenced || !isGranted(operation)) return null;
  if (operation.token === undefined) throw misfit(index, rules, 'was granted without a token');
  return operation.token;
}

function misfit(index: number, { name }: LockRules, what: string): HistoryError {
  return new HistoryError(`Cannot judge history as ${name}: operation ${index + 1} ${what}`);
}

/**
 * Drops grants of which nobody knows, where nothing else is known of their holds: to leave them out
 * is always possible, and never worse, unless somebody could have been refused for them.
 */
function withoutIdleGuesses(moves: readonly Move[], { isStrict }: LockRules): readonly Move[] {
  if (isStrict || moves.every(isCertain)) return moves;
  const known = new Set<number>();
  for (const move of moves) if (move.kind !== 'grant' || isCertain(move)) known.add(move.hold);
  return moves.filter((move) => known.has(move.hold));
}

/**
 * Numbers holds anew, where one is used again: a grant begins another, where there was one grant
 * and one end before it, and both have returned. Nothing is lost then by keeping them apart. The
 * end may return in the moment in which the grant is called: it has to come first, unless it is of
 * use to a refusal that both are held.
 *
 * @returns how many there are now
 */
function splitHolds(moves: readonly Move[], count: number, { isStrict }: LockRules): number {
  const ofHold: Move[][] = Array.from({ length: count }, () => []);
  for (const move of moves) ofHold[move.hold]?.push(move);
  let next = count;
  for (const own of ofHold) {
    own.sort((one, other) => one.call - other.call);
    let hold = own[0]?.hold ?? 0;
    let [grants, ends] = [0, 0];
    let [until, endUntil] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const move of own) {
      const isPast = until < move.call && endUntil <= move.call;
      if (move.kind === 'grant' && grants === 1 && ends === 1 && isPast) {
        hold = next;
        next += 1;
        [grants, ends] = [0, 0];
      }
      if (move.kind === 'grant') grants += 1;
      if (move.kind === 'end') ends += 1;
      if (move.kind === 'end' && !isStrict) endUntil = Math.max(endUntil, move.until);
      else until = Math.max(until, move.until);
      move.hold = hold;
    }
  }
  return next;
}

/**
 * An end frees what its grant took, whatever mode it was written with: where several grants might
 * be meant, all of every name.
 */
function takeModesOfGrants(moves: readonly Move[]): void {
  const grants = new Map<number, Move | null>();
  for (const move of moves) {
    if (move.kind === 'grant') grants.set(move.hold, grants.has(move.hold) ? null : move);
  }
  for (const move of moves) {
    if (move.kind === 'grant' || move.kind === 'refuse') continue;
    const grant = grants.get(move.hold) ?? null;
    move.wants =
      grant === null ? move.wants.map((want) => ({ ...want, isExclusive: true })) : grant.wants;
  }
}

function numberOf(numbers: Map<string, number>, key: string): number {
  const known = numbers.get(key);
  if (known !== undefined) return known;
  numbers.set(key, numbers.size);
  return numbers.size - 1;
}
