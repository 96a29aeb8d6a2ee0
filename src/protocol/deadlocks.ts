/**
 * Finds out whether claims of this peer wait in a circle (docs/protocol.md, section 9): by edge
 * chasing, after Chandy, Misra and Haas, "Distributed deadlock detection", 1983, section 3.1, where
 * each caller waits for all that it waits for.
 *
 *     PROBE ──▶ a voter: behind whom? ──CHASE──▶ their owners: what do those who hold it wait for?
 *       ▲                                            │
 *       └──────── by a claim older than the first ───┴──▶ back at the first: once more around
 */

import { Deadlines } from './deadlines.ts';
import {
  type ClaimId,
  later,
  type PeerId,
  partsOf,
  type RoundId,
  type RoundNumber,
  roundId,
  type Stamp,
  type TimeMs,
} from './ids.ts';
import type { NodeOptions } from './options.ts';
import type { Chase, Hop, Probe, Pursuit } from './pursuit.ts';
import { type Ballot, isDropped, type Round } from './round.ts';
import { Table } from './table.ts';

/** The longest circle that is found, in claims. */
export const hopsMax = 32;

/** The most names of a lock that an error tells. */
export const hopNamesMax = 4;

/** From how many claims of one caller an attempt goes on: of more, from others at the next. */
const onwardsMax = 16;

/** How many probes of others are remembered to have been passed on. */
const passedMax = 1_000;

/** How many moments of rounds that wait no more may lie about. */
const staleDueMax = 1_000;

/** Of the round that began. */
type Parts = ReturnType<typeof partsOf>;

export interface DeadlocksSetup {
  readonly options: Pick<NodeOptions, 'deadlockProbeMs' | 'id' | 'incarnation' | 'voters'>;
  readonly byNumber: (round: RoundNumber) => Round | undefined;
  readonly byClaim: (claim: ClaimId) => Round | undefined;
  readonly post: (to: PeerId, message: Probe) => void;
}

/** A claim that waits in a circle, and the way around, which ends at it. */
export interface Deadlock {
  readonly round: Round;
  readonly cycle: readonly Hop[];
}

export class Deadlocks {
  readonly #setup: DeadlocksSetup;
  /** The rounds that wait, by what their callers hold meanwhile. */
  readonly #byHeld = new Table<ClaimId, Round[]>();
  readonly #due = new Deadlines<Round>();
  /** Up to which attempt a probe has been passed on from a round. */
  readonly #passed = new Table<string, number>();

  constructor(setup: DeadlocksSetup) {
    this.#setup = setup;
  }

  /** When the next probe is due; Infinity when none is. */
  nextDueAt(): TimeMs {
    return this.#due.nextAt(isWaiting);
  }

