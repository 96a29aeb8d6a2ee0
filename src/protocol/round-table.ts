/**
 * A coordinator's rounds and the ways to find them: by claim, by name in the order asked, by the
 * rounds that their votes wait for, by when their waiting ends. No rule is decided here.
 */

import { Deadlines, type Due } from './deadlines.ts';
import type { Groups } from './groups.ts';
import {
  type ClaimId,
  type LeaseTimeMs,
  later,
  leaseTimeMs,
  type PeerId,
  type RoundId,
  type RoundNumber,
  roundNumber,
  type Stamp,
  type TimeMs,
  timeMs,
} from './ids.ts';
import { Lingering } from './lingering.ts';
import type { NodeOptions } from './options.ts';
import {
  type Ballot,
  type CastVote,
  noRounds,
  type Round,
  seated,
  shifted,
  waitsFor,
  withoutPending,
} from './round.ts';
import { RoundsByName } from './rounds-by-name.ts';
import { Table } from './table.ts';

/** Plain data: moments are relative to the time of the snapshot. */
export interface RoundTableSnapshot {
  readonly rounds: readonly (Omit<Round, 'ballots' | 'electorate'> & {
    readonly ballots: readonly (readonly [PeerId, Ballot])[];
  })[];
  readonly endings: readonly (readonly [RoundId, Stamp | null])[];
  readonly lastNumber: number;
}

/** How many deadlines of rounds that have ended may lie about. */
const staleDueMax = 1_000;

export class RoundTable {
  readonly #endingsMax: number;
  readonly #voters: readonly PeerId[];
  readonly #groups: Groups;
  /** In the order asked. */
  readonly #rounds = new Table<RoundNumber, Round>();
  readonly #byClaim = new Table<ClaimId, Round>();
  readonly byName: RoundsByName = new RoundsByName();
  /** The rounds with a vote that waits for this one to end. */
  readonly #awaiting = new Table<RoundId, Round[]>();
  /** Rounds known to have ended, with the token if held, the longest known first (rule 5.2). */
  readonly #endings = new Table<RoundId, Stamp | null>();
  readonly #due = new Deadlines<Round>();
  readonly #lingering = new Lingering();
  #lastNumber = 0;

  constructor(options: NodeOptions, groups: Groups) {
    this.#groups = groups;
    this.#endingsMax = options.limits.endingsMax;
    this.#voters = options.voters;
  }

