/**
 * The coordinator: runs this peer's rounds, decides them, and knows how long each claim is held
 * (docs/protocol.md, sections 5 and 6). Its rounds are in round-table.ts, the state of one in
 * round.ts, the leases of its votes in ledger.ts.
 */

import { assert } from './assert.ts';
import { conflicts, isExclusive } from './claim.ts';
import {
  greater,
  type HybridClock,
  nextStamp,
  noStamp,
  stampsOn,
  type TicketPlace,
  ticketLeadMsMax,
  ticketSlots,
} from './clock.ts';
import type { Due } from './deadlines.ts';
import { Deadlocks } from './deadlocks.ts';
import { Followers } from './followers.ts';
import { type Group, Groups, hasSeat } from './groups.ts';
import { hashOfText } from './hash.ts';
import {
  type ClaimId,
  type Generation,
  generation,
  type LeaseTimeMs,
  later,
  leaseTimeMs,
  type PeerId,
  partsOf,
  type RoundId,
  type RoundNumber,
  roundId,
  type Stamp,
  type TimeMs,
  timeMs,
  type WallMs,
} from './ids.ts';
import type { Acquire } from './input.ts';
import type { Leaders } from './leaders.ts';
import { Ledger, type LedgerSnapshot, type SessionOf } from './ledger.ts';
import { liveOf } from './live.ts';
import { Losses } from './losses.ts';
import type {
  Abort,
  Commit,
  CoordinatorMessage,
  Holder,
  Prepare,
  Queued,
  Refuse,
  Release,
  Resource,
  Revoke,
  Vote,
  Watch,
} from './message.ts';
import type { NodeOptions } from './options.ts';
import type { Failure, Output, Standing } from './output.ts';
import type { Chase } from './pursuit.ts';
import {
  type Ballot,
  type CastVote,
  firstToken,
  hasOthersAhead,
  isAnswered,
  isCommitted,
  isDropped,
  isUnconditional,
  type Phase,
  type Round,
  refusal,
  renewed,
  tally,
  withoutPending,
} from './round.ts';
import { RoundTable, type RoundTableSnapshot } from './round-table.ts';
import type { Sender } from './sessions.ts';
import { describeStanding } from './standing.ts';
import { VotersSeen } from './voters-seen.ts';

/** One moment on each of the clocks that a coordinator uses. */
export interface Moment {
  readonly now: TimeMs;
  readonly wall: WallMs;
  readonly lease: LeaseTimeMs;
}

/** What a coordinator needs of its node. */
export interface Surroundings {
  readonly clock: HybridClock;
  /** Is told which claims of this peer lead (rule 8.7). */
  readonly leaders: Pick<Leaders, 'lead' | 'end'>;
  /** Says something to a voter, if there is a greeted link to it. */
  readonly post: (to: PeerId, message: CoordinatorMessage | Watch) => void;
  readonly emit: (output: Output) => void;
  /** Whether a voter has greeted on its present link; this peer itself always has. */
  readonly isLinked: (voter: PeerId) => boolean;
  /** The holders that this peer's own voter sees ahead of one of its rounds. */
  readonly holdersAhead: (round: RoundNumber, at: Moment) => readonly Holder[];
}

/** Why a round failed. */
type RoundFailure = Exclude<Failure, { readonly reason: 'claims-max' }>;
type StandingFailure = Exclude<RoundFailure, { readonly reason: 'deadlock' }>;

/** What the application sees of a claim. */
export interface ClaimView {
  readonly claim: ClaimId;
  readonly round: RoundNumber;
  readonly resources: readonly Resource[];
  readonly state: 'waiting' | 'held';
  readonly token: Stamp;
}

/** Plain data: moments are relative to the time of the snapshot. */
export interface CoordinatorSnapshot {
  readonly table: RoundTableSnapshot;
  /** The rounds that follow another, each with the one that it follows, in the order asked. */
  readonly followers: readonly (readonly [follower: RoundNumber, leader: RoundNumber])[];
  readonly ledger: LedgerSnapshot;
  /** The voters that have been seen voting, sorted. */
  readonly seen: readonly PeerId[];
  readonly isRetired: boolean;
  /** Which probes of others have been passed on, up to which attempt. */
  readonly probesPassed: readonly (readonly [string, number])[];
}

/** A round whose tokens were used up is followed by one with so many times as many (rule 8.1). */
const spanGrowth = 16;

/** The most tokens of a round: a millisecond of stamps. */
const spanMax = 4_096;

export class Coordinator {
  readonly #options: NodeOptions;
  readonly #around: Surroundings;
  readonly #ledger: Ledger;
  readonly #groups: Groups;
  readonly #table: RoundTable;
  readonly #losses: Losses;
  readonly #followers = new Followers();
  readonly #deadlocks: Deadlocks;
  /** The place of each voter in the voter set, and so of its ballot in a round. */
  readonly #seats: ReadonlyMap<PeerId, number>;
  /** Keeps this peer's tickets apart from those of all voters, and of most members (rule 5.1). */
  readonly #tickets: TicketPlace;
  /** How many tokens a round that may linger has at first (rule 8.1). */
  readonly #spanAtFirst: number;
  /** What is copied: an array that grows takes more room than there are voters. */
  readonly #noBallots: readonly (Ballot | undefined)[];
  /** Where limits are put in order: one for all, since each look needs it. */
  readonly #limits: LeaseTimeMs[] = [];
  /** Undecided rounds that may have become decidable in this step. */
  readonly #changed: Round[] = [];
  /** No claim is lost before this moment: a renewal leaves it, the next look mends it. */
  #lossAt: LeaseTimeMs = leaseTimeMs(Number.POSITIVE_INFINITY);
  /** No round is unanswered for too long before this moment: as `#lossAt` (rule 5.6). */
  #answersDueAt: TimeMs = timeMs(Number.POSITIVE_INFINITY);
  /** How many rounds are unanswered. */
  #unanswered = 0;
  /** Until a quorum of each of its groups was seen voting, a round is not begun (rule 5.1). */
  readonly #seen: VotersSeen;
  /** Whether one has ended that had not begun: those that conflict may begin. */
  #isUnblocked = false;
  /** Whether nothing lingers any more (rule 8.4). */
  #isRetired = false;

