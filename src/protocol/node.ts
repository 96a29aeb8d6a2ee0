/**
 * One peer's protocol core: takes an input with its time, returns what the driver has to do. It
 * routes; the rules are in voter.ts, coordinator.ts and the files they name.
 *
 *     Input ─▶ time passed? ─▶ link ─▶ voter ◀──▶ coordinator ─▶ Output[]
 *                                   (messages to itself never leave)
 *
 * The contract of the loop: after every input, send `flush` at the end of the turn if `unsent`, and
 * `wake` not long after `nextWake()`. More of either is harmless.
 */

import { assert, unreachable } from './assert.ts';
import { Census } from './census.ts';
import { aheadMs, greater, HybridClock, noStamp, stampAfter, stampAt } from './clock.ts';
import { type ClaimView, Coordinator, type CoordinatorSnapshot } from './coordinator.ts';
import { Groups, votersForAll } from './groups.ts';
import {
  type ClaimId,
  type LeaseTimeMs,
  later,
  leaseTimeMs,
  type PeerId,
  type Stamp,
  sessionNumber,
  type TimeMs,
  timeMs,
  type WallMs,
} from './ids.ts';
import type { FrameArrived, Input, LinkUp, LookAround, Time } from './input.ts';
import { Leaders, type LeadersSnapshot } from './leaders.ts';
import { type LeaseClock, leaseNow, startLeaseClock, stepLeaseClock } from './lease-clock.ts';
import { Link, type LinkSnapshot } from './link.ts';
import { type LookSnapshot, Looks } from './looks.ts';
import {
  type Abort,
  type CoordinatorMessage,
  type Frame,
  type Hello,
  latestStamp,
  type Message,
  type Release,
  type VoterMessage,
  type Watch,
} from './message.ts';
import type { NodeOptions } from './options.ts';
import type { Output, UnlinkReason, VoterState } from './output.ts';
import { Recovery, type RecoverySnapshot } from './recovery.ts';
import type { Sender } from './sessions.ts';
import { Voter, type VoterSnapshot } from './voter.ts';

/** The whole state of a node as plain data: moments are relative to the time of the snapshot. */
export interface NodeSnapshot {
  readonly clock: Stamp;
  /** What the lease clock showed; stamps under way are on it. */
  readonly lease: LeaseTimeMs;
  readonly leadMs: number;
  readonly links: readonly LinkSnapshot[];
  readonly unsent: readonly PeerId[];
  readonly voter: VoterSnapshot;
  readonly coordinator: CoordinatorSnapshot;
  readonly leaders: LeadersSnapshot;
  /** `null` once recovery is over, and for a peer that is no voter. */
  readonly recovery: RecoverySnapshot | null;
  readonly states: readonly (readonly [PeerId, VoterState])[];
  readonly persistAsked: Stamp;
  readonly looks: readonly LookSnapshot[];
}

/** How many things a node keeps. */
export interface NodeSizes {
  /** Rounds that it keeps as a voter. */
  readonly entries: number;
  /** Ended-tokens that it keeps for resources without entries. */
  readonly tracked: number;
  /** Incarnations, itself included, of which it keeps rounds or would. */
  readonly sessions: number;
  /** Rounds that it coordinates. */
  readonly rounds: number;
  /** Endings of others' rounds that it remembers. */
  readonly endings: number;
  /** Endings that its rounds wait to hear of. */
  readonly awaiting: number;
  /** Elections that it observes. */
  readonly elections: number;
  /** Elections of which it tells peers as a voter, for each of them. */
  readonly observed: number;
}

const nothing: readonly Output[] = Object.freeze([]);

