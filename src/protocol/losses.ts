/**
 * When which committed rounds may be lost (rule 6.6), without a look at each of them: what has been
 * held for a while hangs on the same few sessions as all else that has, and is lost with them.
 *
 *     granted: recent ──still held at a look──▶ with its like ──▶ suspect, when that limit has come
 *                 ▲                                  │
 *                 └───────── voted for again ────────┘
 *
 * What comes and goes between two looks is not touched, and costs nothing here.
 */

import { Deadlines } from './deadlines.ts';
import type { Group } from './groups.ts';
import { type LeaseTimeMs, leaseTimeMs, type RoundNumber, roundNumber, timeMs } from './ids.ts';
import { type CastVote, isCommitted, isUnconditional, type Round } from './round.ts';
import { Table } from './table.ts';

/** Rounds of the same groups whose effective votes are of the same sessions. */
interface Like {
  readonly key: string;
  /** The first of them, as it was when it came, but with no bound to its hold. */
  readonly sample: Round;
  /** How many they are. */
  size: number;
}

/** What a coordinator knows of its rounds. */
export interface LossSources {
  /** Those with greater numbers, the greatest first. */
  readonly roundsAfter: (number: RoundNumber) => Iterable<Round>;
  readonly validUntil: (round: Round) => LeaseTimeMs;
}

/** How many bounds of rounds that have ended may lie about. */
const staleBoundsMax = 1_000;

export class Losses {
  readonly #sources: LossSources;
  readonly #likes = new Map<string, Like>();
  /** The one that was joined last: most often the next round joins it, too. */
  #joined: Like | undefined;
  readonly #likeOf = new Table<RoundNumber, Like>();
  /** When the longest hold of a round ends; here that is a moment of the lease clock. */
  readonly #bounds = new Deadlines<Round>();
  readonly #bounded = new Table<RoundNumber, Round>();
  /** Rounds up to this one are with their like, in `#recent`, or have ended. */
  #looked: RoundNumber = roundNumber(0);
  /** Rounds to be looked at the next time, some of which may have ended by then. */
  #recent: Round[] = [];

  constructor(sources: LossSources) {
    this.#sources = sources;
  }

  /** The committed rounds that may be lost by now, and those not looked at before, as asked for. */
  suspects(now: LeaseTimeMs): readonly Round[] {
    let newest = this.#looked;
    for (const round of this.#sources.roundsAfter(this.#looked)) {
      if (round.number > newest) newest = round.number;
      this.#recent.push(round);
    }
    this.#looked = newest;
    const isDue = ({ sample }: Like): boolean => this.#sources.validUntil(sample) <= now;
    if ([...this.#likes.values()].some(isDue)) this.#reconsiderAll(isDue);
    const suspects = this.#recent.filter(isCommitted);
    for (let due = this.#bounds.takeDue(timeMs(now)); due !== undefined; ) {
      const { item: round } = due;
      if (this.#bounded.delete(round.number) !== undefined && this.#likeOf.has(round.number)) {
        suspects.push(round);
      }
      due = this.#bounds.takeDue(timeMs(now));
    }
    return suspects.sort((one, other) => one.number - other.number);
  }

  /** Puts those that are still held with their like, and returns when one may be lost next. */
  settle(): LeaseTimeMs {
    const recent = this.#recent;
    this.#recent = [];
    for (const round of recent) {
      if (isCommitted(round)) this.#join(round);
      else if (round.phase.state === 'undecided') this.#recent.push(round);
    }
    if (this.#bounds.size > 2 * this.#bounded.size + staleBoundsMax) {
      this.#bounds.keep(({ number }) => this.#bounded.has(number));
    }
    let at: number = this.#bounds.nextAt(({ number }) => this.#bounded.has(number));
    for (const { sample } of this.#likes.values()) {
      at = Math.min(at, this.#sources.validUntil(sample));
    }
    return leaseTimeMs(at);
  }

  /** A vote for it is another than before: it is no longer like the others. */
  reconsider(round: Round): void {
    if (this.#leave(round)) this.#recent.push(round);
  }

  /** It has ended. */
  remove(round: Round): void {
    this.#leave(round);
    if (this.#bounded.size > 0) this.#bounded.delete(round.number);
  }

  #reconsiderAll(isDue: (like: Like) => boolean): void {
    const due = new Set([...this.#likes.values()].filter(isDue));
    for (const round of this.#sources.roundsAfter(roundNumber(0))) {
      const like = this.#likeOf.get(round.number);
      if (like !== undefined && due.has(like)) this.reconsider(round);
    }
  }

  #join(round: Round): void {
    const like = this.#likeFor(round);
    like.size += 1;
    this.#likeOf.set(round.number, like);
    const { phase } = round;
    if (phase.state !== 'held' || phase.maxHoldUntil === Number.POSITIVE_INFINITY) return;
    if (this.#bounded.has(round.number)) return;
    this.#bounded.set(round.number, round);
    this.#bounds.add(timeMs(phase.maxHoldUntil), round);
  }

  #likeFor(round: Round): Like {
    if (this.#joined !== undefined && isLike(round, this.#joined.sample)) return this.#joined;
    const key = keyOf(round);
    this.#joined = this.#likes.get(key) ?? { key, sample: sampleOf(round), size: 0 };
    this.#likes.set(key, this.#joined);
    return this.#joined;
  }

  /** @returns whether it was with its like */
  #leave({ number }: Round): boolean {
    if (this.#likeOf.size === 0) return false;
    const like = this.#likeOf.delete(number);
    if (like === undefined) return false;
    like.size -= 1;
    if (like.size > 0) return true;
    this.#likes.delete(like.key);
    this.#joined = undefined;
    return true;
  }
}

/** Whether both are of the same groups, and their effective votes of the same sessions. */
function isLike({ ballots, electorate }: Round, other: Round): boolean {
  if (ballots.length !== other.ballots.length) return false;
  if (!areSame(electorate.groups, other.electorate.groups)) return false;
  for (let seat = 0; seat < ballots.length; seat++) {
    const one = effectiveAt(ballots, seat);
    const same = effectiveAt(other.ballots, seat);
    if (one?.session !== same?.session || one?.incarnation !== same?.incarnation) return false;
  }
  return true;
}

function areSame(some: readonly Group[], others: readonly Group[]): boolean {
  if (some === others) return true;
  return some.length === others.length && some.every(({ mask }, at) => mask === others[at]?.mask);
}

function effectiveAt(ballots: Round['ballots'], seat: number): CastVote | undefined {
  const vote = ballots[seat]?.vote ?? undefined;
  return vote !== undefined && isUnconditional(vote) ? vote : undefined;
}

/** Names its groups, and the sessions of its effective votes. */
function keyOf({ ballots, electorate }: Round): string {
  let key = `${electorate.groups.map(({ mask }) => mask).join('+')} `;
  for (let seat = 0; seat < ballots.length; seat++) {
    const vote = effectiveAt(ballots, seat);
    if (vote !== undefined) key += `${seat}:${vote.incarnation}:${vote.session} `;
  }
  return key;
}

function sampleOf(round: Round): Round {
  const maxHoldUntil = leaseTimeMs(Number.POSITIVE_INFINITY);
  return { ...round, ballots: round.ballots.slice(), phase: { state: 'held', maxHoldUntil } };
}
