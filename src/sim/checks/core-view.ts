/**
 * What is known of one core, that is of one incarnation of a peer, from its steps alone: its
 * claims, its links, what it has heard as a coordinator and what it keeps as a voter.
 */

import type { WatchedCore } from '../../peer/runtime.ts';
import { conflicts } from '../../protocol/claim.ts';
import type { ClaimId, Incarnation, PeerId, RoundNumber, Stamp } from '../../protocol/ids.ts';
import { roundId, roundNumber } from '../../protocol/ids.ts';
import type { Acquire, Time } from '../../protocol/input.ts';
import type { Live, Message } from '../../protocol/message.ts';
import type { VoterState } from '../../protocol/output.ts';
import type { Host } from '../host.ts';
import { EntriesKept } from './entries-kept.ts';
import { HeldLooks } from './held-looks.ts';
import type { KeptSession } from './kept-entry.ts';
import type { MeshFacts } from './mesh-facts.ts';
import { type Tenure, VotesHeard } from './votes-heard.ts';

/** A claim, from when it is asked for to its end. */
export interface Claim {
  readonly core: CoreView;
  /** For shared resources only, once it is downgraded (rule 8.9). */
  asked: Acquire;
  /** Of its round: the next of its core (see `RoundNumber`), or that which it is granted on. */
  number: RoundNumber;
  /** By the count of its core's steps. */
  readonly askedIn: number;
  state: 'waiting' | 'held';
  grant: Grant | null;
  /** How long it would still have been valid, when it was last looked at after a step. */
  validForMs: number;
  /** For how long it had been invalid when its core began the present step; negative: was not. */
  overdueMs: number;
  /** Whether a PREPARE of its own round was said to anybody. */
  isToldOf: boolean;
  /** Whose round it was granted on, at no message; `null` for one with a round of its own. */
  before: Claim | null;
  /** Other voters whose votes were seen to decide it. */
  supporters: readonly PeerId[];
  /** What it has cost (messages.ts). */
  readonly account: Account;
}

/** The messages of a claim, and what they are weighed against. */
export interface Account {
  messages: number;
  /** Looked at again when there are so many. */
  allowed: number;
  /** How many claims on its names had ended when it was asked for. */
  readonly endedBefore: number;
  /** How many links had come up by then. */
  readonly linkUpsBefore: number;
}

export interface Grant {
  readonly token: Stamp;
  /** In true time. */
  readonly atUs: number;
  /** By the clocks of its machine. */
  readonly time: Time;
}

/** A link as one end sees it. */
export interface LinkView {
  readonly peer: PeerId;
  readonly incarnation: Incarnation;
  /** Whether the other end is a voter. */
  readonly isVoter: boolean;
  /** What this end keeps for the other; `null` if this end is no voter. */
  readonly session: KeptSession | null;
  /** The session that the other end keeps for this one; `null` before its HELLO. */
  tenure: Tenure | null;
  /** Whether the other end is a voter in recovery, as it has said. */
  recovers: boolean;
  /** When a frame was last sent, or the link was made. */
  sentAt: number;
  /** Of the latest frame that was taken in; 0 before the first. */
  sequence: number;
  /** When the other's HELLO was heard, by the count of steps; Infinity before. */
  greetedIn: number;
  /** The rounds that were asked about on it, and those of them that are to be answered. */
  readonly asked: Set<RoundNumber>;
  /** With the step in which they were asked about. */
  readonly unanswered: Map<RoundNumber, number>;
}

interface CoreBeginning {
  readonly mesh: MeshFacts;
  readonly time: Time;
  readonly isRestarted: boolean;
}

/** How far the wall clock may fall behind before it is noticed, in ms (lease-clock.ts). */
const unnoticedMs = 20;

export class CoreView {
  readonly host: Host;
  readonly core: WatchedCore;
  readonly process: Host['process'];
  readonly mesh: MeshFacts;
  readonly isVoter: boolean;
  /** Whether there was another core on its host before. */
  readonly isRestarted: boolean;
  readonly links: Map<PeerId, LinkView> = new Map();
  readonly claims: Map<ClaimId, Claim> = new Map();
  readonly byNumber: Map<RoundNumber, Claim> = new Map();
  readonly held: Set<Claim> = new Set();
  /** Those of them that are looked at step by step. */
  readonly looks: HeldLooks<Claim>;
  /** The claims that were released last on rounds that may linger, until RELEASE (rule 8.2). */
  readonly lingering: Map<RoundNumber, Claim> = new Map();
  readonly votes: VotesHeard;
  readonly entries: EntriesKept;
  /** The other voters that have said SETTLED to this incarnation. */
  readonly settled: Set<PeerId> = new Set();
  /** Whether it is a voter that votes, as it has told. */
  isVoting = false;
  /** The same, or it tells so in the present step. */
  mayVote = false;
  /** Whether its machine was ever so slow that its turns took time. */
  wasSlow = false;
  /** How many steps it has begun. */
  steps = 0;
  /** The first in which it told that a quorum votes; Infinity before (rule 5.1). */
  readyIn: number = Number.POSITIVE_INFINITY;
  /** The greatest stamp of hybrid clocks that it has seen, its own included. */
  clock = 0;
  /** The same before the step in which it left recovery. */
  clockOfRecovery = 0;
  /** When it last stepped, in true time. */
  steppedUs = 0;
  /** When its machine, while it held something, was last seen not to run as it should. */
  hamperedUs: number = Number.NEGATIVE_INFINITY;
  /** Its lease clock shows this, or more (rule 6.7). */
  leaseMs: number;
  /** Of its latest step. */
  time: Time;
  #clockBefore = 0;
  #numbers = 0;
  #firstAskedIn = Number.POSITIVE_INFINITY;