export class Node {
  readonly #options: NodeOptions;
  readonly #self: Sender;
  readonly #clock: HybridClock;
  readonly #voter: Voter;
  readonly #voters: ReadonlySet<PeerId>;
  readonly #isVoter: boolean;
  readonly #coordinator: Coordinator;
  readonly #leaders: Leaders;
  readonly #links = new Map<PeerId, Link>();
  /** Links with something to say at the end of the turn. */
  #unsent: Link[] = [];
  /** What this peer says to itself: its voter to its coordinator, and back. */
  readonly #local: Message[] = [];
  #leaseClock: LeaseClock;
  /** The time of the present step: one object for all steps, kept by nobody. */
  readonly #at: { now: TimeMs; wall: WallMs; lease: LeaseTimeMs };
  #outputs: Output[] = [];
  /** `null` once it is over, and for a peer that is no voter. */
  #recovery: Recovery | null;
  readonly #census: Census;
  readonly #looks: Looks = new Looks((output) => this.#outputs.push(output));
  /** Whether a voter's state may be another than was last told. */
  #statesChanged = true;
  /** No link is due before this moment: a frame leaves it, the next look mends it. */
  #linksDueAt: TimeMs = timeMs(Number.POSITIVE_INFINITY);
  #persistAsked: Stamp;