  /** Of what a caller holds that which is held still: nothing comes to be held again. */
  heldOf(holding: readonly ClaimId[] | undefined): readonly ClaimId[] {
    if (holding === undefined || holding.length === 0) return noClaims;
    return [...new Set(holding)].filter((claim) => this.#isHeld(claim));
  }

  /** A round waits whose caller holds something meanwhile. */
  add(round: Round): void {
    for (const claim of round.holding) {
      const others = this.#byHeld.get(claim);
      if (others === undefined) this.#byHeld.set(claim, [round]);
      else others.push(round);
    }
    if (round.probeAt !== Number.POSITIVE_INFINITY) this.#due.add(round.probeAt, round);
  }

  /** It waits no more. */
  remove(round: Round): void {
    for (const claim of round.holding) {
      const left = this.#byHeld.get(claim)?.filter((other) => other !== round) ?? [];
      if (left.length === 0) this.#byHeld.delete(claim);
      else this.#byHeld.set(claim, left);
    }
    if (this.#due.size > 2 * this.#byHeld.size + staleDueMax) this.#due.keep(isWaiting);
  }

  /** Rule 9.1. */
  advance(now: TimeMs): void {
    for (let due = this.#due.takeDue(now); due !== undefined; due = this.#due.takeDue(now)) {
      const { item: round } = due;
      if (!isWaiting(round)) continue;
      round.probeAt = later(now, this.#setup.options.deadlockProbeMs);
      this.#due.add(round.probeAt, round);
      if (!round.begun || !round.holding.some((claim) => this.#isHeld(claim))) continue;
      const { ticket, probes: attempt } = round;
      round.probes += 1;
      this.#ask(round, { origin: this.#idOf(round), ticket, attempt, path: [], passed: 0 });
    }
  }

  /**
   * A voter has found that another waits for this round of ours (rules 9.3 and 9.4).
   *
   * @returns what is to fail
   */
  onChase(voter: PeerId, chase: Chase): Deadlock | undefined {
    const target = this.#setup.byNumber(chase.round);
    if (target === undefined) return undefined;
    // What that voter found may be over: it has not heard yet that this is shared now (rule 8.9).
    if (!chase.isShared && isShared(target)) return undefined;
    if (chase.passed < chase.path.length) return this.#confirm(target, chase);
    for (const waiting of this.#onwards(target, chase)) {
      this.#goOn(waiting, chase, this.#hop(voter, target, waiting));
    }
    return undefined;
  }

  /** The one that began, if it is among them, and some that are older: others at each attempt. */
  #onwards(target: Round, { origin, ticket, attempt }: Chase): readonly Round[] {
    const first = partsOf(origin);
    const back: Round[] = [];
    const older: Round[] = [];
    for (const waiting of this.#behind(target)) {
      if (this.#isFirst(waiting, first)) back.push(waiting);
      else if (this.#isOlder(waiting, first, ticket)) older.push(waiting);
    }
    if (older.length <= onwardsMax) return [...back, ...older];
    const from = (attempt * onwardsMax) % older.length;
    const some = older.slice(from, from + onwardsMax);
    return [...back, ...some, ...older.slice(0, onwardsMax - some.length)];
  }

  snapshot(): readonly (readonly [string, number])[] {
    return [...this.#passed.keys()].map((key) => [key, this.#passed.get(key) ?? 0]);
  }

  restore(passed: readonly (readonly [string, number])[]): void {
    for (const [key, attempt] of passed) this.#passed.set(key, attempt);
  }

  /** Rule 9.3: on from a claim that is older than the first; or around once more from that. */
  #goOn(waiting: Round, chase: Chase, next: Hop): void {
    const { origin, ticket, attempt } = chase;
    const path = [...chase.path, next];
    if (path.length > hopsMax || this.#hasPassed(waiting, chase)) return;
    const pursuit = { origin, ticket, attempt, path };
    const [first] = path;
    const isBack = this.#isFirst(waiting, partsOf(origin));
    if (!isBack) this.#ask(waiting, { ...pursuit, passed: path.length });
    else if (first !== undefined) this.#say(first.voter, waiting, { ...pursuit, passed: 0 });
  }

  /** Rule 9.4: the same way once more. */
  #confirm(target: Round, { origin, ticket, attempt, path, passed }: Chase): Deadlock | undefined {
    const waiting = this.#behind(target).find(({ number }) => number === path[passed]?.round);
    if (waiting === undefined) return undefined;
    const next = path[passed + 1];
    if (next === undefined) return { round: waiting, cycle: path };
    this.#say(next.voter, waiting, { origin, ticket, attempt, path, passed: passed + 1 });
    return undefined;
  }

  /** The claims that keep a round from its end: those that its holder waits for, or itself. */
  #behind(target: Round): readonly Round[] {
    if (target.phase.state === 'held') {
      return (this.#byHeld.get(target.claim) ?? nobody).filter(({ begun }) => begun);
    }
    // On the names of one group, its voters have looked behind it themselves.
    return isWaiting(target) && target.electorate.groups.length > 1 ? [target] : nobody;
  }

  #isFirst({ number }: Round, first: Parts): boolean {
    const { id, incarnation } = this.#setup.options;
    return number === first.number && id === first.peer && incarnation === first.incarnation;
  }

  /** Of one that steals, too, the age alone counts: no two disagree on who is the youngest. */
  #isOlder({ ticket, number }: Round, first: Parts, than: Stamp): boolean {
    const { id } = this.#setup.options;
    if (ticket !== than) return ticket < than;
    return id === first.peer ? number < first.number : id < first.peer;
  }

  /** Notes that a probe goes on from a round. @returns whether it has before, or a newer one has */
  #hasPassed(waiting: Round, { origin, attempt }: Chase): boolean {
    const key = `${origin} ${waiting.number}`;
    if ((this.#passed.get(key) ?? -1) >= attempt) return true;
    this.#passed.delete(key);
    this.#passed.set(key, attempt);
    const oldest = this.#passed.size > passedMax ? this.#passed.firstKey() : undefined;
    if (oldest !== undefined) this.#passed.delete(oldest);
    return false;
  }

  /** One voter in each of its groups, and one more at each attempt: few know all (rule 9.1). */
  #ask(round: Round, pursuit: Pursuit): void {
    const voters = round.electorate.groups.flatMap((group) => {
      const known = group.seats.filter((seat) => isKept(round.ballots[seat]));
      const ids = known.flatMap((seat) => this.#setup.options.voters[seat] ?? []);
      const ordered = ids.toSorted((one, other) => this.#farness(one) - this.#farness(other));
      return ordered.slice(0, pursuit.attempt + 1);
    });
    for (const voter of new Set(voters)) this.#say(voter, round, pursuit);
  }

  /** To ask itself takes no message. */
  #farness(voter: PeerId): number {
    return voter === this.#setup.options.id ? 0 : 1;
  }

  #say(voter: PeerId, { number }: Round, pursuit: Pursuit): void {
    this.#setup.post(voter, { type: 'probe', round: number, ...pursuit });
  }

  #hop(voter: PeerId, target: Round, waiting: Round): Hop {
    const { id: peer, incarnation } = this.#setup.options;
    const holds = target === waiting ? [] : namesOf(target);
    const rounds = { round: waiting.number, via: target.number };
    return { peer, incarnation, ...rounds, voter, holds, wants: namesOf(waiting) };
  }

  #isHeld(claim: ClaimId): boolean {
    return this.#setup.byClaim(claim)?.phase.state === 'held';
  }

  #idOf({ number }: Round): RoundId {
    const { id, incarnation } = this.#setup.options;
    return roundId(id, incarnation, number);
  }
}

const noClaims: readonly ClaimId[] = Object.freeze([]);

const nobody: readonly Round[] = Object.freeze([]);

function isWaiting({ phase }: Round): boolean {
  return phase.state === 'undecided';
}

function isShared({ resources }: Round): boolean {
  return resources.every(({ mode }) => mode === 'shared');
}

function isKept(ballot: Ballot | undefined): boolean {
  return ballot?.current === true && !isDropped(ballot);
}

function namesOf({ resources }: Round): readonly string[] {
  return resources.slice(0, hopNamesMax).map(({ name }) => name);
}