  constructor(host: Host, core: WatchedCore, at: CoreBeginning) {
    const { mesh, time, isRestarted } = at;
    this.host = host;
    this.core = core;
    this.process = host.process;
    this.mesh = mesh;
    this.isRestarted = isRestarted;
    this.isVoter = mesh.voters.includes(core.peer);
    this.votes = new VotesHeard(mesh.countMs, mesh.limits.endingsMax);
    this.entries = new EntriesKept(mesh.leaseMs);
    this.time = time;
    this.leaseMs = time.now;
    this.looks = new HeldLooks<Claim>(this);
  }

  /** Moves its clocks on. @returns by how much its lease clock has moved, at least */
  pass(time: Time): number {
    const gainedMs = time.wall - this.time.wall - (time.now - this.time.now);
    const passedMs = time.now - this.time.now + Math.max(0, gainedMs - unnoticedMs);
    this.steps += 1;
    if (this.host.machine.turnCostUs > 0) this.wasSlow = true;
    this.#clockBefore = this.clock;
    this.time = time;
    this.leaseMs += passedMs;
    return passedMs;
  }

  /** A claim has a round: a new one, or that of the one before (rule 8.2). */
  open(claim: Claim): void {
    const { number, before } = claim;
    this.byNumber.set(number, claim);
    if (before === null) this.votes.open(number);
    else this.lingering.delete(number);
  }

  /** A claim is granted on a round: its own, or that which it has followed (rule 8.5). */
  giveRound(claim: Claim, round: RoundNumber): void {
    const before = round === claim.number ? undefined : this.lingering.get(round);
    if (before === undefined) return;
    this.byNumber.delete(claim.number);
    this.votes.close(claim.number);
    claim.number = before.number;
    claim.before = before;
    claim.supporters = before.supporters;
    this.open(claim);
  }

  /** A claim is over. @param lingers whether its round may stay */
  close(claim: Claim, lingers: boolean): void {
    const { number } = claim;
    this.byNumber.delete(number);
    if (lingers) this.lingering.set(number, claim);
    else this.votes.close(number);
  }

  /** What it holds is shared from now on: its own claims need not wait to share it (rule 8.9). */
  share({ asked, grant, number }: Claim): void {
    const held = roundId(this.core.peer, this.core.incarnation, number);
    for (const other of this.claims.values()) {
      if (other.state === 'held' || conflicts(other.asked.resources, asked.resources)) continue;
      this.votes.pass(other.number, held, grant?.token ?? null);
    }
  }

  /** What a coordinator says of its rounds. */
  noteSaid(to: PeerId, message: Message): void {
    if (message.type === 'release') this.#letGo(message.round);
    if (message.type === 'live') this.#tellLive(to, message);
    if (message.type !== 'prepare') return;
    const claim = this.byNumber.get(message.round);
    if (claim !== undefined) claim.isToldOf = true;
  }

  #letGo(round: RoundNumber): void {
    if (this.lingering.delete(round)) this.votes.close(round);
  }

  /** LIVE is said to a voter: what it decides on and is not named has ended, heard or not. */
  #tellLive(voter: PeerId, { first, last, rounds }: Live): void {
    for (const [number, { asked }] of [...this.lingering]) {
      if (number < first || number > last || rounds.includes(number)) continue;
      const decides = asked.resources.some(({ name }) => this.mesh.votersOf(name).includes(voter));
      if (decides) this.#letGo(number);
    }
  }

  seeClock(clock: Stamp): void {
    if (clock > this.clock) this.clock = clock;
  }

  /** What it has told of its own voter. */
  toldOfItself(state: VoterState): void {
    this.isVoting = state === 'voting';
    if (!this.isVoting) return;
    this.clockOfRecovery = this.#clockBefore;
    this.entries.recovered(this.time.now);
  }

  /** Whether it had a round before it took its `step`-th step. */
  hasAskedBefore(step: number): boolean {
    return step > this.#firstAskedIn;
  }

  nextNumber(): RoundNumber {
    this.#firstAskedIn = Math.min(this.#firstAskedIn, this.steps);
    this.#numbers += 1;
    return roundNumber(this.#numbers);
  }

  /** An acquire that was refused at once has no round. */
  takeBackNumber(): void {
    this.#numbers -= 1;
    if (this.#numbers === 0) this.#firstAskedIn = Number.POSITIVE_INFINITY;
  }
}
