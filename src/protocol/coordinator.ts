/**
 * The coordinator: runs this peer's rounds, decides them, and knows how long each claim is held
 * (docs/protocol.md, sections 5 and 6). Leases are ledger.ts's, the state of one round round.ts's.
 */

import { assert } from './assert.ts';
import { excludes } from './claim.ts';
import type { HybridClock } from './clock.ts';
import { Deadlines } from './deadlines.ts';
import {
  type ClaimId,
  type Generation,
  generation,
  type Incarnation,
  type LeaseTimeMs,
  later,
  leaseTimeMs,
  type PeerId,
  type RoundId,
  type RoundNumber,
  roundId,
  roundNumber,
  type SessionNumber,
  type Stamp,
  type TimeMs,
  timeMs,
  type WallMs,
} from './ids.ts';
import type { Acquire } from './input.ts';
import { Ledger, type LedgerSnapshot } from './ledger.ts';
import type { Holder, Queued, Refuse, Resource, Vote } from './message.ts';
import type { NodeOptions } from './options.ts';
import type { Failure, Output, Standing } from './output.ts';
import {
  answered,
  type Ballot,
  type CastVote,
  isUnconditional,
  type Phase,
  type Round,
  refusals,
  tally,
  withoutPending,
} from './round.ts';
import { describeStanding } from './standing.ts';
import type { Post } from './voter.ts';

/** One moment on each of the clocks that a coordinator uses. */
export interface Moment {
  readonly now: TimeMs;
  readonly wall: WallMs;
  readonly lease: LeaseTimeMs;
}

/** What a coordinator needs of its node. */
export interface Surroundings {
  readonly clock: HybridClock;
  readonly post: Post;
  readonly emit: (output: Output) => void;
  /** Whether a voter has greeted on its present link; this peer itself always has. */
  readonly isLinked: (voter: PeerId) => boolean;
  /** The holders that this peer's own voter sees ahead of one of its rounds. */
  readonly holdersAhead: (round: RoundNumber, at: Moment) => readonly Holder[];
}

/** What the application sees of a claim. */
export interface ClaimView {
  readonly claim: ClaimId;
  readonly round: RoundId;
  readonly resources: readonly Resource[];
  readonly state: 'waiting' | 'held';
  readonly token: Stamp;
}

/** Plain data: moments are relative to the time of the snapshot. */
export interface CoordinatorSnapshot {
  readonly rounds: readonly (Omit<Round, 'ballots'> & {
    readonly ballots: readonly (readonly [PeerId, Ballot])[];
  })[];
  readonly endings: readonly (readonly [RoundId, Stamp | null])[];
  readonly ledger: LedgerSnapshot;
  readonly lastRound: number;
  readonly everReady: boolean;
}

/** How many rounds one LIVE speaks of at most. */
const liveMax = 1_000;

export class Coordinator {
  readonly #options: NodeOptions;
  readonly #around: Surroundings;
  readonly #ledger: Ledger;
  /** In the order asked. */
  readonly #rounds = new Map<RoundNumber, Round>();
  readonly #byClaim = new Map<ClaimId, Round>();
  /** The rounds on each name, in the order asked. */
  readonly #byName = new Map<string, Set<Round>>();
  /** The rounds with a vote that waits for this one to end. */
  readonly #awaiting = new Map<RoundId, Set<Round>>();
  /** Rounds known to have ended, with the token if held, the longest known first (rule 5.2). */
  readonly #endings = new Map<RoundId, Stamp | null>();
  readonly #due = new Deadlines<Round>();
  /** Undecided rounds that may have become decidable in this step. */
  readonly #changed = new Set<Round>();
  /** No claim is lost before this moment: a renewal leaves it, the next look mends it. */
  #lossAt: LeaseTimeMs = leaseTimeMs(Number.POSITIVE_INFINITY);
  #lastRound = 0;
  /** Whether a quorum was ever present: until then nobody has failed to answer (rule 5.6). */
  #everReady = false;

  constructor(options: NodeOptions, around: Surroundings) {
    this.#options = options;
    this.#around = around;
    this.#ledger = new Ledger(options);
  }

  get dueAt(): TimeMs {
    return this.#due.nextAt;
  }

  get lossAt(): LeaseTimeMs {
    return this.#lossAt;
  }

