/**
 * The sequential lock table that every history is compared with: which moves are possible, given
 * what is held and which tokens were given.
 */

import type { LockRules } from './lock-rules.ts';
import type { Move, MoveKind, Want } from './moves.ts';

/** The greatest tokens of a name, so far. */
export interface TopTokens {
  any: number;
  exclusive: number;
}

/** Why a move is impossible, and because of which others. */
export interface Obstacle {
  readonly reason: 'taken' | 'token' | 'held already' | 'not held' | 'still held' | 'free';
  /** Grants that are in the way. */
  readonly grants: readonly Move[];
}

/** What each possible order has in common. */
export class LockTable {
  readonly rules: LockRules;
  /** Of what every order has granted; by name. */
  readonly #tops: TopTokens[] = [];
  /** The grants that gave them, by name. */
  readonly #topGrants: { any: Move | null; exclusive: Move | null }[] = [];

  constructor(rules: LockRules) {
    this.rules = rules;
  }

  /** Takes in a grant that is part of every order. */
  settle(grant: Move): void {
    if (grant.token === null) return;
    for (const { name, isExclusive } of grant.wants) {
      const top = this.#topOf(name);
      const by = this.#grantsOf(name);
      if (grant.token > top.any) {
        top.any = grant.token;
        by.any = grant;
      }
      if (isExclusive && grant.token > top.exclusive) {
        top.exclusive = grant.token;
        by.exclusive = grant;
      }
    }
  }

  /**
   * What is held once `move` was made, or `null` if it cannot be made now.
   *
   * @param held the grants that are held, by index
   * @param done other moves already made, besides those that are settled
   */
  after(move: Move, held: readonly Move[], done: readonly Move[]): readonly Move[] | null {
    switch (move.kind) {
      case 'grant':
        if (this.#lacks(move, held) || this.#isStale(move, done)) return null;
        return this.rules.excludes ? insert(held, move) : held;
      case 'end':
        return without(held, move.hold);
      case 'share':
        return sharing(held, move.hold);
      case 'held':
        return holds(held, move.hold) ? held : null;
      case 'gone':
        return holds(held, move.hold) ? null : held;
      case 'refuse':
        return this.#isTaken(move, held) ? held : null;
      default:
        return null;
    }
  }

  /** Why `after` says `null`; what it says of a move that can be made means nothing. */
  obstacle(move: Move, held: readonly Move[], done: readonly Move[]): Obstacle {
    const own = held.filter(({ hold }) => hold === move.hold);
    switch (move.kind) {
      case 'grant': {
        if (own.length > 0) return { reason: 'held already', grants: own };
        if (this.#isTaken(move, held)) {
          return { reason: 'taken', grants: held.filter((each) => isInWay(each, move)) };
        }
        return { reason: 'token', grants: this.#greaterTokens(move, done) };
      }
      case 'gone':
        return { reason: 'still held', grants: own };
      case 'refuse':
        return { reason: 'free', grants: held.filter((each) => sharesName(each, move)) };
      default:
        return { reason: 'not held', grants: [] };
    }
  }

  #lacks(grant: Move, held: readonly Move[]): boolean {
    return holds(held, grant.hold) || this.#isTaken(grant, held);
  }

  /** Whether any name has less left than is wanted. */
  #isTaken({ wants }: Move, held: readonly Move[]): boolean {
    for (const want of wants) {
      if (weightOn(want, held) + want.weight > this.rules.capacity) return true;
    }
    return false;
  }