  constructor(options: NodeOptions, around: Surroundings) {
    this.#options = options;
    this.#around = around;
    this.#ledger = new Ledger(options);
    this.#groups = new Groups(options.voters, options.replicas);
    this.#table = new RoundTable(options, this.#groups);
    this.#seen = new VotersSeen(options);
    this.#losses = new Losses({
      roundsAfter: (number) => this.#table.roundsAfter(number),
      validUntil: (round) => this.#validUntil(round),
    });
    this.#deadlocks = new Deadlocks({
      options,
      byNumber: (number) => this.#table.byNumber(number),
      byClaim: (claim) => this.#table.byClaim(claim),
      post: around.post,
    });
    this.#noBallots = options.voters.map(() => undefined);
    this.#seats = new Map(options.voters.map((voter, seat) => [voter, seat]));
    const seat = this.#seats.get(options.id);
    const width = Math.floor(ticketSlots / options.voters.length);
    const slot = seat === undefined ? (hashOfText(options.id) >>> 0) % ticketSlots : seat * width;
    const leadMsMax = Math.min(ticketLeadMsMax, Math.floor(options.maxClockAheadMs / 2));
    // Where one vote decides, nobody else may have seen a token: it is to be near the wall clock.
    this.#tickets = { slot, leadMsMax: options.replicas === 1 ? 0 : leadMsMax };
    this.#spanAtFirst = Math.max(2, width);
  }

  /** When some claim may have waited long enough; Infinity when none is bounded. */
  nextDueAt(): TimeMs {
    const dueAt = Math.min(this.#table.nextDueAt(), this.#deadlocks.nextDueAt());
    return timeMs(Math.min(dueAt, this.#answersDueAt));
  }

  get lossAt(): LeaseTimeMs {
    return this.#lossAt;
  }

  get sizes(): RoundTable['sizes'] {
    return this.#table.sizes;
  }

  claims(): ClaimView[] {
    const views: ClaimView[] = [];
    for (const round of this.#table.rounds()) {
      const { claim, number, resources, phase } = round;
      if (phase.state === 'lingering') continue;
      const state = phase.state === 'held' ? 'held' : 'waiting';
      views.push({ claim, round: number, resources, state, token: tokenOf(round) });
    }
    return views;
  }

  /** Until when a claim is valid if nothing more is heard; minus Infinity if it is not held. */
  validUntil(claim: ClaimId): LeaseTimeMs {
    const round = this.#table.byClaim(claim);
    if (round?.phase.state !== 'held') return leaseTimeMs(Number.NEGATIVE_INFINITY);
    return this.#validUntil(round);
  }

  /** Rule 5.1; at no message where a round is kept that it fits (rules 8.2, 8.5). */
  acquire(input: Acquire, at: Moment): void {
    const { claim, resources, maxHoldMs, value } = input;
    assert(this.#table.byClaim(claim) === undefined, 'a claim is asked for once');
    assert(value === null || input.lingerMs === 0, 'what leads does not linger');
    const steals = input.patience === 'steal';
    const canLinger = input.lingerMs > 0 && maxHoldMs === Number.POSITIVE_INFINITY && !steals;
    const before = this.#table.byName.lingeringFor(resources);
    const fits = before !== undefined && before.given < before.span;
    // To lead, it must say so to the voters: by a round of its own (rule 8.7).
    if (fits && maxHoldMs === Number.POSITIVE_INFINITY && value === null) {
      this.#table.resume(before, claim);
      before.lingerMs = steals ? 0 : input.lingerMs;
      this.#grantNext(before);
      return;
    }
    // Others could not see what one waits for that has not begun (rule 9.1).
    const isBound = this.#deadlocks.heldOf(input.holding).length > 0;
    const leader = canLinger && !isBound ? this.#leaderFor(resources) : undefined;
    if (leader === undefined) this.#wantAll(resources, at);
    const { claimsMax } = this.#options.limits;
    const oldest = this.#table.sizes.rounds < claimsMax ? undefined : this.#table.oldestLingering();
    if (oldest !== undefined) this.#end(oldest, at);
    if (this.#table.sizes.rounds < claimsMax) {
      const span = canLinger ? this.#spanAfter(before?.span ?? 0) : 1;
      const round = this.#add(input, span, at);
      if (leader === undefined) this.#begin(round, at);
      else this.#follow(leader, round, at);
    } else {
      this.#around.emit({ type: 'failed', claim, failure: { reason: 'claims-max' } });
    }
    this.#settle(at);
  }

  /** How many tokens a round has that may linger, after one of so many (rule 8.1). */
  #spanAfter(span: number): number {
    return Math.max(this.#spanAtFirst, Math.min(span * spanGrowth, spanMax));
  }

  /** The round of this peer that a claim which may linger follows, if there is one (rule 8.5). */
  #leaderFor(resources: readonly Resource[]): Round | undefined {
    const last = this.#table.byName.lastAlike(resources);
    if (last === undefined || this.#isRetired) return undefined;
    const leader = this.#followers.leaderOf(last) ?? last;
    const isKept = leader.lingerMs > 0 && !leader.contended;
    return isKept && leader.phase.state !== 'lingering' ? leader : undefined;
  }

  /** Rule 8.5. A try does not wait for what is held. */
  #follow(leader: Round, round: Round, at: Moment): void {
    this.#followers.add(leader, round);
    this.#tellWanted(leader);
    if (leader.phase.state === 'held' || hasOthersAhead(leader)) this.#failTries(leader, at);
  }

  /** Those that follow what is held, or waits for others, would have to wait for a holder. */
  #failTries(leader: Round, at: Moment): void {
    for (const round of this.#followers.triesOf(leader)) {
      this.#fail(round, at, { reason: 'busy', standing: this.#standing(round, at) });
    }
  }

  /** Somebody else wants it, or it has ended: one of those who wait for it asks for all (8.5). */
  #succeed(leader: Round, at: Moment): void {
    const next = this.#followers.succeed(leader);
    if (next !== undefined) this.#begin(next, at);
  }

  /** What comes now is to be granted after them, and conflicts: they all ask (rules 5.2, 10.3). */
  #freeFollowers(leader: Round, at: Moment): void {
    for (const round of this.#followers.free(leader)) this.#begin(round, at);
  }

  /** A round for a claim, with so many tokens; it has not begun. */
  #add(input: Acquire, span: number, at: Moment): Round {
    const { claim, resources, patience, maxHoldMs, value } = input;
    const { deadlockProbeMs, prepareTimeoutMs } = this.#options;
    const holding = patience === 'try' ? noClaims : this.#deadlocks.heldOf(input.holding);
    const number = this.#table.nextNumber();
    const tryMs = patience === 'try' ? prepareTimeoutMs : Number.POSITIVE_INFINITY;
    const round: Round = {
      number,
      claim,
      resources,
      electorate: this.#groups.electorateOf(resources),
      begun: false,
      ticket: noStamp,
      patience,
      holding,
      probes: 0,
      probeAt: later(at.now, holding.length > 0 ? deadlockProbeMs : Number.POSITIVE_INFINITY),
      alternatives: input.alternatives ?? noClaims,
      maxHoldMs,
      waitUntil: later(at.now, Math.min(input.timeoutMs, tryMs)),
      token: noStamp,
      span,
      given: 0,
      lingerMs: span > 1 ? input.lingerMs : 0,
      value,
      contended: false,
      heed: 'unasked',
      ballots: this.#noBallots.slice(),
      watchers: nobody,
      phase: answeredPhase,
    };
    this.#table.add(round);
    if (holding.length > 0) this.#deadlocks.add(round);
    return round;
  }

  /**
   * Asks the voters, unless no quorum of them has been seen. Those that conflict begin in the order
   * asked, so that their tickets go in this order, too, wherever one is seen first (5.1, 10.3).
   */
  #begin(round: Round, at: Moment): void {
    if (!this.#seen.isAll) {
      if (!this.#seen.quorumOf(round) || this.#table.byName.hasOlderUnbegun(round)) return;
    }
    const { clock } = this.#around;
    round.begun = true;
    round.ticket = clock.takeTicket(at.wall, this.#tickets);
    round.token = stampsOn(round.ticket, round.span - 1);
    clock.merge(round.token);
    this.#watchAnswers(round, at);
    this.#prepareAtAll(round);
  }

  /** Begins what waited for a quorum, in the order asked. */
  #beginWaiting(at: Moment): void {
    this.#isUnblocked = false;
    for (const round of this.#table.rounds()) {
      if (!round.begun && this.#followers.leaderOf(round) === undefined) this.#begin(round, at);
    }
  }

  /** Gives up or releases, as the claim stands (rule 5.5). Unknown when it has ended already. */
  release(claim: ClaimId, at: Moment): void {
    const round = this.#table.byClaim(claim);
    if (round === undefined) return;
    const { lingerMs, phase, contended } = round;
    const isHeld = phase.state === 'held';
    if (isHeld && lingerMs > 0 && !contended && !this.#isRetired) this.#keep(round, at);
    else this.#end(round, at);
    this.#settle(at);
  }

  /** Its claim is released, and nobody else is known to want it (rules 8.2, 8.5). */
  #keep(round: Round, at: Moment): void {
    const [next] = this.#followers.of(round);
    if (next === undefined) {
      this.#enter(round, { state: 'lingering', until: later(at.now, round.lingerMs) });
      this.#table.linger(round);
    } else if (round.given < round.span) {
      this.#drop(next);
      this.#table.resume(round, next.claim);
      round.lingerMs = next.lingerMs;
      this.#grantNext(round);
      this.#giveUpOthers(next, at);
    } else {
      next.span = this.#spanAfter(round.span);
      this.#end(round, at);
    }
  }

  /** Its holder asks to be told when others want it (rule 8.6). */
  heed(claim: ClaimId): void {
    const round = this.#table.byClaim(claim);
    if (round?.phase.state !== 'held' || round.heed !== 'unasked') return;
    round.heed = 'asked';
    if (round.contended || this.#followers.of(round).length > 0) this.#tellWanted(round);
    // Voters say so of what may linger: of this they have not been asked yet.
    else if (round.lingerMs === 0) this.#prepareAtAll(round);
  }

  /** Its holder goes on with what it shares with others (rule 8.9). */
  downgrade(claim: ClaimId, at: Moment): void {
    const round = this.#table.byClaim(claim);
    if (round?.phase.state !== 'held' || !round.resources.some(isExclusive)) return;
    assert(round.value === null, 'what leads is not shared');
    const { byName } = this.#table;
    byName.share(round);
    round.lingerMs = 0;
    // Those of other peers may want to share it: voters tell of the others.
    round.contended = byName.nextAfter(round).length > 0 || byName.hasOlderWaiting(round);
    this.#prepareAtAll(round);
    this.#succeed(round, at);
    const { id, incarnation } = this.#options;
    const held = roundId(id, incarnation, round.number);
    for (const next of [...this.#table.awaiting(held)]) {
      if (!conflicts(next.resources, round.resources)) this.#pass(next, held, round.token);
    }
    this.#settle(at);
  }

  /** What its votes wait for is in its way no longer. */
  #pass(round: Round, other: RoundId, token: Stamp): void {
    for (const [seat, ballot] of round.ballots.entries()) {
      if (!ballot?.vote?.pending.includes(other)) continue;
      const vote = withoutPending(ballot.vote, other, token);
      this.#table.setBallot(round, seat, { ...ballot, vote });
    }
    this.#changed.push(round);
  }

  /** Others want it: it does not linger, and its holder may wish to know. */
  #want(round: Round): void {
    round.contended = true;
    this.#tellWanted(round);
  }

  #tellWanted(round: Round): void {
    if (round.heed !== 'asked' || round.phase.state !== 'held') return;
    round.heed = 'told';
    this.#around.emit({ type: 'wanted', claim: round.claim });
  }

  /** Nothing lingers from now on (rule 8.4). */
  retire(at: Moment): void {
    this.#isRetired = true;
    for (const round of this.#table.lingering()) this.#end(round, at);
    this.#settle(at);
  }

  /** A voter in another session has expired or forgotten what it said (rules 6.5, 7.2). */
  onSession(voter: PeerId, session: SessionOf, at: Moment): void {
    if (!this.#ledger.enter(voter, session, at.lease)) return;
    const seat = this.#seatOf(voter);
    for (const round of this.#table.rounds()) {
      const ballot = round.ballots[seat];
      if (ballot === undefined) continue;
      const vote = isCommitted(round) ? ballot.vote : null;
      // Generations start again with a new incarnation: what was given back is of the older one.
      const before = { ...ballot, vote, yielded: generation(0), current: false };
      this.#table.setBallot(round, seat, before);
    }
  }

  /** A voter has echoed a stamp of this peer in its present session (rule 6.4). */
  onEcho(voter: PeerId, echo: LeaseTimeMs, at: Moment): void {
    if (!this.#ledger.renew(voter, echo, at.lease)) return;
    for (const round of this.#table.rounds()) this.#changed.push(round);
    this.#settle(at);
  }

  /** Tells a voter all that it should know, once it has greeted (rule 3.4). */
  tellAll(voter: PeerId, at: Moment): void {
    const seat = this.#seatOf(voter);
    const rounds = this.#table.roundsAt(seat);
    const numbers = rounds.map(({ number }) => number);
    for (const live of liveOf(numbers, this.#table.lastNumber)) this.#around.post(voter, live);
    for (const { number, ballots } of rounds) {
      const ballot = ballots[seat];
      if (ballot === undefined || ballot.vote !== null || ballot.yielded === 0) continue;
      this.#around.post(voter, { type: 'yield', round: number, generation: ballot.yielded });
    }
    const begun = rounds.filter((round) => round.begun);
    // Committed ones first: a voter in recovery keeps that order (rule 7.2).
    for (const round of begun) if (isCommitted(round)) this.#prepare(round, voter);
    for (const round of begun) if (!isCommitted(round)) this.#prepare(round, voter);
    this.onUnlinked(voter, at);
  }

  /** The link to a voter is gone, or new: it has not answered there, though its votes stand. */
  onUnlinked(voter: PeerId, at: Moment): void {
    const seat = this.#seatOf(voter);
    for (const round of this.#table.rounds()) {
      const ballot = round.ballots[seat];
      if (ballot?.current !== true) continue;
      this.#table.setBallot(round, seat, { ...ballot, current: false });
      this.#watchAnswers(round, at);
    }
  }

  /**
   * These voters vote. Where that makes the first quorum, what was asked for until now begins (rule
   * 5.1), with tokens past the floors that were taken meanwhile, and tickets that go in the same
   * order as these among all peers; and too few answers for too long end a claim from now on (rule
   * 5.6).
   */
  onVoting(isVoting: (voter: PeerId) => boolean, at: Moment): void {
    if (this.#seen.isAll) return;
    this.#seen.add(isVoting);
    this.#beginWaiting(at);
  }

  /** Rule 5.2. A vote that was given back meanwhile is stale: ignored. */
  onVote(voter: PeerId, message: Vote, at: Moment): void {
    const round = this.#table.byNumber(message.round);
    if (round === undefined) return;
    const seat = this.#seatOf(voter);
    const before = round.ballots[seat] ?? noBallot;
    if (message.generation <= before.yielded) return;
    const present = this.#ledger.presentOf(voter);
    assert(present !== undefined, 'a voter greets before it votes');
    const cast: CastVote = {
      incarnation: present.incarnation,
      session: present.session,
      generation: message.generation,
      token: message.token,
      pending: message.after,
      floor: message.floor,
    };
    const vote = this.#table.settled(renewed(cast, before.vote));
    this.#watch(round, vote);
    this.#table.setBallot(round, seat, voted(before, vote));
    this.#watchAnswers(round, at);
    if (!isUnconditional(vote)) this.#failTries(round, at);
    if (isCommitted(round)) {
      this.#losses.reconsider(round);
      this.#checkHeld(round, at);
      this.#settle(at);
      return;
    }
    // Raised early, while others stand ahead, so that the trip is not lost later (rule 5.3).
    if (!isUnconditional(vote) && vote.floor >= firstToken(round)) this.#raise(round);
    this.#changed.push(round);
    this.#settle(at);
  }

  /** Recorded there; a vote given before stands. */
  onQueued(voter: PeerId, message: Queued, at: Moment): void {
    const round = this.#table.byNumber(message.round);
    if (round === undefined) return;
    const { ahead, holders, floor } = message;
    const seat = this.#seatOf(voter);
    const before = round.ballots[seat] ?? noBallot;
    const answer = answerAfter(before, 'queued');
    const ballot: Ballot = { ...before, answer, current: true, ahead, holders };
    this.#table.setBallot(round, seat, ballot);
    this.#watchAnswers(round, at);
    if (ahead > 0) this.#failTries(round, at);
    // One that steals does so from none whose token is greater (rule 8.8).
    if (round.phase.state === 'undecided' && floor >= firstToken(round)) this.#raise(round, floor);
  }

  /**
   * Refused there; a vote given before stands. Too many refusals end the claim (section 8, try).
   */
  onRefuse(voter: PeerId, message: Refuse, at: Moment): void {
    const round = this.#table.byNumber(message.round);
    if (round === undefined) return;
    const { reason, holders } = message;
    const seat = this.#seatOf(voter);
    const before = round.ballots[seat] ?? noBallot;
    const ahead = holders.length;
    const ballot: Ballot = { ...before, answer: reason, current: true, ahead, holders };
    this.#table.setBallot(round, seat, ballot);
    this.#watchAnswers(round, at);
    if (isCommitted(round)) {
      // It was said before the grant was heard, and the COMMIT found no entry (rule 5.2).
      if (isDropped(ballot)) this.#prepare(round, voter);
      return;
    }
    const why = refusal(round, this.#options.quorum);
    if (why === null) return;
    this.#fail(round, at, { reason: why, standing: this.#standing(round, at) });
    this.#settle(at);
  }

  /** Rule 5.4: decided or ended, there is nothing to give back. */
  onInquire(voter: PeerId, number: RoundNumber, asked: Generation): void {
    const round = this.#table.byNumber(number);
    if (round === undefined || isCommitted(round)) return;
    const seat = this.#seatOf(voter);
    const before = round.ballots[seat] ?? noBallot;
    // Behind a newer vote: an answer to an older question, given already.
    if (before.yielded > asked || (before.vote?.generation ?? 0) > asked) return;
    const answer = answerAfter(before, 'yielded');
    const ballot: Ballot = { ...before, answer, current: true, vote: null, yielded: asked };
    this.#table.setBallot(round, seat, ballot);
    this.#around.post(voter, { type: 'yield', round: number, generation: asked });
  }

  /** Gives all votes back, without being asked for each. */
  #giveBack(round: Round): void {
    for (const seat of round.electorate.seats) {
      const before = round.ballots[seat];
      if (!before?.vote) continue;
      const { generation: yielded } = before.vote;
      const answer = answerAfter(before, 'yielded');
      this.#table.setBallot(round, seat, { ...before, answer, vote: null, yielded });
      const message = { type: 'yield', round: round.number, generation: yielded } as const;
      this.#around.post(this.#voterAt(seat), message);
    }
  }

  /** Rule 8.3: what nobody holds is let go at once; what is held is said to be so. */
  onContended(voter: PeerId, number: RoundNumber, at: Moment): void {
    const round = this.#table.byNumber(number);
    if (round === undefined || !isCommitted(round)) return;
    this.#want(round);
    this.#succeed(round, at);
    if (round.phase.state === 'held') {
      this.#around.post(voter, { type: 'commit', round: number, token: round.token });
      return;
    }
    this.#end(round, at);
    this.#settle(at);
  }

  /** Rule 8.8: what is held is lost, and what is promised given back. */
  onRevoke({ round: number, token }: Revoke, at: Moment): void {
    const round = this.#table.byNumber(number);
    if (round === undefined) return;
    if (!isCommitted(round)) return this.#giveBack(round);
    // Whoever steals may have held it before; if not, it is about to exceed this one.
    if (token <= round.token) return;
    const { claim, phase } = round;
    this.#end(round, at);
    if (phase.state === 'held') this.#around.emit({ type: 'lost', claim, reason: 'stolen' });
    this.#settle(at);
  }

  /** Another claim waits for a round of this peer: perhaps in a circle (rules 9.3 and 9.4). */
  onChase(voter: PeerId, message: Chase, at: Moment): void {
    const found = this.#deadlocks.onChase(voter, message);
    if (found === undefined) return;
    this.#fail(found.round, at, { reason: 'deadlock', cycle: found.cycle });
    this.#settle(at);
  }

  /** Another peer waits for the end of a round of this one (rule 10.4). */
  onWatch(peer: PeerId, number: RoundNumber): void {
    const round = this.#table.byNumber(number);
    if (round === undefined || round.watchers.includes(peer)) return;
    round.watchers = [...round.watchers, peer];
  }

  /** A round has ended, by its owner's word: votes that waited for it may be effective now. */
  onEnded({ peer, incarnation }: Sender, message: Release | Abort, at: Moment): void {
    // What begins later may be told of it only where this news is late: a newer vote will say.
    if (this.#table.sizes.rounds === 0) return;
    const id = roundId(peer, incarnation, message.round);
    const token = message.type === 'release' ? message.token : null;
    for (const round of this.#table.end(id, token)) this.#changed.push(round);
    this.#settle(at);
  }

  /** Time has passed: claims lost by now are lost for good, others have waited long enough. */
  advance(at: Moment): void {
    if (at.lease >= this.#lossAt) {
      for (const round of this.#losses.suspects(at.lease)) this.#checkHeld(round, at);
      this.#lossAt = this.#losses.settle();
    }
    if (at.now >= this.#answersDueAt) this.#endUnanswered(at);
    for (let due = this.#table.takeDue(at.now); due !== undefined; ) {
      this.#endWait(due, at);
      due = this.#table.takeDue(at.now);
    }
    for (let over = this.#table.nextOver(at.now); over !== undefined; ) {
      this.#end(over, at);
      over = this.#table.nextOver(at.now);
    }
    this.#deadlocks.advance(at.now);
    this.#settle(at);
  }

  snapshot(at: Moment): CoordinatorSnapshot {
    return {
      table: this.#table.snapshot(at.now, at.lease),
      followers: this.#followers.snapshot(this.#table.rounds()),
      ledger: this.#ledger.snapshot(at.lease),
      seen: this.#seen.snapshot(),
      isRetired: this.#isRetired,
      probesPassed: this.#deadlocks.snapshot(),
    };
  }

  restore(snapshot: CoordinatorSnapshot, at: Moment): void {
    this.#table.restore(snapshot.table, at.now, at.lease);
    for (const [number, of] of snapshot.followers) {
      const round = this.#table.byNumber(number);
      const leader = this.#table.byNumber(of);
      assert(round !== undefined && leader !== undefined, 'who follows is there, and is followed');
      this.#followers.add(leader, round);
    }
    this.#ledger.restore(snapshot.ledger, at.lease);
    this.#seen.restore(snapshot.seen);
    this.#isRetired = snapshot.isRetired;
    this.#deadlocks.restore(snapshot.probesPassed);
    this.#findLoss();
    let answersDueAt = Number.POSITIVE_INFINITY;
    for (const round of this.#table.rounds()) {
      if (isUnanswered(round.phase)) this.#unanswered += 1;
      if (isBound(round)) this.#deadlocks.add(round);
      answersDueAt = Math.min(answersDueAt, this.#answerDueAt(round));
    }
    this.#answersDueAt = timeMs(answersDueAt);
  }

  /** Starts or stops the time in which a quorum must answer (rule 5.6). */
  #watchAnswers(round: Round, at: Moment): void {
    const { phase } = round;
    if (phase.state !== 'undecided' || !round.begun) return;
    const isEnough = isAnswered(round, this.#options.quorum);
    if (isEnough === (phase.unansweredSince === null)) return;
    this.#enter(round, isEnough ? answeredPhase : { state: 'undecided', unansweredSince: at.now });
    if (isEnough) return;
    const dueAt = later(at.now, this.#options.prepareTimeoutMs);
    if (dueAt < this.#answersDueAt) this.#answersDueAt = dueAt;
  }

  #enter(round: Round, phase: Phase): void {
    if (isBound(round) && phase.state !== 'undecided') this.#deadlocks.remove(round);
    if (isUnanswered(round.phase)) this.#unanswered -= 1;
    if (isUnanswered(phase)) this.#unanswered += 1;
    round.phase = phase;
    if (this.#unanswered === 0) this.#answersDueAt = timeMs(Number.POSITIVE_INFINITY);
  }

  /** Looks at all rounds, and finds when it is to look again. */
  #endUnanswered(at: Moment): void {
    let next = Number.POSITIVE_INFINITY;
    for (const round of [...this.#table.rounds()]) {
      const dueAt = this.#answerDueAt(round);
      if (dueAt <= at.now) this.#endWait({ item: round, at: dueAt }, at);
      else next = Math.min(next, dueAt);
    }
    this.#answersDueAt = timeMs(next);
  }

  /** When enough voters must have answered; Infinity when they have, or need not. */
  #answerDueAt({ phase }: Round): TimeMs {
    if (!isUnanswered(phase)) return timeMs(Number.POSITIVE_INFINITY);
    return later(phase.unansweredSince, this.#options.prepareTimeoutMs);
  }

  /** Decides what has become decidable, and what that makes decidable in turn. */
  #settle(at: Moment): void {
    for (const round of this.#changed) this.#decide(round, at);
    // An array keeps its room when its last is taken, and gives it up when its length is set.
    while (this.#changed.length > 0) this.#changed.pop();
    if (this.#isUnblocked) this.#beginWaiting(at);
  }

  /** Rules 5.2 and 5.3. */
  #decide(round: Round, at: Moment): void {
    if (round.phase.state !== 'undecided') return;
    const counts = (seat: number, vote: CastVote): boolean => this.#limitAt(seat, vote) > at.lease;
    const result = tally(round, this.#options.quorum, counts);
    if (result === 'short' || this.#table.byName.hasOlderUndecided(round)) return;
    if (result === 'token-too-low') this.#raise(round);
    if (result === 'granted') this.#grant(round, at);
  }

  #grant(round: Round, at: Moment): void {
    this.#enter(round, { state: 'held', maxHoldUntil: later(at.lease, round.maxHoldMs) });
    round.given = 1;
    const { number, claim, token } = round;
    const commit: Commit = { type: 'commit', round: number, token };
    for (const seat of round.electorate.seats) {
      const voter = this.#voterAt(seat);
      const ballot = round.ballots[seat];
      // Where there is no entry to commit, one is asked for: its vote is good for holding.
      if (ballot !== undefined && isDropped(ballot)) this.#prepare(round, voter);
      else this.#around.post(voter, commit);
    }
    this.#lossAt = leaseTimeMs(Math.min(this.#lossAt, this.#validUntil(round)));
    this.#around.emit({ type: 'granted', claim, round: number, token: tokenOf(round) });
    this.#giveUpOthers(round, at);
    this.#lead(round);
    for (const next of this.#table.byName.nextAfter(round)) {
      if (this.#followers.leaderOf(next) === round) continue;
      round.contended = true;
      this.#changed.push(next);
    }
    // Those that it has passed conflict as well (rule 8.8).
    if (this.#table.byName.hasOlderWaiting(round)) round.contended = true;
    this.#failTries(round, at);
  }

  /** This peer need not hear of it from a voter (rule 8.7). */
  #lead({ resources, token, value }: Round): void {
    if (value === null) return;
    const leader = { peer: this.#options.id, value };
    for (const { name } of resources) this.#around.leaders.lead(name, token, leader);
  }

  /** A round that is kept has gone to the next claim of this peer (rules 8.2, 8.5). */
  #grantNext(round: Round): void {
    const { claim } = round;
    this.#enter(round, { state: 'held', maxHoldUntil: leaseTimeMs(Number.POSITIVE_INFINITY) });
    round.given += 1;
    round.heed = 'unasked';
    this.#around.emit({ type: 'granted', claim, round: round.number, token: tokenOf(round) });
  }

  /** One of these is enough: before any other is granted, and refuses others' tries for it. */
  #giveUpOthers({ alternatives, claim }: Round, at: Moment): void {
    for (const other of alternatives) {
      const round = other === claim ? undefined : this.#table.byClaim(other);
      if (round?.phase.state === 'undecided') this.#end(round, at);
    }
  }

  /** A claim of this peer is to come that conflicts: nothing lingers in its way (rule 8.4). */
  #wantAll(resources: readonly Resource[], at: Moment): void {
    for (const { name } of resources) {
      // None comes after one that follows: those who would conflict.
      const last = this.#table.byName.lastOn(name);
      const leader = last && this.#followers.leaderOf(last);
      if (leader !== undefined) this.#freeFollowers(leader, at);
    }
    for (const round of this.#table.byName.committedAgainst(resources)) {
      if (round.phase.state === 'lingering') this.#end(round, at);
      else this.#want(round);
    }
  }

  /** The least token above every floor heard, told to all voters (rule 5.3). */
  #raise(round: Round, floor: Stamp = noStamp): void {
    let token = greater(round.token, floor);
    for (const ballot of round.ballots) {
      if (ballot?.vote) token = greater(token, ballot.vote.floor);
    }
    round.token = nextStamp(token);
    // Others want it, too: more than one token would not be used.
    round.span = 1;
    this.#around.clock.merge(round.token);
    this.#prepareAtAll(round);
  }

  #prepareAtAll(round: Round): void {
    if (round.electorate.groups.length === 1) {
      this.#postToAll(round, prepareOf(round, round.resources));
      return;
    }
    for (const seat of round.electorate.seats) this.#prepare(round, this.#voterAt(seat));
  }

  #prepare(round: Round, voter: PeerId): void {
    const resources = this.#groups.resourcesAt(this.#seatOf(voter), round.resources);
    this.#around.post(voter, prepareOf(round, resources));
  }

  /** One object for all: nobody changes a message. */
  #postToAll(round: Round, message: CoordinatorMessage): void {
    for (const seat of round.electorate.seats) this.#around.post(this.#voterAt(seat), message);
  }

  /**
   * Asks the owners of rounds that a vote waits for to be told of their end, unless they tell this
   * peer as a voter, or have been asked (rule 10.4).
   */
  #watch(round: Round, { pending }: CastVote): void {
    if (pending.length === 0 || this.#isToldOf(round)) return;
    for (const id of pending) {
      const { peer, incarnation, number } = partsOf(id);
      if (peer === this.#options.id || this.#table.awaiting(id).length > 0) continue;
      this.#around.post(peer, { type: 'watch', incarnation, round: number });
    }
  }

  /** Whether this peer votes on all that the round is on, and so hears of all that conflict. */
  #isToldOf({ electorate }: Round): boolean {
    const seat = this.#seats.get(this.#options.id);
    return seat !== undefined && electorate.groups.every((group) => hasSeat(group, seat));
  }

  /** RELEASE of what was held, ABORT of what was not; of what has not begun nobody knows. */
  #end(round: Round, at: Moment): void {
    const token = isCommitted(round) ? round.token : null;
    const isFollower = this.#followers.leaderOf(round) !== undefined;
    const hasOthers = this.#drop(round);
    this.#losses.remove(round);
    if (round.begun) this.#tellEnd(round, token);
    if (round.value !== null && token !== null) {
      for (const { name } of round.resources) this.#around.leaders.end(name, token);
    }
    // Nobody names it to a round of this peer that begins later: it is told of the ending first.
    if (!hasOthers) return;
    if (round.begun) {
      const { id, incarnation } = this.#options;
      const ended = roundId(id, incarnation, round.number);
      for (const waiting of this.#table.end(ended, token)) this.#changed.push(waiting);
    } else if (!isFollower) {
      this.#isUnblocked = true;
    }
    for (const next of this.#table.byName.nextAfter(round)) this.#changed.push(next);
    this.#succeed(round, at);
  }

  #tellEnd(round: Round, token: Stamp | null): void {
    const { number } = round;
    const message: Release | Abort =
      token === null ? { type: 'abort', round: number } : { type: 'release', round: number, token };
    this.#postToAll(round, message);
    for (const peer of round.watchers) {
      if (!this.#isAsked(round, peer)) this.#around.post(peer, message);
    }
  }

  /** @returns whether other rounds of this peer are on one of its names */
  #drop(round: Round): boolean {
    const hasOthers = this.#table.remove(round);
    this.#followers.remove(round);
    this.#enter(round, overPhase);
    return hasOthers;
  }

  #fail(round: Round, at: Moment, failure: RoundFailure): void {
    const all = [{ round, failure }, ...this.#failedWith(round, at, failure)];
    for (const { round: over } of all.toReversed()) this.#end(over, at);
    for (const { round: over, failure: why } of all) {
      this.#around.emit({ type: 'failed', claim: over.claim, failure: why });
    }
  }

  /** Those that follow would be told the same by the same voters, but for their time to wait. */
  #failedWith(
    leader: Round,
    at: Moment,
    { reason }: RoundFailure,
  ): readonly { readonly round: Round; readonly failure: StandingFailure }[] {
    if (reason === 'timeout' || reason === 'deadlock') return [];
    const alike = reason === 'busy' ? this.#followers.triesOf(leader) : this.#followers.of(leader);
    return alike.map((round) => {
      return { round, failure: { reason, standing: this.#standing(round, at) } };
    });
  }

  /** A round whose time may be up: the wait limit, or the limit on answers. */
  #endWait({ item: round, at: setFor }: Due<Round>, at: Moment): void {
    const { phase, patience, waitUntil } = round;
    if (phase.state !== 'undecided') return;
    const { unansweredSince } = phase;
    const { prepareTimeoutMs } = this.#options;
    const isUnheard =
      unansweredSince !== null && later(unansweredSince, prepareTimeoutMs) <= at.now;
    if (!isUnheard && waitUntil > at.now) return;
    const isTry = patience === 'try';
    let reason: 'no-quorum' | 'busy' | 'timeout' = isTry ? 'busy' : 'timeout';
    const asked = this.#followers.leaderOf(round) ?? round;
    // One that has seen a quorum, and has not begun, waits for an older one of this peer (10.3).
    const isBehind = !asked.begun && this.#seen.quorumOf(asked);
    const isAsked = isTry && !isBehind;
    if (isUnheard || (isAsked && !isAnswered(asked, this.#options.quorum))) reason = 'no-quorum';
    // This process stood still: the answers may be waiting to be read.
    const graceMs = Math.ceil(prepareTimeoutMs / 4);
    if (reason === 'no-quorum' && at.now - setFor > graceMs) {
      this.#table.putOff(round, later(at.now, graceMs));
      return;
    }
    this.#fail(round, at, { reason, standing: this.#standing(round, at) });
  }

  /** Lost is final (rule 6.6): a claim that was invalid for a moment is over. */
  #checkHeld(round: Round, at: Moment): void {
    const { phase } = round;
    if (!isCommitted(round)) return;
    const until = this.#validUntil(round);
    if (until > at.lease) {
      this.#lossAt = leaseTimeMs(Math.min(this.#lossAt, until));
      return;
    }
    this.#end(round, at);
    if (phase.state !== 'held') return;
    const reason = phase.maxHoldUntil <= at.lease ? 'max-hold' : 'lease';
    this.#around.emit({ type: 'lost', claim: round.claim, reason });
  }

  #findLoss(): void {
    let at = Number.POSITIVE_INFINITY;
    for (const round of this.#table.rounds()) {
      if (isCommitted(round)) at = Math.min(at, this.#validUntil(round));
    }
    this.#lossAt = leaseTimeMs(at);
  }

  /**
   * The (N − q + 1)-th latest limit of its effective votes, in the group where that is soonest; or
   * the end of its longest hold (6.6).
   */
  #validUntil(round: Round): LeaseTimeMs {
    const { phase } = round;
    assert(isCommitted(round), 'only what is committed is valid');
    let until = phase.state === 'held' ? phase.maxHoldUntil : Number.POSITIVE_INFINITY;
    for (const group of round.electorate.groups) {
      until = Math.min(until, this.#groupUntil(round, group));
    }
    return leaseTimeMs(until);
  }

  #groupUntil(round: Round, { seats }: Group): number {
    const limits = this.#limits;
    let count = 0;
    for (const seat of seats) {
      const vote = round.ballots[seat]?.vote ?? null;
      if (vote === null || !isUnconditional(vote)) continue;
      insertLatestFirst(limits, this.#limitAt(seat, vote), count);
      count += 1;
    }
    const needed = seats.length - this.#options.quorum + 1;
    return count < needed ? Number.NEGATIVE_INFINITY : (limits[needed - 1] ?? 0);
  }

  #seatOf(voter: PeerId): number {
    const seat = this.#seats.get(voter);
    assert(seat !== undefined, 'only voters have ballots');
    return seat;
  }

  #voterAt(seat: number): PeerId {
    const voter = this.#options.voters[seat];
    assert(voter !== undefined, 'each seat is of a voter');
    return voter;
  }

  /** Whether a peer is one of the voters of a round. */
  #isAsked({ electorate }: Round, peer: PeerId): boolean {
    const seat = this.#seats.get(peer);
    return seat !== undefined && electorate.seats.includes(seat);
  }

  /** When the vote of the voter at this seat stops to count. */
  #limitAt(seat: number, vote: CastVote): LeaseTimeMs {
    return this.#ledger.limitOf(this.#voterAt(seat), vote);
  }

  #standing(round: Round, at: Moment): Standing {
    const names = round.resources.map(({ name }) => name);
    const leader = this.#followers.leaderOf(round);
    const asked = leader ?? round;
    return describeStanding(asked, {
      hasBegun: asked.begun,
      voters: this.#options.voters,
      isLinked: this.#around.isLinked,
      isSeen: (group) => this.#seen.quorumIn(group),
      namesOf: ({ mask }) => names.filter((name) => this.#groups.groupOf(name).mask === mask),
      seen: this.#around.holdersAhead(asked.number, at),
      follows: leader && {
        peer: this.#options.id,
        place: this.#followers.of(leader).indexOf(round),
      },
    });
  }
}

function prepareOf(round: Round, resources: readonly Resource[]): Prepare {
  const { number, ticket, token, patience, maxHoldMs, lingerMs, contended, heed, value } = round;
  return {
    type: 'prepare',
    round: number,
    resources,
    ticket,
    token,
    committed: isCommitted(round),
    patience,
    maxHoldMs,
    lingers: (lingerMs > 0 || heed === 'asked') && !contended,
    value,
  };
}

/** The token that a round was last granted with, or is to be granted with first. */
function tokenOf(round: Round): Stamp {
  if (!round.begun) return noStamp;
  return stampsOn(firstToken(round), Math.max(0, round.given - 1));
}

/** Among the first `count`. As quick as a sort is not, for so few: `held` asks at each look. */
function insertLatestFirst(limits: LeaseTimeMs[], limit: LeaseTimeMs, count: number): void {
  let index = count;
  for (; index > 0; index--) {
    const before = limits[index - 1];
    if (before === undefined || before >= limit) break;
    limits[index] = before;
  }
  limits[index] = limit;
}

function voted(before: Ballot, vote: CastVote): Ballot {
  const answer = answerAfter(before, 'voted');
  const { yielded } = before;
  return { answer, current: true, vote, yielded, ahead: vote.pending.length, holders: noHolders };
}

/** Nothing said on the same link takes a refusal back: a try that would wait has failed there. */
function answerAfter({ answer, current }: Ballot, next: Ballot['answer']): Ballot['answer'] {
  return current && answer === 'busy' ? answer : next;
}

const noClaims: readonly ClaimId[] = Object.freeze([]);

const noHolders: readonly Holder[] = Object.freeze([]);

const nobody: readonly PeerId[] = Object.freeze([]);

/** Whether it waits, and its caller holds something meanwhile. */
function isBound({ holding, phase }: Round): boolean {
  return holding.length > 0 && phase.state === 'undecided';
}

type Unanswered = Phase & { readonly state: 'undecided'; readonly unansweredSince: TimeMs };

function isUnanswered(phase: Phase): phase is Unanswered {
  return phase.state === 'undecided' && phase.unansweredSince !== null;
}

/** Nobody is waited for: a quorum has answered, or none has been asked. */
const answeredPhase: Phase = Object.freeze({ state: 'undecided', unansweredSince: null });

const overPhase: Phase = Object.freeze({ state: 'over' });

/** What an unheard voter has said. */
const noBallot: Ballot = {
  answer: 'queued',
  current: false,
  vote: null,
  yielded: generation(0),
  ahead: 0,
  holders: noHolders,
};