  /** How many rounds live, and how many endings are remembered. */
  get sizes(): { readonly rounds: number; readonly endings: number; readonly awaiting: number } {
    const { size: rounds } = this.#rounds;
    return { rounds, endings: this.#endings.size, awaiting: this.#awaiting.size };
  }

  *claims(): Generator<ClaimView> {
    for (const { claim, id, resources, token, phase } of this.#rounds.values()) {
      const state = phase.state === 'held' ? 'held' : 'waiting';
      yield { claim, round: id, resources, state, token };
    }
  }

  /** Until when a claim is valid if nothing more is heard; minus Infinity if it is not held. */
  validUntil(claim: ClaimId): LeaseTimeMs {
    const round = this.#byClaim.get(claim);
    if (round?.phase.state !== 'held') return leaseTimeMs(Number.NEGATIVE_INFINITY);
    return this.#validUntil(round);
  }

  /** Rule 5.1. */
  acquire(input: Acquire, at: Moment): void {
    const { claim, resources, patience, maxHoldMs } = input;
    assert(!this.#byClaim.has(claim), 'a claim is asked for once');
    if (this.#rounds.size >= this.#options.limits.claimsMax) {
      this.#around.emit({ type: 'failed', claim, failure: { reason: 'claims-max' } });
      return;
    }
    this.#lastRound += 1;
    const number = roundNumber(this.#lastRound);
    const ticket = this.#around.clock.tick(at.wall);
    const tryMs = patience === 'try' ? this.#options.prepareTimeoutMs : Number.POSITIVE_INFINITY;
    const round: Round = {
      number,
      id: roundId(this.#options.id, this.#options.incarnation, number),
      claim,
      resources,
      ticket,
      patience,
      maxHoldMs,
      waitUntil: later(at.now, Math.min(input.timeoutMs, tryMs)),
      token: ticket,
      ballots: new Map(),
      phase: { state: 'undecided', unansweredSince: null },
    };
    this.#enlist(round);
    this.#watchAnswers(round, at);
    for (const voter of this.#options.voters) this.#prepare(round, voter);
  }

  /** Gives up or releases, as the claim stands (rule 5.5). Unknown when it has ended already. */
  release(claim: ClaimId, at: Moment): void {
    const round = this.#byClaim.get(claim);
    if (round === undefined) return;
    if (round.phase.state === 'held') this.#releaseHeld(round);
    else this.#abort(round);
    this.#settle(at);
  }

  /** A voter may have forgotten, or expired, what it said before (rules 6.2, 7.2). */
  onSession(voter: PeerId, of: Incarnation, session: SessionNumber, at: Moment): void {
    if (!this.#ledger.enter(voter, of, session, at.lease)) return;
    for (const round of this.#rounds.values()) {
      if (round.phase.state === 'held') continue;
      const ballot = round.ballots.get(voter);
      if (ballot === undefined) continue;
      this.#vote(round, voter, null);
      round.ballots.set(voter, {
        ...ballot,
        vote: null,
        yielded: generation(0),
        current: false,
      });
    }
  }

  /** A voter has echoed a stamp of this peer in its present session (rule 6.4). */
  onEcho(voter: PeerId, echo: LeaseTimeMs, at: Moment): void {
    if (!this.#ledger.renew(voter, echo, at.lease)) return;
    for (const round of this.#rounds.values()) this.#changed.add(round);
    this.#settle(at);
  }

  /** Tells a voter all that it should know, after its greeting or in its new session (rule 3.4). */
  tellAll(voter: PeerId, at: Moment): void {
    const rounds = [...this.#rounds.values()];
    this.#tellLive(voter);
    for (const { number, ballots } of rounds) {
      const ballot = ballots.get(voter);
      if (ballot === undefined || ballot.vote !== null || ballot.yielded === 0) continue;
      this.#around.post(voter, { type: 'yield', round: number, generation: ballot.yielded });
    }
    // Committed ones first: a voter in recovery keeps that order (rule 7.2).
    for (const round of rounds) if (round.phase.state === 'held') this.#prepare(round, voter);
    for (const round of rounds) if (round.phase.state !== 'held') this.#prepare(round, voter);
    this.#silence(voter, at);
  }

  /** The link to a voter is gone: it does not answer, though its votes stand. */
  onUnlinked(voter: PeerId, at: Moment): void {
    this.#silence(voter, at);
  }

  /** From now on, too few answers for too long end a claim (rule 5.6). */
  onQuorum(at: Moment): void {
    if (this.#everReady) return;
    this.#everReady = true;
    for (const round of this.#rounds.values()) this.#watchAnswers(round, at);
  }

  /** Rule 5.2. A vote that was given back meanwhile is stale: ignored. */
  onVote(voter: PeerId, message: Vote, at: Moment): void {
    const round = this.#rounds.get(message.round);
    if (round === undefined) return;
    const present = this.#ledger.presentOf(voter);
    assert(present !== undefined, 'a voter greets before it votes');
    const yielded = round.ballots.get(voter)?.yielded ?? generation(0);
    if (message.generation <= yielded) return;
    let vote: CastVote = {
      incarnation: present.incarnation,
      session: present.session,
      generation: message.generation,
      token: message.token,
      pending: new Set(message.after),
      floor: message.floor,
    };
    for (const id of message.after) {
      const ending = this.#endings.get(id);
      if (ending !== undefined) vote = withoutPending(vote, id, ending);
    }
    this.#vote(round, voter, vote);
    this.#answer(
      round,
      voter,
      { answer: 'voted', vote, ahead: vote.pending.size, holders: [] },
      at,
    );
    if (round.phase.state === 'held') {
      this.#checkHeld(round, at);
      return;
    }
    // Raised early, while others stand ahead, so that the trip is not lost later (rule 5.3).
    if (!isUnconditional(vote) && vote.floor >= round.token) this.#raise(round, at);
    this.#changed.add(round);
    this.#settle(at);
  }

  onQueued(voter: PeerId, message: Queued, at: Moment): void {
    const round = this.#rounds.get(message.round);
    if (round === undefined) return;
    const { ahead, holders } = message;
    const vote = round.ballots.get(voter)?.vote ?? null;
    this.#answer(round, voter, { answer: 'queued', vote, ahead, holders }, at);
  }

  onRefuse(voter: PeerId, message: Refuse, at: Moment): void {
    const round = this.#rounds.get(message.round);
    if (round === undefined) return;
    const { reason, holders } = message;
    const vote = round.ballots.get(voter)?.vote ?? null;
    this.#answer(round, voter, { answer: reason, vote, ahead: holders.length, holders }, at);
    if (round.phase.state === 'held') return;
    const { all, overloaded } = refusals(round);
    if (all <= this.#options.voters.length - this.#options.quorum) return;
    const reasonToFail = overloaded === all ? 'overloaded' : 'busy';
    this.#fail(round, { reason: reasonToFail, standing: this.#standing(round, at) });
    this.#settle(at);
  }

  /** Rule 5.4: decided or ended, there is nothing to give back. */
  onInquire(voter: PeerId, number: RoundNumber, asked: Generation): void {
    const round = this.#rounds.get(number);
    if (round === undefined || round.phase.state === 'held') return;
    const ballot = round.ballots.get(voter);
    if (ballot !== undefined && ballot.yielded > asked) return;
    const keeps = ballot?.vote != null && ballot.vote.generation > asked;
    if (!keeps) this.#vote(round, voter, null);
    round.ballots.set(voter, {
      answer: keeps ? ballot.answer : 'yielded',
      current: true,
      vote: keeps ? ballot.vote : null,
      yielded: asked,
      ahead: ballot?.ahead ?? 0,
      holders: ballot?.holders ?? [],
    });
    this.#around.post(voter, { type: 'yield', round: number, generation: asked });
  }

  /** A round has ended, by its owner's word: votes that waited for it may be effective now. */
  onEnded(id: RoundId, token: Stamp | null, at: Moment): void {
    this.#ended(id, token);
    this.#settle(at);
  }

  /** Time has passed: claims lost by now are lost for good, others have waited long enough. */
  advance(at: Moment): void {
    if (at.lease >= this.#lossAt) this.#loseExpired(at);
    for (;;) {
      const round = this.#due.takeDue(at.now);
      if (round === undefined) break;
      if (this.#rounds.get(round.number) === round) this.#endWait(round, at);
    }
    this.#settle(at);
  }

  snapshot(at: Moment): CoordinatorSnapshot {
    return {
      rounds: [...this.#rounds.values()].map((round) => ({
        ...round,
        waitUntil: timeMs(round.waitUntil - at.now),
        phase: shifted(round.phase, timeMs(-at.now), leaseTimeMs(-at.lease)),
        ballots: [...round.ballots],
      })),
      endings: [...this.#endings],
      ledger: this.#ledger.snapshot(at.lease),
      lastRound: this.#lastRound,
      everReady: this.#everReady,
    };
  }

  restore(snapshot: CoordinatorSnapshot, at: Moment): void {
    assert(this.#rounds.size === 0, 'only a new coordinator is restored');
    for (const saved of snapshot.rounds) {
      const round: Round = {
        ...saved,
        waitUntil: later(at.now, saved.waitUntil),
        phase: shifted(saved.phase, at.now, at.lease),
        ballots: new Map(saved.ballots),
      };
      this.#enlist(round);
      for (const { vote } of round.ballots.values()) this.#await(round, vote);
    }
    for (const [id, token] of snapshot.endings) this.#endings.set(id, token);
    this.#ledger.restore(snapshot.ledger, at.lease);
    this.#lastRound = snapshot.lastRound;
    this.#everReady = snapshot.everReady;
    this.#findLoss();
    for (const round of this.#rounds.values()) this.#watchAnswers(round, at);
  }

  #enlist(round: Round): void {
    this.#rounds.set(round.number, round);
    this.#byClaim.set(round.claim, round);
    for (const { name } of round.resources) {
      const on = this.#byName.get(name);
      if (on === undefined) this.#byName.set(name, new Set([round]));
      else on.add(round);
    }
    const { phase, waitUntil } = round;
    if (phase.state !== 'undecided') return;
    if (waitUntil !== Number.POSITIVE_INFINITY) this.#due.add(waitUntil, round);
    if (phase.unansweredSince === null) return;
    this.#due.add(later(phase.unansweredSince, this.#options.prepareTimeoutMs), round);
  }

  #delist(round: Round): void {
    this.#rounds.delete(round.number);
    this.#byClaim.delete(round.claim);
    this.#changed.delete(round);
    for (const { name } of round.resources) {
      const on = this.#byName.get(name);
      on?.delete(round);
      if (on?.size === 0) this.#byName.delete(name);
    }
    for (const { vote } of round.ballots.values()) {
      for (const id of vote?.pending ?? []) this.#unawait(round, id);
    }
    if (this.#due.size > 2 * this.#rounds.size + staleDueMax) {
      this.#due.keep((due) => this.#rounds.get(due.number) === due);
    }
  }

  /** Replaces what a voter's vote for a round is, and what it waits for. */
  #vote(round: Round, voter: PeerId, vote: CastVote | null): void {
    const ballot = round.ballots.get(voter);
    const before = ballot?.vote ?? null;
    if (ballot !== undefined) round.ballots.set(voter, { ...ballot, vote });
    this.#await(round, vote);
    for (const id of before?.pending ?? []) {
      const stillAwaited = [...round.ballots.values()].some((other) => other.vote?.pending.has(id));
      if (!stillAwaited && vote?.pending.has(id) !== true) this.#unawait(round, id);
    }
  }

  #await(round: Round, vote: CastVote | null): void {
    for (const id of vote?.pending ?? []) {
      const waiting = this.#awaiting.get(id);
      if (waiting === undefined) this.#awaiting.set(id, new Set([round]));
      else waiting.add(round);
    }
  }

  #unawait(round: Round, id: RoundId): void {
    const waiting = this.#awaiting.get(id);
    waiting?.delete(round);
    if (waiting?.size === 0) this.#awaiting.delete(id);
  }

  #ended(id: RoundId, token: Stamp | null): void {
    this.#endings.set(id, token);
    if (this.#endings.size > this.#options.limits.endingsMax) {
      for (const oldest of this.#endings.keys()) {
        this.#endings.delete(oldest);
        break;
      }
    }
    const waiting = this.#awaiting.get(id);
    this.#awaiting.delete(id);
    for (const round of waiting ?? []) {
      for (const [voter, ballot] of round.ballots) {
        if (!ballot.vote?.pending.has(id)) continue;
        round.ballots.set(voter, { ...ballot, vote: withoutPending(ballot.vote, id, token) });
      }
      this.#changed.add(round);
    }
  }

  #answer(round: Round, voter: PeerId, said: Said, at: Moment): void {
    const yielded = round.ballots.get(voter)?.yielded ?? generation(0);
    round.ballots.set(voter, { ...said, current: true, yielded });
    this.#watchAnswers(round, at);
  }

  /** These rounds of a voter's are unanswered again. */
  #silence(voter: PeerId, at: Moment): void {
    for (const round of this.#rounds.values()) {
      const ballot = round.ballots.get(voter);
      if (ballot === undefined || !ballot.current) continue;
      round.ballots.set(voter, { ...ballot, current: false });
      this.#watchAnswers(round, at);
    }
  }

  /** Starts or stops the time in which a quorum must answer (rule 5.6). */
  #watchAnswers(round: Round, at: Moment): void {
    const { phase } = round;
    if (phase.state !== 'undecided' || !this.#everReady) return;
    const enough = answered(round) >= this.#options.quorum;
    if (enough && phase.unansweredSince !== null) {
      round.phase = { state: 'undecided', unansweredSince: null };
    }
    if (!enough && phase.unansweredSince === null) {
      round.phase = { state: 'undecided', unansweredSince: at.now };
      this.#due.add(later(at.now, this.#options.prepareTimeoutMs), round);
    }
  }

  /** Decides what has become decidable, and what that makes decidable in turn. */
  #settle(at: Moment): void {
    for (const round of this.#changed) {
      this.#changed.delete(round);
      this.#decide(round, at);
    }
  }

  /** Rules 5.2 and 5.3. */
  #decide(round: Round, at: Moment): void {
    if (round.phase.state !== 'undecided' || this.#hasOlderUndecided(round)) return;
    const { quorum } = this.#options;
    const counts = (voter: PeerId, vote: CastVote): boolean =>
      this.#ledger.limitOf(voter, vote) > at.lease;
    const result = tally(round, quorum, counts);
    if (result === 'token-too-low') this.#raise(round, at);
    if (result === 'granted') this.#grant(round, at);
  }

  #grant(round: Round, at: Moment): void {
    round.phase = { state: 'held', maxHoldUntil: later(at.lease, round.maxHoldMs) };
    const { number, claim, id, token } = round;
    for (const voter of this.#options.voters) {
      this.#around.post(voter, { type: 'commit', round: number, token });
    }
    const until = this.#validUntil(round);
    if (until < this.#lossAt) this.#lossAt = until;
    this.#around.emit({ type: 'granted', claim, round: id, token });
    this.#reviewOwn(round);
  }

  /** A token above every floor heard, told to all voters. */
  #raise(round: Round, at: Moment): void {
    for (const { vote } of round.ballots.values()) {
      if (vote !== null) this.#around.clock.merge(vote.floor);
    }
    round.token = this.#around.clock.tick(at.wall);
    for (const voter of this.#options.voters) this.#prepare(round, voter);
  }

  #prepare(round: Round, voter: PeerId): void {
    this.#around.post(voter, {
      type: 'prepare',
      round: round.number,
      resources: round.resources,
      ticket: round.ticket,
      token: round.token,
      committed: round.phase.state === 'held',
      patience: round.patience,
      maxHoldMs: round.maxHoldMs,
    });
  }

  #releaseHeld(round: Round): void {
    const { number, token } = round;
    this.#delist(round);
    for (const voter of this.#options.voters) {
      this.#around.post(voter, { type: 'release', round: number, token });
    }
    this.#ended(round.id, token);
    this.#reviewOwn(round);
  }

  #abort(round: Round): void {
    this.#delist(round);
    for (const voter of this.#options.voters) {
      this.#around.post(voter, { type: 'abort', round: round.number });
    }
    this.#ended(round.id, null);
    this.#reviewOwn(round);
  }