  /** Whether its token is not greater than those before it. */
  #isStale({ wants, token }: Move, done: readonly Move[]): boolean {
    if (token === null) return false;
    for (const { name, isExclusive } of wants) {
      const top = this.#tops[name];
      if (top !== undefined && token <= (isExclusive ? top.any : top.exclusive)) return true;
    }
    return done.some((other) => isTokenInWay(other, { wants, token }));
  }

  #greaterTokens(grant: Move, done: readonly Move[]): readonly Move[] {
    const { wants, token } = grant;
    const found = done.filter((other) => isTokenInWay(other, { wants, token: token ?? 0 }));
    for (const { name, isExclusive } of wants) {
      const by = this.#grantsOf(name);
      const top = isExclusive ? by.any : by.exclusive;
      if (top !== null && (token ?? 0) <= (top.token ?? 0)) found.push(top);
    }
    return found;
  }

  #topOf(name: number): TopTokens {
    const top = this.#tops[name] ?? {
      any: Number.NEGATIVE_INFINITY,
      exclusive: Number.NEGATIVE_INFINITY,
    };
    this.#tops[name] = top;
    return top;
  }

  #grantsOf(name: number): { any: Move | null; exclusive: Move | null } {
    const by = this.#topGrants[name] ?? { any: null, exclusive: null };
    this.#topGrants[name] = by;
    return by;
  }
}

/**
 * Whether a move may be needed before a later one: not where it could as well come right after it,
 * with the same outcome.
 */
export function isNeededBefore(move: Move, later: Move, rules: LockRules): boolean {
  if (move.hold === later.hold) return true;
  const [first, then] = [move.kind, later.kind];
  // What frees may be needed by what takes, and by what is refused the other way round.
  const matters =
    (isFreeing(first) && then === 'grant') ||
    (first === 'grant' && then === 'refuse') ||
    (first === 'refuse' && isFreeing(then)) ||
    (first === 'grant' && then === 'grant' && rules.isFenced);
  return matters && meet(move, later, rules);
}

function isFreeing(kind: MoveKind): boolean {
  return kind === 'end' || kind === 'share';
}

/** Whether two moves want one name, and not only to share it. */
function meet(one: Move, other: Move, { shares }: LockRules): boolean {
  for (const want of one.wants) {
    for (const { name, isExclusive } of other.wants) {
      if (name === want.name && (!shares || isExclusive || want.isExclusive)) return true;
    }
  }
  return false;
}

function isTokenInWay(
  other: Move,
  { wants, token }: { readonly wants: readonly Want[]; readonly token: number },
): boolean {
  if (other.kind !== 'grant' || other.token === null || other.token < token) return false;
  return wants.some((want) =>
    other.wants.some(({ name, isExclusive }) => {
      return name === want.name && (isExclusive || want.isExclusive);
    }),
  );
}

function weightOn({ name }: Want, held: readonly Move[]): number {
  let weight = 0;
  for (const { wants } of held) {
    for (const each of wants) if (each.name === name) weight += each.weight;
  }
  return weight;
}

function holds(held: readonly Move[], hold: number): boolean {
  for (const each of held) if (each.hold === hold) return true;
  return false;
}

function isInWay(held: Move, grant: Move): boolean {
  return held.wants.some((each) =>
    grant.wants.some(({ name, isExclusive }) => {
      return name === each.name && (isExclusive || each.isExclusive);
    }),
  );
}

function sharesName(one: Move, other: Move): boolean {
  return one.wants.some(({ name }) => other.wants.some((want) => want.name === name));
}

/** In the order of the history, so that equal sets are equal lists. */
function insert(held: readonly Move[], grant: Move): readonly Move[] {
  if (held.length === 0) return [grant];
  const at = held.findIndex(({ index }) => index > grant.index);
  return at < 0 ? [...held, grant] : held.toSpliced(at, 0, grant);
}

function without(held: readonly Move[], hold: number): readonly Move[] | null {
  const at = held.findIndex((each) => each.hold === hold);
  if (at < 0) return null;
  return held.length === 1 ? none : held.toSpliced(at, 1);
}

/** The same, but that one of them leaves room for those who share with it. */
function sharing(held: readonly Move[], hold: number): readonly Move[] | null {
  const at = held.findIndex((each) => each.hold === hold);
  const grant = held[at];
  if (grant === undefined) return null;
  if (grant.wants.every(({ isExclusive }) => !isExclusive)) return held;
  const wants = grant.wants.map(({ name }) => ({ name, weight: 1, isExclusive: false }));
  return held.with(at, { ...grant, wants, isShared: true });
}

const none: readonly Move[] = Object.freeze([]);