  /** Starts a node: a voter starts in recovery. */
  constructor(options: NodeOptions, time: Time) {
    this.#options = options;
    this.#self = { peer: options.id, incarnation: options.incarnation };
    this.#voters = new Set(options.voters);
    this.#isVoter = this.#voters.has(options.id);
    this.#leaseClock = startLeaseClock(time);
    this.#at = { ...time, lease: leaseNow(this.#leaseClock, time) };
    const mark = options.durableMark ?? noStamp;
    this.#clock = new HybridClock(greater(mark, stampAt(time.wall)));
    this.#persistAsked = mark;
    this.#voter = new Voter(options, (to, message) => this.#answer(to, message));
    this.#leaders = new Leaders(options, (to, message) => this.#post(to, message));
    this.#coordinator = new Coordinator(options, {
      clock: this.#clock,
      leaders: this.#leaders,
      post: (to, message) => this.#post(to, message),
      emit: (output) => this.#outputs.push(output),
      isLinked: (voter) => this.#stateOf(voter) !== 'unlinked',
      holdersAhead: (round, at) => {
        const entry = this.#voter.entryOf(this.#self, round);
        return entry === undefined ? [] : this.#voter.holdersAhead(entry, at.now);
      },
    });
    this.#census = new Census(options.voters, votersForAll(options));
    this.#recovery = this.#isVoter ? Recovery.start(options, time.now) : null;
    if (!this.#isVoter) return;
    const { id, incarnation } = options;
    const session = this.#voter.openSession(this.#self, timeMs(Number.POSITIVE_INFINITY));
    this.#coordinator.onSession(id, { incarnation, session }, this.#at);
  }

  /**
   * Hands over one input and returns what is to be done, in order.
   *
   * @throws {InvariantError} for a bug of ours only; the node is of no use after
   */
  step(input: Input, time: Time): readonly Output[] {
    this.#leaseClock = stepLeaseClock(this.#leaseClock, time);
    this.#at.now = time.now;
    this.#at.wall = time.wall;
    this.#at.lease = leaseNow(this.#leaseClock, time);
    // The older link is gone in any case: what time has brought about must not be about it.
    if (input.type === 'link-up') this.#onLinkDown(input.peer);
    // Before the input counts for anything: what is lost by now is lost (rule 6.6).
    this.#advance();
    this.#take(input);
    this.#hearOneself();
    this.#tellStates();
    if (this.#outputs.length === 0) return nothing;
    const outputs = this.#outputs;
    this.#outputs = [];
    if (input.type !== 'release') return outputs;
    // Time may have granted or ended the claim in this very step: its owner no longer cares.
    return outputs.filter((output) => !('claim' in output && output.claim === input.claim));
  }

  /** Whether a `flush` is wanted at the end of the turn. */
  get unsent(): boolean {
    return this.#unsent.length > 0;
  }

  /** When a `wake` is due; `undefined` when nothing will happen by itself. */
  nextWake(): TimeMs | undefined {
    const lossAt = this.#coordinator.lossAt - this.#leaseClock.shiftMs;
    let at = Math.min(this.#coordinator.nextDueAt(), lossAt, this.#voter.expiryAt);
    at = Math.min(at, this.#looks.nextDueAt(), this.#linksDueAt, this.#leaders.dueAt);
    at = Math.min(at, this.#recovery?.endsAt ?? Number.POSITIVE_INFINITY);
    return at === Number.POSITIVE_INFINITY ? undefined : timeMs(at);
  }

  /** Whether a claim is valid now, read from the clocks and not from what was told (rule 6.7). */
  holds(claim: ClaimId, time: Time): boolean {
    return this.validForMs(claim, time) > 0;
  }

  /**
   * For how many milliseconds a claim stays valid if nothing more is heard; 0 if it is not held.
   */
  validForMs(claim: ClaimId, time: Time): number {
    const lease = leaseNow(stepLeaseClock(this.#leaseClock, time), time);
    return Math.max(0, this.#coordinator.validUntil(claim) - lease);
  }

  /** This peer's claims, in the order asked. */
  claims(): readonly ClaimView[] {
    return [...this.#coordinator.claims()];
  }

  /** A voter's state as seen from here; `unlinked` for any other peer. */
  voterState(voter: PeerId): VoterState {
    return this.#census.stateOf(voter);
  }

  /** How much is kept, for bounds. */
  get sizes(): NodeSizes {
    return {
      entries: this.#voter.size,
      tracked: this.#voter.trackedCount,
      sessions: this.#voter.sessionCount,
      ...this.#coordinator.sizes,
      elections: this.#leaders.size,
      observed: this.#voter.observedCount,
    };
  }

  /** The whole state, from which `restore` makes a node that goes on in the same way. */
  snapshot(time: Time): NodeSnapshot {
    const { now } = time;
    const lease = leaseNow(this.#leaseClock, time);
    return {
      clock: this.#clock.last,
      lease,
      leadMs: this.#leaseClock.leadMs - (time.wall - now),
      links: [...this.#links.values()].map((link) => link.snapshot(now)),
      unsent: [...this.#unsent].map((link) => link.peer),
      voter: this.#voter.snapshot(now),
      coordinator: this.#coordinator.snapshot({ ...time, lease }),
      leaders: this.#leaders.snapshot(now),
      recovery: this.#recovery?.snapshot(now) ?? null,
      states: this.#census.snapshot(),
      persistAsked: this.#persistAsked,
      looks: this.#looks.snapshot(now),
    };
  }

  static restore(options: NodeOptions, snapshot: NodeSnapshot, time: Time): Node {
    const node = new Node(options, time);
    const { now } = time;
    node.#clock.restore(snapshot.clock);
    const leadMs = snapshot.leadMs + (time.wall - now);
    node.#leaseClock = { shiftMs: snapshot.lease - now, leadMs };
    node.#at.lease = snapshot.lease;
    for (const saved of snapshot.links) node.#links.set(saved.peer, Link.restore(saved, now));
    node.#findLinksDue();
    for (const peer of snapshot.unsent) {
      const link = node.#links.get(peer);
      if (link !== undefined) node.#unsent.push(link);
    }
    node.#voter.restore(snapshot.voter, now);
    node.#coordinator.restore(snapshot.coordinator, node.#at);
    node.#leaders.restore(snapshot.leaders, now);
    node.#recovery = snapshot.recovery && Recovery.restore(snapshot.recovery, now);
    node.#census.restore(snapshot.states);
    node.#persistAsked = snapshot.persistAsked;
    node.#looks.restore(snapshot.looks, now);
    return node;
  }

  #take(input: Input): void {
    switch (input.type) {
      case 'acquire':
        return this.#coordinator.acquire(input, this.#at);
      case 'release':
        return this.#coordinator.release(input.claim, this.#at);
      case 'heed':
        return this.#coordinator.heed(input.claim);
      case 'downgrade':
        return this.#coordinator.downgrade(input.claim, this.#at);
      case 'look':
        return this.#look(input);
      case 'observe':
        return this.#leaders.observe(input.name, input.floor);
      case 'unobserve':
        return this.#leaders.unobserve(input.name);
      case 'link-up':
        return this.#onLinkUp(input);
      case 'link-down':
        return this.#onLinkDown(input.peer);
      case 'frame':
        return this.#onFrame(input);
      case 'persisted':
        return this.#voter.onPersisted(input.mark, this.#at.now);
      case 'flush':
        return this.#flush();
      case 'retire':
        return this.#coordinator.retire(this.#at);
      case 'wake':
        return;
      default:
        return unreachable(input);
    }
  }

  /** What time alone has brought about. Losses come first: nobody else may have it before. */
  #advance(): void {
    const { now } = this.#at;
    this.#coordinator.advance(this.#at);
    if (now >= this.#linksDueAt) this.#tendLinks();
    this.#leaders.advance(now);
    for (const { peer, incarnation } of this.#voter.expire(now)) {
      assert(this.#links.get(peer)?.incarnation !== incarnation, 'a session outlives its link');
    }
    if (this.#recovery?.isOver(now)) this.#leaveRecovery();
    this.#looks.advance(now, Math.ceil(this.#options.prepareTimeoutMs / 4));
  }

  #tendLinks(): void {
    const { leaseMs } = this.#options;
    const { now } = this.#at;
    for (const link of [...this.#links.values()]) {
      if (link.silentAt(leaseMs) <= now) this.#unlink(link, 'silent');
      else if (link.keepAliveAt(leaseMs) <= now) {
        this.#silence(link);
        this.#send(link);
      }
    }
    this.#findLinksDue();
  }

  #findLinksDue(): void {
    const { leaseMs } = this.#options;
    let at = Number.POSITIVE_INFINITY;
    for (const link of this.#links.values()) {
      at = Math.min(at, link.keepAliveAt(leaseMs), link.silentAt(leaseMs));
    }
    this.#linksDueAt = timeMs(at);
  }

  #leaveRecovery(): void {
    this.#recovery = null;
    this.#statesChanged = true;
    // The floor covers what the forgotten incarnation registered: every SETTLED has merged the
    // clocks, and without them the wall clock has passed a lease (rule 7.5).
    this.#voter.leaveRecovery(this.#clock.tick(this.#at.wall), this.#at.now);
    for (const link of this.#links.values()) this.#post(link.peer, { type: 'recovered' });
  }

  /** Rule 3.1: HELLO first; everything else waits for theirs. */
  #onLinkUp({ peer, incarnation }: LinkUp): void {
    const link = new Link(peer, incarnation, this.#at.now);
    this.#links.set(peer, link);
    const expiresAt = later(this.#at.now, this.#options.leaseMs);
    const session = this.#isVoter ? this.#voter.openSession(link, expiresAt) : sessionNumber(0);
    const recovering = this.#recovery !== null;
    link.saidRecovering = recovering;
    link.queue({ type: 'hello', incarnation: this.#options.incarnation, session, recovering });
    this.#unsent.push(link);
    this.#findLinksDue();
  }

  #onLinkDown(peer: PeerId): void {
    const link = this.#links.get(peer);
    if (link !== undefined) this.#forget(link);
  }

  #unlink(link: Link, reason: UnlinkReason): void {
    this.#forget(link);
    this.#outputs.push({ type: 'unlink', peer: link.peer, reason });
  }

  #forget(link: Link): void {
    this.#links.delete(link.peer);
    this.#silence(link);
    this.#statesChanged = true;
    this.#voter.forgetObserver(link.peer);
    if (!this.#voters.has(link.peer)) return;
    this.#coordinator.onUnlinked(link.peer, this.#at);
    this.#looks.onUnlinked(link.peer);
    this.#leaders.onUnlinked(link.peer, this.#at.now);
  }

  #onFrame({ peer, frame }: FrameArrived): void {
    const link = this.#links.get(peer);
    // Late, from a link that has been given up.
    if (link === undefined) return;
    const trouble = this.#trouble(link, frame);
    if (trouble !== undefined) {
      this.#unlink(link, trouble);
      return;
    }
    this.#clock.merge(frame.clock);
    if (frame.stamp > link.heard) link.heard = frame.stamp;
    if (this.#isVoter) this.#voter.renew(link, this.#at.now);
    link.takeEcho(frame.echo, this.#at.now);
    const [first] = frame.messages;
    if (first?.type === 'hello') this.#onHello(link, first);
    if (this.#voters.has(peer)) {
      this.#coordinator.onEcho(peer, frame.echo, this.#at);
    }
    for (const message of frame.messages) this.#onMessage(link, message);
  }

  /** What makes a frame, and with it the link, of no use. */
  #trouble(link: Link, frame: Frame): UnlinkReason | undefined {
    if (!link.takeSequence(frame)) return 'sequence';
    const { maxClockAheadMs } = this.#options;
    const bound = stampAfter(this.#clock.last, maxClockAheadMs);
    const ahead = aheadMs(frame.clock, this.#at.wall) > maxClockAheadMs;
    if (ahead && frame.clock > bound) return 'clock-ahead';
    if (frame.echo > this.#at.lease) return 'echo';
    let mustGreet = !link.greeted;
    for (const message of frame.messages) {
      const isHello = message.type === 'hello';
      if (isHello !== mustGreet) return 'hello';
      mustGreet = false;
      if (isHello && message.incarnation !== link.incarnation) return 'hello';
      // A clock passes every stamp that its peer has given or seen.
      if (latestStamp(message) > frame.clock) return 'clock-ahead';
    }
    return link.greeted || frame.messages.length > 0 ? undefined : 'hello';
  }

  /** Rule 3.4. SETTLED comes last: it says that this was all. */
  #tellAll(link: Link): void {
    const { peer, incarnation, recovering } = link;
    this.#coordinator.tellAll(peer, this.#at);
    this.#leaders.tellAll(peer);
    if (recovering) this.#post(peer, { type: 'settled', incarnation });
  }

  #onMessage(from: Sender, message: Message): void {
    switch (message.type) {
      case 'hello':
        // Heard before the frame's echo: it says whose session that is of.
        return;
      case 'recovered':
        return this.#onRecovered(from);
      case 'vote':
      case 'queued':
      case 'refuse':
      case 'inquire':
      case 'contended':
      case 'view':
      case 'revoke':
      case 'leader':
      case 'chase':
        if (this.#voters.has(from.peer)) this.#onVoterMessage(from.peer, message);
        return;
      case 'watch':
        return this.#onWatch(from, message);
      case 'look':
        if (this.#isVoter) this.#voter.onLook(from, message, this.#at.now);
        return;
      case 'release':
      case 'abort':
        return this.#onEnd(from, message);
      default:
        if (this.#isVoter) this.#onCoordinatorMessage(from, message);
    }
  }

  #onVoterMessage(voter: PeerId, message: VoterMessage): void {
    switch (message.type) {
      case 'vote':
        return this.#coordinator.onVote(voter, message, this.#at);
      case 'queued':
        return this.#coordinator.onQueued(voter, message, this.#at);
      case 'refuse':
        return this.#coordinator.onRefuse(voter, message, this.#at);
      case 'inquire':
        return this.#coordinator.onInquire(voter, message.round, message.generation);
      case 'contended':
        return this.#coordinator.onContended(voter, message.round, this.#at);
      case 'view':
        return this.#looks.onView(voter, message);
      case 'revoke':
        return this.#coordinator.onRevoke(message, this.#at);
      case 'leader':
        return this.#leaders.onLeader(voter, message);
      case 'chase':
        return this.#coordinator.onChase(voter, message, this.#at);
      default:
        return unreachable(message);
    }
  }

  #onCoordinatorMessage(from: Sender, message: Exclude<CoordinatorMessage, Abort | Release>): void {
    const { now } = this.#at;
    switch (message.type) {
      case 'settled':
        return this.#onSettled(from, message.incarnation);
      case 'live':
        return this.#voter.onLive(from, message, now);
      case 'prepare':
        return this.#voter.onPrepare(from, message, now);
      case 'yield':
        return this.#voter.onYield(from, message, now);
      case 'commit':
        return this.#voter.onCommit(from, message, now);
      case 'observe':
        return this.#voter.onObserve(from, message);
      case 'probe':
        return this.#voter.onProbe(from, message);
      default:
        return unreachable(message);
    }
  }

  /** Rule 10.5: of one name those know who decide on it. */
  #look({ look, name }: LookAround): void {
    const { prepareTimeoutMs, replicas, voters } = this.#options;
    const asked = name === null ? voters : new Groups(voters, replicas).votersOf(name);
    const isLinked = (voter: PeerId): boolean => this.#stateOf(voter) !== 'unlinked';
    const awaited = asked.filter(isLinked);
    for (const voter of awaited) this.#post(voter, { type: 'look', look, name });
    const unanswered = asked.filter((voter) => this.#stateOf(voter) !== 'voting');
    this.#looks.start({ look, until: later(this.#at.now, prepareTimeoutMs), awaited, unanswered });
  }

  /** Of an earlier incarnation's rounds the voters speak. */
  #onWatch({ peer }: Sender, { round, incarnation }: Watch): void {
    if (incarnation === this.#self.incarnation) this.#coordinator.onWatch(peer, round);
  }

  /** An owner's word is for this peer's voter, and for rounds of its own that wait (rule 5.2). */
  #onEnd(from: Sender, message: Release | Abort): void {
    if (this.#isVoter) this.#voter.onEnd(from, message, this.#at.now);
    if (from.peer === this.#self.peer) return;
    this.#coordinator.onEnded(from, message, this.#at);
  }

  #onHello(link: Link, { session, recovering }: Hello): void {
    const { peer, incarnation, saidRecovering } = link;
    link.greeted = true;
    link.recovering = recovering;
    this.#statesChanged = true;
    if (this.#voters.has(peer)) {
      this.#coordinator.onSession(peer, { incarnation, session }, this.#at);
      this.#tellAll(link);
    }
    if (saidRecovering && this.#recovery === null) this.#post(peer, { type: 'recovered' });
  }

  #onRecovered({ peer }: Sender): void {
    const link = this.#links.get(peer);
    if (link === undefined) return;
    link.recovering = false;
    this.#statesChanged = true;
  }

  /** Rule 7.3: of another incarnation it says nothing of this one. */
  #onSettled({ peer }: Sender, of: number): void {
    if (of !== this.#options.incarnation) return;
    this.#recovery?.settle(peer);
    if (this.#recovery?.isOver(this.#at.now)) this.#leaveRecovery();
  }

  /** What a voter says to an incarnation that is not linked now would be taken by another (4.9). */
  #answer({ peer, incarnation }: Sender, message: Message): void {
    const isPresent =
      peer === this.#self.peer || this.#links.get(peer)?.incarnation === incarnation;
    if (isPresent) this.#post(peer, message);
  }

  #post(to: PeerId, message: Message): void {
    if (to === this.#self.peer) {
      this.#local.push(message);
      return;
    }
    const link = this.#links.get(to);
    if (link === undefined || !link.greeted) return;
    if (!link.hasUnsent) this.#unsent.push(link);
    link.queue(message);
  }

  #hearOneself(): void {
    // Each may give rise to more.
    for (const message of this.#local) this.#onMessage(this.#self, message);
    while (this.#local.length > 0) this.#local.pop();
  }

  #flush(): void {
    const links = this.#unsent;
    this.#unsent = [];
    for (const link of links) if (link.isUrgent) this.#send(link);
    for (const link of links) if (link.hasUnsent) this.#send(link);
  }

  /** Nothing is left to send on a link. */
  #silence(link: Link): void {
    this.#unsent = this.#unsent.filter((other) => other !== link);
  }

  #send(link: Link): void {
    const head = {
      stamp: leaseTimeMs(Math.max(1, this.#at.lease)),
      echo: link.heard,
      clock: this.#clock.last,
    };
    for (const frame of link.takeFrames(head, this.#at.now)) {
      this.#outputs.push({ type: 'frame', to: link.peer, frame });
    }
  }

  #stateOf(voter: PeerId): VoterState {
    if (voter === this.#self.peer) return this.#recovery === null ? 'voting' : 'recovering';
    const link = this.#links.get(voter);
    if (link === undefined || !link.greeted) return 'unlinked';
    return link.recovering ? 'recovering' : 'voting';
  }

  /** Tells what has changed of the voters, of leaders and of the durable mark. */
  #tellStates(): void {
    if (this.#statesChanged) {
      this.#statesChanged = false;
      this.#outputs.push(...this.#census.take((voter) => this.#stateOf(voter)));
      const isVoting = (voter: PeerId): boolean => this.#census.stateOf(voter) === 'voting';
      this.#coordinator.onVoting(isVoting, this.#at);
      this.#hearOneself();
    }
    for (const change of this.#leaders.take()) this.#outputs.push(change);
    if (this.#voter.askedMark === this.#persistAsked) return;
    this.#persistAsked = this.#voter.askedMark;
    this.#outputs.push({ type: 'persist', mark: this.#persistAsked });
  }
}