  #fail(round: Round, failure: Failure): void {
    this.#abort(round);
    this.#around.emit({ type: 'failed', claim: round.claim, failure });
  }

  /** Conflicting rounds of this peer are decided in the order asked (section 1, Order). */
  #hasOlderUndecided(round: Round): boolean {
    for (const resource of round.resources) {
      for (const other of this.#byName.get(resource.name) ?? []) {
        if (other === round) break;
        if (other.phase.state !== 'undecided') continue;
        const same = other.resources.find(({ name }) => name === resource.name);
        if (same !== undefined && excludes(same, resource)) return true;
      }
    }
    return false;
  }

  /** A round of this peer no longer stands undecided in the way of its younger ones. */
  #reviewOwn(decided: Round): void {
    for (const { name } of decided.resources) {
      for (const other of this.#byName.get(name) ?? []) {
        if (other.phase.state !== 'undecided' || other.number < decided.number) continue;
        this.#changed.add(other);
        const mode = other.resources.find((resource) => resource.name === name)?.mode;
        // Those after an exclusive one wait for it.
        if (mode === 'exclusive') break;
      }
    }
  }

  /** A round whose time may be up: the wait limit, or the limit on answers. */
  #endWait(round: Round, at: Moment): void {
    const { phase } = round;
    if (phase.state !== 'undecided') return;
    const standing = (): Standing => this.#standing(round, at);
    const { unansweredSince } = phase;
    const { prepareTimeoutMs, quorum } = this.#options;
    if (unansweredSince !== null && later(unansweredSince, prepareTimeoutMs) <= at.now) {
      this.#fail(round, { reason: 'no-quorum', standing: standing() });
      return;
    }
    if (round.waitUntil > at.now) return;
    const triedInVain = round.patience === 'try' && answered(round) >= quorum;
    const silent = round.patience === 'try' && !triedInVain;
    const reason = silent ? 'no-quorum' : triedInVain ? 'busy' : 'timeout';
    this.#fail(round, { reason, standing: standing() });
  }

  #loseExpired(at: Moment): void {
    for (const round of [...this.#rounds.values()]) this.#checkHeld(round, at);
    this.#findLoss();
  }

  /** Lost is final (rule 6.6): a claim that was invalid for a moment is over. */
  #checkHeld(round: Round, at: Moment): void {
    const { phase } = round;
    if (phase.state !== 'held') return;
    const until = this.#validUntil(round);
    if (until > at.lease) {
      if (until < this.#lossAt) this.#lossAt = until;
      return;
    }
    this.#releaseHeld(round);
    const reason = phase.maxHoldUntil <= at.lease ? 'max-hold' : 'lease';
    this.#around.emit({ type: 'lost', claim: round.claim, reason });
  }

  #findLoss(): void {
    let at = leaseTimeMs(Number.POSITIVE_INFINITY);
    for (const round of this.#rounds.values()) {
      if (round.phase.state !== 'held') continue;
      const until = this.#validUntil(round);
      if (until < at) at = until;
    }
    this.#lossAt = at;
  }

  /** The (N − q + 1)-th latest limit of its effective votes, or the end of its longest hold (rule 6.6). */
  #validUntil(round: Round): LeaseTimeMs {
    const { phase } = round;
    assert(phase.state === 'held', 'only a held claim is valid');
    const limits: LeaseTimeMs[] = [];
    for (const [voter, { vote }] of round.ballots) {
      if (vote !== null && isUnconditional(vote)) limits.push(this.#ledger.limitOf(voter, vote));
    }
    const needed = this.#options.voters.length - this.#options.quorum + 1;
    const until = limits.sort((a, b) => b - a)[needed - 1];
    if (until === undefined) return leaseTimeMs(Number.NEGATIVE_INFINITY);
    return leaseTimeMs(Math.min(until, phase.maxHoldUntil));
  }

  /** What LIVE says: everything of this incarnation that still lives, a range at a time. */
  #tellLive(voter: PeerId): void {
    const numbers = [...this.#rounds.keys()];
    let first = 1;
    for (let index = 0; first <= this.#lastRound; index += liveMax) {
      const rounds = numbers.slice(index, index + liveMax);
      const isLast = index + liveMax >= numbers.length;
      const last = isLast ? this.#lastRound : (rounds.at(-1) ?? this.#lastRound);
      const range = { first: roundNumber(first), last: roundNumber(last) };
      this.#around.post(voter, { type: 'live', ...range, rounds });
      first = last + 1;
    }
  }

  #standing(round: Round, at: Moment): Standing {
    return describeStanding(round, {
      voters: this.#options.voters,
      isLinked: this.#around.isLinked,
      seen: this.#around.holdersAhead(round.number, at),
    });
  }
}

type Said = Pick<Ballot, 'answer' | 'vote' | 'ahead' | 'holders'>;

/** How many deadlines of rounds that have ended may lie about. */
const staleDueMax = 1_000;

function shifted(phase: Phase, time: TimeMs, lease: LeaseTimeMs): Phase {
  if (phase.state === 'held') {
    return { state: 'held', maxHoldUntil: later(phase.maxHoldUntil, lease) };
  }
  const { unansweredSince } = phase;
  if (unansweredSince === null) return phase;
  return { state: 'undecided', unansweredSince: later(unansweredSince, time) };
}