  /** When some round's waiting, or lingering, may end; Infinity when none will. */
  nextDueAt(): TimeMs {
    const waitsUntil = this.#due.nextAt((round) => this.#waits(round));
    return timeMs(Math.min(waitsUntil, this.#lingering.nextDueAt()));
  }

  /** How many rounds live, are waited for, and are remembered to have ended. */
  get sizes(): { readonly rounds: number; readonly endings: number; readonly awaiting: number } {
    const { size: rounds } = this.#rounds;
    return { rounds, endings: this.#endings.size, awaiting: this.#awaiting.size };
  }

  /** In the order asked. */
  rounds(): IterableIterator<Round> {
    return this.#rounds.values();
  }

  /** Those with greater numbers, the last asked first. Nothing may be taken out meanwhile. */
  *roundsAfter(number: RoundNumber): IterableIterator<Round> {
    for (const round of this.#rounds.valuesFromLast()) {
      if (round.number <= number) return;
      yield round;
    }
  }

  byNumber(number: RoundNumber): Round | undefined {
    return this.#rounds.get(number);
  }

  byClaim(claim: ClaimId): Round | undefined {
    return this.#byClaim.get(claim);
  }

  lingering(): readonly Round[] {
    return [...this.#lingering.values()];
  }

  oldestLingering(): Round | undefined {
    return this.#lingering.first();
  }

  nextOver(now: TimeMs): Round | undefined {
    return this.#lingering.nextOver(now);
  }

  /** The claim is over, its round stays. */
  linger(round: Round): void {
    this.#byClaim.delete(round.claim);
    this.#lingering.add(round);
    this.byName.linger(round);
  }

  /** A round that lingers, or was held until now, goes to another claim. */
  resume(round: Round, claim: ClaimId): void {
    this.#lingering.take(round);
    this.byName.resume(round);
    this.#byClaim.delete(round.claim);
    round.claim = claim;
    this.#byClaim.set(claim, round);
  }

  nextNumber(): RoundNumber {
    this.#lastNumber += 1;
    return roundNumber(this.#lastNumber);
  }

  add(round: Round): void {
    this.#rounds.set(round.number, round);
    if (round.phase.state === 'lingering') this.linger(round);
    else this.#byClaim.set(round.claim, round);
    this.byName.add(round);
    if (round.phase.state !== 'undecided') return;
    if (round.waitUntil !== Number.POSITIVE_INFINITY) this.#due.add(round.waitUntil, round);
  }

  /** @returns whether other rounds of this peer are on one of its names */
  remove(round: Round): boolean {
    this.#rounds.delete(round.number);
    if (round.phase.state !== 'lingering') this.#byClaim.delete(round.claim);
    this.#lingering.remove(round);
    const hasOthers = this.byName.remove(round);
    if (this.#awaiting.size > 0) {
      for (const ballot of round.ballots) this.#unawaitAll(round, ballot?.vote ?? null);
    }
    this.#dropStaleDues();
    return hasOthers;
  }

  #dropStaleDues(): void {
    if (this.#due.size > 2 * this.#rounds.size + staleDueMax) {
      this.#due.keep((due) => this.#waits(due));
    }
  }

  /** Takes out a round whose waiting may have ended, with the moment for which that was set. */
  takeDue(now: TimeMs): Due<Round> | undefined {
    for (;;) {
      const due = this.#due.takeDue(now);
      if (due === undefined || this.#waits(due.item)) return due;
    }
  }

  /** Has a round looked at again. */
  putOff(round: Round, until: TimeMs): void {
    this.#due.add(until, round);
  }

  /** Replaces what a voter has said. */
  setBallot(round: Round, seat: number, ballot: Ballot): void {
    const before = round.ballots[seat]?.vote ?? null;
    round.ballots[seat] = ballot;
    if (ballot.vote === before) return;
    this.#await(round, ballot.vote);
    for (const id of before?.pending ?? noRounds) {
      if (!waitsFor(round, id)) this.#unawait(round, id);
    }
  }

  /** The rounds in `after` that are known to have ended no longer hold a vote back. */
  settled(vote: CastVote): CastVote {
    let settled = vote;
    for (const id of vote.pending) {
      const token = this.#endings.get(id);
      if (token !== undefined) settled = withoutPending(settled, id, token);
    }
    return settled;
  }

  /** Those with a vote that waits for this one to end. */
  awaiting(id: RoundId): readonly Round[] {
    return this.#awaiting.get(id) ?? nothing;
  }

  /** Remembers that a round has ended, and returns those with a vote that waited for it. */
  end(id: RoundId, token: Stamp | null): readonly Round[] {
    this.#endings.set(id, token);
    if (this.#endings.size > this.#endingsMax) {
      const oldest = this.#endings.firstKey();
      if (oldest !== undefined) this.#endings.delete(oldest);
    }
    const waiting = this.#awaiting.delete(id);
    if (waiting === undefined) return nothing;
    for (const round of waiting) {
      for (const [seat, ballot] of round.ballots.entries()) {
        if (!ballot?.vote?.pending.includes(id)) continue;
        const { answer, current, yielded, ahead, holders } = ballot;
        const vote = withoutPending(ballot.vote, id, token);
        round.ballots[seat] = { answer, current, vote, yielded, ahead, holders };
      }
    }
    return waiting;
  }

  /** Those that the voter at this seat decides on, in the order asked. */
  roundsAt(seat: number): Round[] {
    return [...this.#rounds.values()].filter(({ electorate }) => electorate.seats.includes(seat));
  }

  /** Whether or not it has ended; 0 before the first. */
  get lastNumber(): number {
    return this.#lastNumber;
  }

  snapshot(now: TimeMs, lease: LeaseTimeMs): RoundTableSnapshot {
    const rounds = [...this.#rounds.values()].map((round) => ({
      ...{ number: round.number, claim: round.claim },
      resources: round.resources,
      begun: round.begun,
      ticket: round.ticket,
      patience: round.patience,
      ...{ holding: round.holding, probes: round.probes, probeAt: timeMs(round.probeAt - now) },
      alternatives: round.alternatives,
      maxHoldMs: round.maxHoldMs,
      waitUntil: timeMs(round.waitUntil - now),
      ...{ token: round.token, span: round.span, given: round.given },
      ...{ lingerMs: round.lingerMs, value: round.value },
      contended: round.contended,
      heed: round.heed,
      ballots: seated(this.#voters, round.ballots),
      watchers: round.watchers,
      phase: shifted(round.phase, timeMs(-now), leaseTimeMs(-lease)),
    }));
    return { rounds, endings: [...this.#endings], lastNumber: this.#lastNumber };
  }

  /** Fills an empty table. */
  restore(snapshot: RoundTableSnapshot, now: TimeMs, lease: LeaseTimeMs): void {
    for (const saved of snapshot.rounds) {
      const round: Round = {
        ...saved,
        electorate: this.#groups.electorateOf(saved.resources),
        ...{ waitUntil: later(now, saved.waitUntil), probeAt: later(now, saved.probeAt) },
        phase: shifted(saved.phase, now, lease),
        ballots: [],
      };
      for (const [voter, ballot] of saved.ballots) {
        round.ballots[this.#voters.indexOf(voter)] = ballot;
        this.#await(round, ballot.vote);
      }
      this.add(round);
    }
    for (const [id, token] of snapshot.endings) this.#endings.set(id, token);
    this.#lastNumber = snapshot.lastNumber;
  }

  #waits(round: Round): boolean {
    return round.phase.state === 'undecided';
  }

  #await(round: Round, vote: CastVote | null): void {
    for (const id of vote?.pending ?? noRounds) {
      const waiting = this.#awaiting.get(id);
      if (waiting === undefined) this.#awaiting.set(id, [round]);
      else if (!waiting.includes(round)) waiting.push(round);
    }
  }

  #unawaitAll(round: Round, vote: CastVote | null): void {
    for (const id of vote?.pending ?? noRounds) this.#unawait(round, id);
  }

  #unawait(round: Round, id: RoundId): void {
    const waiting = this.#awaiting.get(id);
    const at = waiting?.indexOf(round) ?? -1;
    if (at >= 0) waiting?.splice(at, 1);
    if (waiting?.length === 0) this.#awaiting.delete(id);
  }
}

const nothing: readonly Round[] = Object.freeze([]);
