/**
 * A seeded random walk over a few cores joined by bare queues: links break, also unseen by one end,
 * voters restart and forget, peers pause past their leases, clocks drift and jump, claims are given
 * up. Single directions of a link stall while everything else goes on; faults are aimed at protocol
 * points (a commit, a yield, a vote has just been sent); half of the walks start with an opening
 * that sets up what chance seldom does: a voter that dies while one claim is held and another
 * counts it. After every grant it checks exclusion in true time and the order of the tokens; at the
 * end it heals the mesh and requires that every claim is answered and nothing is left over.
 */

import { excludes } from '../../src/protocol/claim.ts';
import { Groups } from '../../src/protocol/groups.ts';
import {
  type ClaimId,
  claimId,
  defaultLimits,
  type Frame,
  type Granted,
  type Input,
  incarnation,
  type Looked,
  lookNumber,
  Node,
  type NodeOptions,
  type Output,
  type PeerId,
  peerId,
  type Resource,
  roundId,
  type Stamp,
  stamp,
  type Time,
  timeMs,
  wallMs,
} from '../../src/protocol/index.ts';
import { Random } from './random.ts';
import { WalkDeadlocks } from './walk-deadlocks.ts';
import { WalkElections } from './walk-elections.ts';

const leaseMs = 1_000;
const startMs = 1_750_000_000_000;

/** What a walk did, so that a campaign can show that it did something. */
export interface WalkCounts {
  steps: number;
  grants: number;
  contended: number;
  tries: number;
  shared: number;
  lost: number;
  failed: number;
  givenUp: number;
  cuts: number;
  halfOpen: number;
  restarts: number;
  pauses: number;
  inquiries: number;
  raises: number;
  restores: number;
  stalls: number;
  aimed: number;
  openings: number;
  /** Grants without a round, as the claim before it had been released. */
  lingered: number;
  /** Grants without a round, as the claim before it was released. */
  followed: number;
  /** Grants by the voters of more than one group. */
  overGroups: number;
  watches: number;
  looks: number;
  /** Claims with a value, and changes of who leads that somebody was told of. */
  campaigns: number;
  leaders: number;
  steals: number;
  /** Lost to one that steals. */
  stolen: number;
  downgrades: number;
  /** Claims whose callers held something, and those that failed for a deadlock. */
  bound: number;
  deadlocks: number;
}

export function noCounts(): WalkCounts {
  return {
    steps: 0,
    grants: 0,
    contended: 0,
    tries: 0,
    shared: 0,
    lost: 0,
    failed: 0,
    givenUp: 0,
    cuts: 0,
    halfOpen: 0,
    restarts: 0,
    pauses: 0,
    inquiries: 0,
    raises: 0,
    restores: 0,
    stalls: 0,
    aimed: 0,
    openings: 0,
    lingered: 0,
    followed: 0,
    overGroups: 0,
    watches: 0,
    looks: 0,
    campaigns: 0,
    leaders: 0,
    steals: 0,
    stolen: 0,
    downgrades: 0,
    bound: 0,
    deadlocks: 0,
  };
}

interface Claim {
  readonly claim: ClaimId;
  resources: readonly Resource[];
  state: 'waiting' | 'held';
  readonly isTry: boolean;
  readonly steals: boolean;
  /** Whether it may be held only so long. */
  readonly isBounded: boolean;
  readonly lingerMs: number;
  /** Whether it was seen to be invalid while its owner had not been told. */
  lapsed: boolean;
  /** How many grants had been made when its round was first granted. */
  grantedAt?: number;
}

interface Thief {
  readonly member: Member;
  readonly claim: Claim;
  readonly resources: readonly Resource[];
  /** How many grants had been made when it was seen to be granted and over; Infinity before. */
  overAt: number;
}

interface Member {
  readonly id: PeerId;
  /** Relative rate of its monotonic clock. */
  readonly rate: number;
  readonly monotonicStart: number;
  wallOffsetMs: number;
  options: NodeOptions;
  node: Node;
  readonly claims: Map<ClaimId, Claim>;
  /** Looks at what voters know that have not been answered. */
  readonly looks: Set<number>;
  /** Until when it does not run, in true time. */
  pausedUntil: number;
  /** The mark that its state file holds; `null` without one. */
  mark: Stamp | null;
  /** A greater mark that is on its way to the disk. */
  unsaved: Stamp | null;
}

/** Frames under way from one end of a connection to the other. */
interface Pipe {
  readonly from: Member;
  readonly to: Member;
  readonly frames: Frame[];
  readonly isSlow: boolean;
  /** Nothing gets through before this moment of true time. */
  stalledUntil: number;
  /** Whether the far end still belongs to this connection. */
  isOpen: boolean;
}

export class Walk {
  readonly counts: WalkCounts = noCounts();
  readonly #random: Random;
  readonly #members: Member[] = [];
  /** By `from/to`: the present connection as that sender sees it. */
  readonly #pipes = new Map<string, Pipe>();
  readonly #tokens = new Map<string, { any: Stamp; exclusive: Stamp }>();
  readonly #log: string[] | undefined;
  /** Whether this walk restarts peers at all. */
  get #mayRestart(): boolean {
    return this.#weights.some(([action, weight]) => action === 'restart' && weight > 0);
  }

  readonly #weights: readonly (readonly [Action, number])[];
  readonly #names: readonly string[];
  readonly #groups: Groups;
  /** Draws who looks at what voters know, in some of the walks. */
  readonly #looking: Random;
  readonly #lookChance: number;
  readonly #slowChance: number;
  /** The rounds that were granted. */
  /** By how many grants had been made when each was first granted. */
  readonly #grantedRounds = new Map<string, number>();
  readonly #elections: WalkElections;
  readonly #deadlocks: WalkDeadlocks;
  /** How often a claim steals, where the mesh allows it, by a stream of its own. */
  readonly #stealChance: number;
  readonly #thefts: Random;
  /** How often one that is to be released is shared with others instead, by a stream of its own. */
  readonly #shareChance: number;
  readonly #sharings: Random;
  /** What was asked for by claims that steal. */
  readonly #thieves: Thief[] = [];
  /** How often a claim may linger. */
  readonly #lingerChance: number;
  /** How often a message of the protocol draws a fault (see #aim). */
  #aimChance: number;
  /** What was aimed, done after the step that drew it. */
  readonly #aimed: (() => void)[] = [];
  #trueMs = 0;
  #lastClaim = 0;
  #lastIncarnation = 0;

  constructor(seed: number, log?: string[]) {
    this.#random = new Random(seed);
    this.#elections = new WalkElections(seed);
    this.#deadlocks = new WalkDeadlocks(seed);
    this.#log = log;
    const random = this.#random;
    const size = random.pick([3, 3, 3, 4, 5]);
    const voterCount = size > 3 && random.chance(0.2) ? size - 1 : size;
    const ids = ['a', 'b', 'c', 'd', 'e'].slice(0, size).map((id) => peerId(id));
    const voters = ids.slice(0, voterCount);
    const majority = Math.floor(voterCount / 2) + 1;
    const quorum = random.pick([majority, majority, majority, voterCount, majority + 1]);
    const groups = drawGroups(new Random(seed ^ 0x6772_6f75), voterCount);
    this.#groups = new Groups(voters, groups.replicas);
    this.#looking = new Random(seed ^ 0x6c6f_6f6b);
    this.#lookChance = this.#looking.pick([0, 0, 0, 0.05]);
    const names = random.pick([['x'], ['x', 'y'], ['x', 'y', 'z']]);
    this.#names = groups.replicas < voterCount ? groups.names : names;
    const limits = {
      ...defaultLimits,
      endingsMax: random.pick([1, 4, 1_000]),
      idleResourcesMax: random.pick([1, 2, 1_000]),
      lookAhead: random.pick([1, 2, 8]),
      waitersMax: random.pick([3, 1_000, 1_000]),
    };
    this.#slowChance = random.pick([0, 0, 0.2, 0.4]);
    this.#lingerChance = random.pick([0, 0.3, 0.8]);
    this.#aimChance = random.pick([0, 0, 0.02, 0.1]);
    this.#thefts = new Random(seed ^ 0x7374_6561);
    this.#stealChance = this.#thefts.pick([0, 0, 0.05, 0.2]);
    this.#sharings = new Random(seed ^ 0x7368_6172);
    this.#shareChance = this.#sharings.pick([0, 0, 0.05, 0.3]);
    const isDurable = random.chance(0.3);
    this.#weights = drawWeights(random, isDurable);
    const prepareTimeoutMs = random.pick([300, 100_000]);
    for (const id of ids) {
      const base = {
        id,
        allowSteal: this.#stealChance > 0,
        incarnation: incarnation(1),
        leaseMs,
        limits,
        deadlockProbeMs: this.#deadlocks.probeMs,
        maxClockAheadMs: 3_600_000,
        maxClockDrift: 0.01,
        members: voterCount < size,
        prepareTimeoutMs,
        quorum: Math.min(quorum, groups.quorum),
        replicas: groups.replicas,
        voters,
      };
      this.#add({ ...base, durableMark: isDurable ? stamp(0) : null });
    }
    for (const member of this.#members) this.#joinAll(member);
    // Most walks start with a mesh that has met; some with a cold start.
    if (random.chance(0.8)) this.#settle();
    if (voterCount < size) this.#pass(leaseMs + 10);
    if (random.chance(0.5)) this.#open();
    if (this.#stealChance > 0 && this.#thefts.chance(0.3)) this.#openStealing();
    if (this.#shareChance > 0 && this.#sharings.chance(0.5)) this.#openSharing();
    if (this.#deadlocks.opens) this.#openCircle();
  }

  /** Takes `steps` random steps, then heals and checks that nothing is stuck or left over. */
  run(steps: number): WalkCounts {
    for (let step = 0; step < steps; step += 1) {
      this.#act(this.#drawAction());
      this.#takePart();
      if (this.#deadlocks.isDrawn()) this.#askHolding();
      if (this.#looking.chance(this.#lookChance)) this.#look(this.#looking.pick(this.#members));
      for (let fault = this.#aimed.shift(); fault !== undefined; fault = this.#aimed.shift())
        fault();
    }
    this.#heal();
    return this.counts;
  }

  #add(options: NodeOptions): void {
    const random = this.#random;
    const member: Member = {
      id: options.id,
      rate: 1 + (random.below(9) - 4) / 1_000,
      monotonicStart: 1 + random.below(1_000_000),
      wallOffsetMs: random.below(800) - 400,
      options,
      node: undefined as unknown as Node,
      claims: new Map(),
      looks: new Set(),
      pausedUntil: 0,
      mark: options.durableMark,
      unsaved: null,
    };
    this.#members.push(member);
    this.#start(member);
  }

  #start(member: Member): void {
    this.#lastIncarnation += 1;
    const { mark } = member;
    const of = incarnation(this.#lastIncarnation);
    member.options = { ...member.options, incarnation: of, durableMark: mark };
    member.node = new Node(member.options, this.#timeOf(member));
    member.claims.clear();
    this.#elections.forget(member.id);
    this.#deadlocks.forget(member.id);
    member.looks.clear();
    member.pausedUntil = 0;
    // A write under way may have reached the disk or not.
    if (member.unsaved !== null && this.#random.chance(0.5)) member.mark = member.unsaved;
    member.unsaved = null;
  }

  #save(member: Member): void {
    if (member.unsaved === null || member.pausedUntil > this.#trueMs) return;
    const mark = member.unsaved;
    member.mark = mark;
    member.unsaved = null;
    this.#step(member, { type: 'persisted', mark });
  }

  #timeOf(member: Member): Time {
    const now = Math.floor(member.monotonicStart + this.#trueMs * member.rate);
    const wall = Math.floor(startMs + member.wallOffsetMs + this.#trueMs);
    return { now: timeMs(now), wall: wallMs(wall) };
  }

  #drawAction(): Action {
    let rest = this.#random.below(this.#weights.reduce((sum, [, weight]) => sum + weight, 0));
    for (const [action, weight] of this.#weights) {
      rest -= weight;
      if (rest < 0) return action;
    }
    return 'deliver';
  }

  #act(action: Action): void {
    const random = this.#random;
    const member = random.pick(this.#members);
    switch (action) {
      case 'deliver':
        return this.#deliver();
      case 'wake':
        return this.#step(member, { type: 'wake' });
      case 'save':
        return this.#save(member);
      case 'moment':
        return this.#pass(random.below(20));
      case 'while':
        return this.#pass(random.below(leaseMs / 2));
      case 'live':
        return this.#live(random.below(leaseMs));
      case 'drain':
        return this.#drain();
      case 'stall':
        return this.#stall(random.pick(this.#members), member);
      case 'acquire':
        return this.#acquire(member);
      case 'release':
        return this.#release(member);
      case 'cut':
        return this.#cut(member, random.pick(this.#members));
      case 'join':
        return this.#join(member, random.pick(this.#members));
      case 'restart':
        return this.#restart(member);
      case 'pause':
        this.counts.pauses += 1;
        member.pausedUntil = this.#trueMs + random.below(2 * leaseMs);
        return;
      case 'jump':
        return this.#jump(member);
      case 'restore':
        return this.#restore(member);
      default:
        throw new Error(`No such action: ${String(action satisfies never)}`);
    }
  }

  /** Hands a node an input, does what it asks, and often ends its turn. */
  #step(member: Member, input: Input): void {
    if (member.pausedUntil > this.#trueMs) return;
    this.counts.steps += 1;
    this.#note(() => `${this.#trueMs} ${member.id} ← ${JSON.stringify(input)}`);
    this.#watch(member);
    this.#deadlocks.onInput(member.id, input);
    for (const output of member.node.step(input, this.#timeOf(member))) {
      if (output.type === 'granted') this.#noteRound(member, output, input);
      this.#obey(member, output);
    }
    this.#watch(member);
    if (this.#deadlocks.mayBegin(member.id)) this.#noteTickets(member);
    if (input.type !== 'flush' && member.node.unsent && this.#random.chance(0.8)) {
      this.#step(member, { type: 'flush' });
    }
  }

  /** Lost is final: what was invalid for a moment is never valid again. */
  #watch(member: Member): void {
    for (const claim of member.claims.values()) {
      if (claim.state !== 'held') continue;
      const isValid = member.node.holds(claim.claim, this.#timeOf(member));
      if (isValid && claim.lapsed) throw new Error(`Valid again: ${claim.claim} of ${member.id}`);
      if (!isValid) claim.lapsed = true;
    }
  }

  #obey(member: Member, output: Output): void {
    this.#note(() => `${this.#trueMs} ${member.id} → ${JSON.stringify(output)}`);
    this.#deadlocks.onOutput(output);
    switch (output.type) {
      case 'frame': {
        this.#count(output.frame);
        const pipe = this.#pipes.get(`${member.id}/${output.to}`);
        if (!pipe?.isOpen) return;
        pipe.frames.push(output.frame);
        if (this.#aimChance > 0) this.#aim(pipe, output.frame);
        return;
      }
      case 'granted':
        this.#elections.onGranted(member.id, output.claim, output.token);
        return this.#granted(member, output.claim, output.token);
      case 'leader':
        this.counts.leaders += 1;
        return this.#elections.onLeader(member.id, output.name, output.leader);
      case 'failed':
        this.counts.failed += 1;
        if (output.failure.reason === 'deadlock') this.counts.deadlocks += 1;
        member.claims.delete(output.claim);
        return;
      case 'lost':
        this.counts.lost += 1;
        if (output.reason === 'stolen') this.#stolen(member, output.claim);
        member.claims.delete(output.claim);
        return;
      case 'looked':
        return this.#looked(member, output);
      case 'unlink':
        return this.#close(member.id, output.peer);
      case 'persist':
        member.unsaved = output.mark;
        return;
      default:
        return;
    }
  }

  #look(member: Member): void {
    if (member.pausedUntil > this.#trueMs) return;
    this.counts.looks += 1;
    const name = this.#looking.pick([null, ...this.#names]);
    member.looks.add(this.counts.looks);
    this.#step(member, { type: 'look', look: lookNumber(this.counts.looks), name });
  }

  /** Each is answered once, and nothing is said to be held that was never granted. */
  #looked({ id, looks }: Member, { look, sights }: Looked): void {
    if (!looks.delete(look)) throw new Error(`Look ${look} of ${id} answered twice`);
    const rounds = sights.map((each) => roundId(each.peer, each.incarnation, each.round));
    if (new Set(rounds).size < rounds.length) throw new Error(`Look ${look} sees double`);
    for (const [at, { heldForMs }] of sights.entries()) {
      if (heldForMs === null || this.#grantedRounds.has(rounds[at] ?? '')) continue;
      throw new Error(`Look ${look} sees ${rounds[at]} held, which was not granted`);
    }
  }

  #count(frame: Frame): void {
    for (const message of frame.messages) {
      if (message.type === 'inquire') this.counts.inquiries += 1;
      if (message.type === 'watch') this.counts.watches += 1;
      if (message.type === 'prepare' && message.token !== message.ticket) this.counts.raises += 1;
    }
  }

  #granted(member: Member, id: ClaimId, token: Stamp): void {
    const claim = member.claims.get(id);
    if (claim === undefined || claim.state === 'held') throw new Error(`${id} granted unasked`);
    for (const older of member.claims.values()) {
      if (older === claim) break;
      if (claim.steals && !older.steals) continue;
      if (older.state === 'waiting' && this.#conflict(older, claim)) {
        throw new Error(`Out of order: ${id} of ${member.id} before ${older.claim}`);
      }
    }
    claim.state = 'held';
    this.counts.grants += 1;
    if (this.#groups.electorateOf(claim.resources).groups.length > 1) this.counts.overGroups += 1;
    for (const other of this.#members) {
      for (const rival of other.claims.values()) {
        if (rival === claim || !this.#conflict(claim, rival)) continue;
        if (rival.state === 'waiting') this.counts.contended += 1;
        else if (other.node.holds(rival.claim, this.#timeOf(other))) {
          throw new Error(`Two holders: ${member.id} and ${other.id} at ${this.#trueMs}`);
        }
      }
    }
    for (const { name, mode } of claim.resources) {
      const seen = this.#tokens.get(name) ?? { any: stamp(0), exclusive: stamp(0) };
      const bound = mode === 'exclusive' ? seen.any : seen.exclusive;
      if (token <= bound) throw new Error(`Token of ${name} went from ${bound} to ${token}`);
      if (token > seen.any) seen.any = token;
      if (mode === 'exclusive') seen.exclusive = token;
      this.#tokens.set(name, seen);
    }
  }

  /**
   * Nobody loses a lock to others but where one of them steals, and was not granted and over before
   * it. One that was never granted, and has ended, may be heard of late.
   */
  #stolen(member: Member, id: ClaimId): void {
    this.counts.stolen += 1;
    const claim = member.claims.get(id);
    if (claim === undefined) throw new Error(`Stolen, and not held: ${id} of ${member.id}`);
    const isThief = (other: Thief): boolean => {
      if (other.claim.claim === id || !this.#conflict(claim, other)) return false;
      return other.overAt > (claim.grantedAt ?? 0);
    };
    if (this.#thieves.some(isThief)) return;
    throw new Error(`Stolen by nobody: ${id} of ${member.id}`);
  }

  #conflict(a: Pick<Claim, 'resources'>, b: Pick<Claim, 'resources'>): boolean {
    return a.resources.some((left) =>
      b.resources.some((right) => left.name === right.name && excludes(left, right)),
    );
  }

  #deliver(): void {
    const ready = [...this.#pipes.values()].filter(
      (pipe) => pipe.frames.length > 0 && this.#carries(pipe),
    );
    if (ready.length === 0) return;
    const { from, to, frames, isSlow } = this.#random.pick(ready);
    if (isSlow && this.#random.chance(0.9)) return;
    const frame = frames.shift();
    if (frame !== undefined) this.#step(to, { type: 'frame', peer: from.id, frame });
  }

  #carries({ to, stalledUntil }: Pipe): boolean {
    return to.pausedUntil <= this.#trueMs && stalledUntil <= this.#trueMs;
  }

  /** Delivers what is under way, but for what is stalled; nothing is released. */
  #drain(): void {
    for (let round = 0; round < 6; round += 1) {
      let moved = false;
      for (const member of this.#members) {
        if (member.node.unsent) this.#step(member, { type: 'flush' });
      }
      for (const pipe of [...this.#pipes.values()]) {
        const { from, to, frames } = pipe;
        while (this.#carries(pipe)) {
          const frame = frames.shift();
          if (frame === undefined) break;
          this.#step(to, { type: 'frame', peer: from.id, frame });
          moved = true;
        }
      }
      if (!moved) return;
    }
  }

  /** Time passes while the links that are neither cut nor stalled carry on. */
  #live(ms: number): void {
    const end = this.#trueMs + ms;
    while (this.#trueMs < end) {
      this.#drain();
      this.#pass(Math.min(this.#untilDue(), end - this.#trueMs));
    }
  }

  /** How long until some node wants to be woken, in true time, but at most a quarter of a lease. */
  #untilDue(): number {
    let least = leaseMs / 4;
    for (const { node, rate, monotonicStart, pausedUntil } of this.#members) {
      const at = node.nextWake();
      if (at === undefined || pausedUntil > this.#trueMs) continue;
      least = Math.min(least, (at - monotonicStart) / rate - this.#trueMs);
    }
    return Math.max(1, Math.ceil(least));
  }

  /** One direction carries nothing for a while. */
  #stall(from: Member, to: Member, ms: number = this.#random.below(leaseMs / 2)): void {
    const pipe = this.#pipes.get(`${from.id}/${to.id}`);
    if (!pipe?.isOpen) return;
    this.counts.stalls += 1;
    pipe.stalledUntil = this.#trueMs + ms;
  }

  /** Draws a fault for what has just been sent: the ends restart, are cut off, or hear it late. */
  #aim({ from, to }: Pipe, { messages }: Frame): void {
    const random = this.#random;
    for (const { type } of messages) {
      if (!critical.has(type) || !random.chance(this.#aimChance)) continue;
      this.counts.aimed += 1;
      const fault = random.below(8);
      if (fault < 4) this.#stall(from, to);
      else if (fault === 4) this.#stall(to, from);
      else if (fault === 5) this.#aimed.push(() => this.#cut(from, to));
      else if (fault === 6 && this.#mayRestart) this.#aimed.push(() => this.#restart(from));
      else if (fault === 7 && this.#mayRestart) this.#aimed.push(() => this.#restart(to));
      return;
    }
  }

  /** Sets up what chance seldom does. */
  #open(): void {
    this.counts.openings += 1;
    this.#note(() => `${this.#trueMs} opening`);
    const [voter, holder, rival, ...others] = this.#shuffled();
    if (voter === undefined || holder === undefined || rival === undefined) return;
    const cast = { voter, holder, rival };
    // The others take a side each, so that neither of the two has their votes as well.
    for (const other of others) {
      if (this.#random.chance(0.7)) this.#cut(other, this.#random.pick([holder, rival]));
    }
    switch (this.#random.below(13)) {
      case 0:
      case 1:
      case 2:
        return this.#openParted(cast);
      case 3:
      case 4:
      case 5:
        return this.#openUnheard(cast);
      case 6:
        return this.#openPause(cast);
      case 7:
      case 8:
        return this.#openReborn(cast);
      case 9:
        return this.#openCrossing();
      default:
        return this.#openLingering(cast);
    }
  }

  /**
   * The holder has its own vote and the rival's, the rival has the voter's; then holder and rival
   * part, and soon the voter leaves the rival, by a cut or by a restart. Each loses and expires the
   * other at about the time at which the voter may vote anew.
   */
  #openParted({ voter, holder, rival }: Cast): void {
    const random = this.#random;
    this.#cut(holder, voter);
    this.#ask(holder, this.#names.slice(0, 1));
    this.#drain();
    this.#ask(rival, this.#names.slice(0, 1));
    this.#drain();
    if (random.chance(0.5)) this.#join(holder, voter);
    if (random.chance(0.5)) this.#stall(voter, rival);
    this.#drain();
    const isRestart = random.chance(0.7);
    if (!isRestart) this.#cut(voter, rival);
    if (!isRestart) this.#live(random.below(leaseMs / 2));
    if (random.chance(0.4)) {
      this.#stall(rival, holder);
      this.#stall(holder, rival, leaseMs / 2);
      this.#live(leaseMs / 2);
    }
    this.#cut(holder, rival);
    this.#live(random.below(leaseMs));
    if (isRestart) this.#restart(voter, false);
    if (random.chance(0.6)) {
      this.#join(rival, voter);
      this.#drain();
      if (random.chance(0.7)) this.#stall(voter, rival, leaseMs);
    }
    this.#join(holder, voter);
    this.#drain();
    this.#live(random.below(1.3 * leaseMs));
  }

  /**
   * The holder has its own vote and the voter's; the rival has not heard of it. The voter restarts
   * and meets the rival first, and the holder at some later time.
   */
  #openUnheard({ voter, holder, rival }: Cast): void {
    const random = this.#random;
    if (random.chance(0.8)) this.#cut(holder, rival);
    else this.#stall(holder, rival);
    this.#ask(holder, this.#names.slice(0, 1));
    this.#drain();
    this.#ask(rival, this.#names.slice(0, 1));
    if (random.chance(0.8)) this.#drain();
    if (random.chance(0.3)) this.#live(random.below(leaseMs / 2));
    this.#restart(voter, false);
    this.#join(rival, voter);
    if (random.chance(0.8)) this.#drain();
    if (random.chance(0.4)) this.#live(random.below(leaseMs));
    this.#join(holder, voter);
    if (random.chance(0.2)) this.#join(holder, rival);
    this.#drain();
    if (random.chance(0.5)) this.#live(random.below(leaseMs));
  }

  /**
   * The rival waits, restarts and asks anew, while the voters still keep the entries of its older
   * self, which rise as the holder releases: what is said of those is not for the new rounds.
   */
  #openReborn({ holder, rival }: Cast): void {
    const random = this.#random;
    const [first = 'x', second = first] = this.#names;
    this.#ask(holder, [first]);
    this.#drain();
    for (let count = random.below(3); count >= 0; count -= 1) this.#ask(rival, [first]);
    this.#drain();
    this.#restart(rival, true);
    if (random.chance(0.8)) this.#drain();
    if (random.chance(0.5)) this.#live(random.below(leaseMs));
    for (const member of this.#shuffled()) {
      if (random.chance(0.4)) this.#stall(rival, member);
    }
    for (let count = random.below(3); count >= 0; count -= 1) {
      this.#ask(rival, [random.pick([first, second])]);
    }
    if (random.chance(0.7)) this.#drain();
    for (let count = 2; count > 0; count -= 1) this.#release(holder);
    if (random.chance(0.7)) this.#drain();
  }

  /** The holder stands still for most of a lease, and then hears first what has been waiting. */
  #openPause({ voter, holder, rival }: Cast): void {
    this.#ask(holder, this.#names.slice(0, 1));
    this.#ask(rival, this.#names.slice(0, 1));
    this.#drain();
    for (const member of [voter, rival]) this.#stall(member, holder);
    this.#live(this.#random.below(leaseMs / 2));
    holder.pausedUntil = Number.POSITIVE_INFINITY;
    this.#live(this.#random.below(1.2 * leaseMs));
    holder.pausedUntil = 0;
    for (const member of [voter, rival]) this.#stall(member, holder, 0);
    this.#drain();
  }

  /** Several ask for the same at once, and hear of each other in any order. */
  #openCrossing(): void {
    const random = this.#random;
    for (let round = 0; round < 3; round += 1) {
      for (const member of this.#shuffled()) {
        if (random.chance(0.6)) this.#stall(member, random.pick(this.#members));
        if (random.chance(0.7)) this.#ask(member, this.#names.slice(0, 1));
        if (random.chance(0.3)) this.#drain();
      }
      this.#pass(random.below(30));
    }
  }

  /** The holder lets go and asks again, while what others say of it is late, or is forgotten. */
  #openLingering({ voter, holder, rival }: Cast): void {
    const random = this.#random;
    const [name = 'x'] = this.#names;
    const alike = 1 + random.below(3);
    for (let count = 0; count < alike; count += 1) {
      this.#askFor(holder, [{ name, mode: 'exclusive' }], 1 + random.below(leaseMs));
    }
    this.#drain();
    for (let count = random.below(4); count >= 0; count -= 1) this.#release(holder);
    if (random.chance(0.5)) this.#stall(voter, holder);
    if (random.chance(0.4)) this.#restart(voter, random.chance(0.5));
    this.#ask(rival, [name]);
    if (random.chance(0.6)) this.#drain();
    for (let count = random.below(4); count >= 0; count -= 1) this.#release(holder);
    if (random.chance(0.5)) this.#live(random.below(leaseMs));
    this.#drain();
  }

  /** One after the other steals what another holds, while some hear of it late, or not at all. */
  #openStealing(): void {
    const thefts = this.#thefts;
    const [holder, ...others] = this.#shuffled();
    if (holder === undefined) return;
    const lingerMs = thefts.chance(0.3) ? leaseMs : 0;
    this.#askFor(holder, [{ name: this.#names[0] ?? 'x', mode: 'exclusive' }], lingerMs);
    if (thefts.chance(0.8)) this.#drain();
    if (thefts.chance(0.2)) this.#release(holder);
    for (const other of others) {
      if (thefts.chance(0.3)) this.#stall(other, holder);
      if (thefts.chance(0.2)) this.#cut(other, holder);
      if (thefts.chance(0.3)) this.#ask(other, this.#names.slice(0, 1));
      if (thefts.chance(0.6)) this.#steal(other);
      if (thefts.chance(0.5)) this.#drain();
      if (thefts.chance(0.3)) this.#join(other, holder);
    }
    if (thefts.chance(0.3)) this.#steal(holder);
    if (thefts.chance(0.5)) this.#live(thefts.below(leaseMs));
    this.#drain();
  }

  /** Readers and writers wait for one that shares what it holds, while some hear of it late. */
  #openSharing(): void {
    const sharings = this.#sharings;
    const [holder, ...others] = this.#shuffled();
    if (holder === undefined) return;
    const [name = 'x'] = this.#names;
    const lingerMs = sharings.chance(0.3) ? leaseMs : 0;
    const names = sharings.chance(0.5) ? [name] : this.#names;
    this.#askFor(holder, names.map(exclusively), lingerMs);
    this.#drain();
    for (const other of this.#shuffled()) {
      const mode = sharings.chance(0.7) ? 'shared' : 'exclusive';
      this.#askFor(other, [{ name, mode }], 0);
      if (sharings.chance(0.3)) this.#drain();
    }
    for (const other of others) {
      if (sharings.chance(0.3)) this.#stall(holder, other);
      if (sharings.chance(0.2)) this.#cut(holder, other);
      if (sharings.chance(0.1)) this.#restart(other);
    }
    this.#downgrade(holder);
    if (sharings.chance(0.7)) this.#drain();
    if (sharings.chance(0.3)) this.#live(sharings.below(leaseMs));
    for (const other of others) if (sharings.chance(0.3)) this.#join(holder, other);
    if (sharings.chance(0.5)) this.#drain();
  }

  #noteRound({ id, options, claims }: Member, { claim, round: number }: Granted, by: Input): void {
    const round = roundId(id, options.incarnation, number);
    const { grants } = this.counts;
    const grantedAt = this.#grantedRounds.get(round) ?? grants;
    if (this.#grantedRounds.has(round)) {
      this.counts[by.type === 'acquire' ? 'lingered' : 'followed'] += 1;
    }
    this.#grantedRounds.set(round, grantedAt);
    const granted = claims.get(claim);
    if (granted !== undefined) granted.grantedAt = grantedAt;
    for (const thief of this.#thieves) {
      const isOver = thief.member.claims.get(thief.claim.claim) !== thief.claim;
      if (isOver && thief.claim.state === 'held') thief.overAt = Math.min(thief.overAt, grants);
    }
  }

  #shuffled(): Member[] {
    const members = [...this.#members];
    for (let index = members.length - 1; index > 0; index -= 1) {
      const [one] = members.splice(this.#random.below(index + 1), 1);
      if (one !== undefined) members.push(one);
    }
    return members;
  }

  #ask(member: Member, names: readonly string[]): void {
    this.#askFor(
      member,
      names.map((name): Resource => ({ name, mode: 'exclusive' })),
      0,
    );
  }

  #askFor(member: Member, resources: readonly Resource[], lingerMs: number): void {
    if (member.pausedUntil > this.#trueMs || member.claims.size >= 3) return;
    this.#lastClaim += 1;
    const claim = claimId(this.#lastClaim);
    const waiting = { state: 'waiting', isTry: false, isBounded: false, lapsed: false } as const;
    const steals = false;
    member.claims.set(claim, { claim, resources, lingerMs, steals, ...waiting });
    const timeoutMs = Number.POSITIVE_INFINITY;
    const wish = {
      patience: 'wait',
      timeoutMs,
      maxHoldMs: timeoutMs,
      lingerMs,
      value: null,
    } as const;
    this.#step(member, { type: 'acquire', claim, resources, ...wish });
  }

  #pass(ms: number): void {
    this.#trueMs += ms;
    for (const member of this.#members) {
      const at = member.node.nextWake();
      const isDue = at !== undefined && at <= this.#timeOf(member).now;
      if (isDue && this.#random.chance(0.9)) this.#step(member, { type: 'wake' });
    }
  }

  #acquire(member: Member): void {
    if (member.pausedUntil > this.#trueMs || member.claims.size >= 3) return;
    if (this.#stealChance > 0 && this.#thefts.chance(this.#stealChance)) {
      this.#steal(member);
      return;
    }
    const random = this.#random;
    const alike = [...member.claims.values()].find(({ lingerMs }) => lingerMs > 0);
    if (alike !== undefined && random.chance(0.4)) {
      this.#askFor(member, alike.resources, 1 + random.below(leaseMs));
      return;
    }
    const count = 1 + random.below(this.#names.length);
    const names = [...this.#names].sort(() => random.below(3) - 1).slice(0, count);
    const resources = names.map((name): Resource => {
      const mode = random.chance(0.7) ? 'exclusive' : 'shared';
      if (mode === 'shared') this.counts.shared += 1;
      return { name, mode };
    });
    this.#lastClaim += 1;
    const claim = claimId(this.#lastClaim);
    const patience = random.chance(0.25) ? 'try' : 'wait';
    if (patience === 'try') this.counts.tries += 1;
    const timeoutMs = random.chance(0.2) ? random.below(leaseMs) : Number.POSITIVE_INFINITY;
    const isBounded = random.chance(0.1);
    const maxHoldMs = isBounded ? 1 + random.below(300) : Number.POSITIVE_INFINITY;
    const lingerMs = random.chance(this.#lingerChance) ? 1 + random.below(leaseMs) : 0;
    const isTry = patience === 'try';
    member.claims.set(claim, {
      claim,
      resources,
      state: 'waiting',
      isTry,
      steals: false,
      isBounded,
      lingerMs,
      lapsed: false,
    });
    const bounds = { timeoutMs, maxHoldMs, lingerMs, value: null };
    this.#step(member, { type: 'acquire', claim, resources, patience, ...bounds });
  }

  #steal(member: Member): void {
    if (member.pausedUntil > this.#trueMs || member.claims.size >= 3) return;
    this.counts.steals += 1;
    this.#lastClaim += 1;
    const id = claimId(this.#lastClaim);
    const count = 1 + this.#thefts.below(this.#names.length);
    const names = this.#names.slice(this.#thefts.below(this.#names.length)).slice(0, count);
    const resources = names.map((name): Resource => ({ name, mode: 'exclusive' }));
    const timeoutMs = this.#thefts.chance(0.2) ? this.#thefts.below(leaseMs) : Infinity;
    const claim: Claim = {
      ...{ claim: id, resources, state: 'waiting', lapsed: false, lingerMs: 0 },
      ...{ isTry: false, isBounded: false, steals: true },
    };
    member.claims.set(id, claim);
    this.#thieves.push({ member, claim, resources, overAt: Number.POSITIVE_INFINITY });
    const lingerMs = this.#thefts.below(2) * leaseMs;
    const bounds = { timeoutMs, maxHoldMs: Infinity, lingerMs, value: null };
    this.#step(member, { type: 'acquire', claim: id, resources, patience: 'steal', ...bounds });
  }

  /** What one holds exclusively it shares from now on. @returns whether it holds any */
  #downgrade(member: Member): boolean {
    const claim = [...member.claims.values()].find(({ claim: id, state, resources }) => {
      const isExclusive = resources.some(({ mode }) => mode === 'exclusive');
      return state === 'held' && isExclusive && this.#elections.nameOf(id) === undefined;
    });
    if (claim === undefined || member.pausedUntil > this.#trueMs) return false;
    this.counts.downgrades += 1;
    claim.resources = claim.resources.map(({ name }) => ({ name, mode: 'shared' }));
    this.#step(member, { type: 'downgrade', claim: claim.claim });
    return true;
  }

  #release(member: Member): void {
    const isShared = this.#shareChance > 0 && this.#sharings.chance(this.#shareChance);
    if (isShared && this.#downgrade(member)) return;
    const claims = [...member.claims.values()];
    if (claims.length === 0 || member.pausedUntil > this.#trueMs) return;
    const { claim, state, resources, lingerMs } = this.#random.pick(claims);
    if (state === 'waiting' && !this.#random.chance(0.3)) return;
    if (state === 'waiting') this.counts.givenUp += 1;
    member.claims.delete(claim);
    this.#step(member, { type: 'release', claim });
    // It may be what the next claim is granted on.
    if (lingerMs > 0 && this.#random.chance(0.8)) this.#askFor(member, resources, lingerMs);
  }

  /** Both ways are lost; one end may not notice. */
  #cut(a: Member, b: Member): void {
    if (a === b || !this.#pipes.get(`${a.id}/${b.id}`)?.isOpen) return;
    this.counts.cuts += 1;
    this.#close(a.id, b.id);
    this.#step(a, { type: 'link-down', peer: b.id });
    if (this.#random.chance(0.5)) this.#step(b, { type: 'link-down', peer: a.id });
    else this.counts.halfOpen += 1;
  }

  #close(a: PeerId, b: PeerId): void {
    for (const key of [`${a}/${b}`, `${b}/${a}`]) {
      const pipe = this.#pipes.get(key);
      if (pipe === undefined) continue;
      pipe.isOpen = false;
      pipe.frames.length = 0;
    }
  }

  #joinAll(member: Member): void {
    for (const other of this.#members) this.#join(member, other);
  }

  #join(a: Member, b: Member): void {
    if (a === b || a.pausedUntil > this.#trueMs || b.pausedUntil > this.#trueMs) return;
    const { voters } = a.options;
    if (!voters.includes(a.id) && !voters.includes(b.id)) return;
    if (this.#pipes.get(`${a.id}/${b.id}`)?.isOpen) return;
    const fresh = { isSlow: this.#random.chance(this.#slowChance), isOpen: true, stalledUntil: 0 };
    this.#pipes.set(`${a.id}/${b.id}`, { from: a, to: b, frames: [], ...fresh });
    this.#pipes.set(`${b.id}/${a.id}`, { from: b, to: a, frames: [], ...fresh });
    this.#step(a, { type: 'link-up', peer: b.id, incarnation: b.options.incarnation });
    this.#step(b, { type: 'link-up', peer: a.id, incarnation: a.options.incarnation });
  }

  /** The process dies and starts again, its memory gone; peers may notice late. */
  #restart(member: Member, joins: boolean = this.#random.chance(0.5)): void {
    this.counts.restarts += 1;
    this.#note(() => `${this.#trueMs} ${member.id} restarts`);
    for (const other of this.#members) {
      if (other === member) continue;
      this.#close(member.id, other.id);
      if (this.#random.chance(0.7)) this.#step(other, { type: 'link-down', peer: member.id });
    }
    // No process starts in no time: where all do at once, tokens rest on wall clocks that go on.
    this.#trueMs += 1;
    this.#start(member);
    if (joins) this.#joinAll(member);
  }

  /**
   * The wall clock jumps: far and either way with a state file; without, it stays less than a lease
   * from the others and is not set back, as section 1 assumes where voters lose their memory.
   */
  #jump(member: Member): void {
    if (member.mark !== null) member.wallOffsetMs = this.#random.below(200_000) - 100_000;
    else member.wallOffsetMs = Math.max(member.wallOffsetMs, this.#random.below(800) - 400);
  }

  /** The node goes on as a restored copy of itself. */
  #restore(member: Member): void {
    this.counts.restores += 1;
    const time = this.#timeOf(member);
    member.node = Node.restore(member.options, member.node.snapshot(time), time);
  }

  #heal(): void {
    this.#note(() => `${this.#trueMs} healing`);
    for (const member of this.#members) member.pausedUntil = 0;
    for (const pipe of this.#pipes.values()) pipe.stalledUntil = 0;
    this.#aimChance = 0;
    if (this.#deadlocks.chance > 0) this.#endCircles();
    if (this.#elections.chance > 0) this.#seeLeaders();
    if (this.#random.chance(0.2)) this.#linger();
    const until = this.#trueMs + 5 * leaseMs;
    do {
      for (const member of this.#members) this.#joinAll(member);
      this.#settle();
      if (this.#isAtRest()) break;
      this.#pass(leaseMs / 6);
      for (const member of this.#members) this.#step(member, { type: 'wake' });
    } while (this.#trueMs < until);
    this.#stopObserving();
    for (const { id, node, claims, looks, options } of this.#members) {
      const { entries, rounds, awaiting, endings, tracked, elections, observed } = node.sizes;
      const { endingsMax, idleResourcesMax } = options.limits;
      if (endings > endingsMax || tracked > idleResourcesMax) {
        throw new Error(`Unbounded at ${id}: ${JSON.stringify(node.sizes)}`);
      }
      if (looks.size > 0) throw new Error(`Unanswered: ${id} looks for ${[...looks]}`);
      if (claims.size > 0) throw new Error(`Stuck: ${id} waits for ${[...claims.keys()]}`);
      if (entries + rounds + awaiting + elections + observed > 0) {
        throw new Error(`Left over at ${id}: ${JSON.stringify(node.sizes)}`);
      }
    }
  }

  /** Somebody asks for something while it holds other things, or for what it will hold then. */
  #askHolding(): void {
    const { random } = this.#deadlocks;
    const member = random.pick(this.#members);
    this.#askWith(member, random.pick(this.#names), random.chance(0.8) ? 'exclusive' : 'shared');
  }

  #askWith(member: Member, name: string, mode: Resource['mode']): void {
    if (member.pausedUntil > this.#trueMs || member.claims.size >= 3) return;
    const { random } = this.#deadlocks;
    const held = [...member.claims.values()].filter(({ state }) => state === 'held');
    const holding = held.filter(() => random.chance(0.9)).map(({ claim }) => claim);
    if (holding.length > 0) this.counts.bound += 1;
    this.#lastClaim += 1;
    const claim = claimId(this.#lastClaim);
    const resources: Resource[] = [{ name, mode }];
    const still = { isTry: false, isBounded: false, lapsed: false, steals: false, lingerMs: 0 };
    member.claims.set(claim, { claim, resources, state: 'waiting', ...still });
    const timeoutMs = random.chance(0.2) ? random.below(leaseMs) : Number.POSITIVE_INFINITY;
    const bounds = { timeoutMs, maxHoldMs: Number.POSITIVE_INFINITY, lingerMs: 0, value: null };
    const wish = { claim, resources, holding, ...bounds };
    this.#step(member, { type: 'acquire', patience: 'wait', ...wish });
  }

  /** Each has one thing and wants the next, while some let go, share, or hear of it late. */
  #openCircle(): void {
    const { random } = this.#deadlocks;
    const members = this.#shuffled().slice(0, this.#names.length);
    const held = this.#names.slice(0, members.length);
    for (const [at, member] of members.entries()) {
      this.#askWith(member, held[at] ?? 'x', random.chance(0.8) ? 'exclusive' : 'shared');
    }
    this.#drain();
    for (const [at, member] of members.entries()) {
      const name = held[(at + 1) % held.length] ?? 'x';
      this.#askWith(member, name, random.chance(0.8) ? 'exclusive' : 'shared');
      if (random.chance(0.5)) this.#drain();
      if (random.chance(0.3)) this.#pass(random.below(20));
    }
    for (const member of members) {
      if (random.chance(0.2)) this.#stall(member, random.pick(this.#members));
      if (random.chance(0.1)) this.#cut(member, random.pick(this.#members));
    }
    if (random.chance(0.5)) this.#live(random.below(3 * this.#deadlocks.probeMs));
    for (const member of members) {
      if (random.chance(0.2)) this.#downgrade(member);
      if (random.chance(0.2)) this.#release(member);
    }
    if (random.chance(0.5)) this.#live(random.below(3 * this.#deadlocks.probeMs));
  }

  #noteTickets(member: Member): void {
    const { coordinator } = member.node.snapshot(this.#timeOf(member));
    for (const { begun, claim, ticket } of coordinator.table.rounds) {
      if (begun) this.#deadlocks.begin(claim, ticket);
    }
  }

  /** Once all have met for a while, of those that waited in circles one each has failed: 9.1. */
  #endCircles(): void {
    const meet = (turns: number): void => {
      for (let turn = 0; turn < turns; turn += 1) {
        for (const member of this.#members) this.#joinAll(member);
        for (const member of this.#members) this.#save(member);
        this.#drain();
        this.#live(leaseMs / 5);
      }
    };
    meet(10);
    const before = this.#deadlocks.standing();
    meet(10);
    // A voter that is full knows of none that come.
    if (this.#members[0]?.options.limits.waitersMax !== 1_000) return;
    const left = this.#deadlocks.standing().filter((claim) => before.includes(claim));
    if (left.length > 0) throw new Error(`Waits in a circle: ${left}`);
  }

  /** Somebody campaigns, or begins or ceases to observe. */
  #takePart(): void {
    const { random, chance } = this.#elections;
    if (chance === 0 || !random.chance(chance)) return;
    const member = random.pick(this.#members);
    const name = random.pick(this.#names);
    const act = random.below(5);
    if (member.pausedUntil > this.#trueMs) return;
    if (act < 2) this.#campaign(member, name);
    else this.#observe(member, name, act < 4);
  }

  #campaign(member: Member, name: string): void {
    if (member.claims.size >= 3) return;
    this.counts.campaigns += 1;
    this.#lastClaim += 1;
    const claim = claimId(this.#lastClaim);
    const value = `${claim} of ${member.id}`;
    const resources: Resource[] = [{ name, mode: 'exclusive' }];
    const still = { isTry: false, isBounded: false, lapsed: false, steals: false, lingerMs: 0 };
    member.claims.set(claim, { claim, resources, state: 'waiting', ...still });
    this.#elections.ask(claim, name, value);
    const bounds = { timeoutMs: Infinity, maxHoldMs: Infinity, lingerMs: 0, value };
    this.#step(member, { type: 'acquire', claim, resources, patience: 'wait', ...bounds });
  }

  #observe(member: Member, name: string, isOn: boolean): void {
    if (isOn) {
      this.#elections.observe(member.id, name);
      this.#step(member, { type: 'observe', name, floor: stamp(0) });
    } else {
      this.#elections.unobserve(member.id, name);
      this.#step(member, { type: 'unobserve', name });
    }
  }

  /** Once all have met for a while, whoever observes shows who leads: rule 8.7. */
  #seeLeaders(): void {
    for (let turn = 0; turn < 15; turn += 1) {
      for (const member of this.#members) this.#joinAll(member);
      for (const member of this.#members) this.#save(member);
      this.#drain();
      this.#live(leaseMs / 5);
    }
    for (const name of this.#names) {
      const leader = this.#members.find(({ claims }) => {
        return [...claims.values()].some(({ claim, state }) => {
          return state === 'held' && this.#elections.nameOf(claim) === name;
        });
      });
      this.#elections.requireAll(name, leader?.id ?? null);
    }
  }

  /** Nobody leads any more, and nothing of what was observed is left. */
  #stopObserving(): void {
    if (this.#elections.chance === 0) return;
    for (const name of this.#names) this.#elections.requireAll(name, null);
    for (const member of this.#members) {
      for (const name of this.#elections.namesOf(member.id)) this.#observe(member, name, false);
    }
    this.#settle();
  }

  /**
   * In a mesh that has healed, nothing held is lost, whoever restarts meanwhile one at a time, and
   * no try waits for what is held.
   */
  #linger(): void {
    const meet = (): void => {
      for (const member of this.#members) this.#joinAll(member);
      for (let round = 0; round < 3; round += 1) {
        for (const member of this.#members) this.#save(member);
        this.#drain();
      }
    };
    // Else a restarted voter waits for a lease, and what hangs on its vote alone is lost.
    const isQuick = !this.#members.some(({ options }) => options.members || options.quorum === 1);
    meet();
    this.#live(leaseMs / 5);
    meet();
    this.#live(1.2 * leaseMs);
    meet();
    this.#requireNoWaitingTry();
    this.#requireRivals();
    const held = this.#unbounded();
    if (isQuick) {
      for (const member of this.#shuffled()) {
        if (member.claims.size > 0) continue;
        this.#restart(member, true);
        meet();
        this.#live(1.2 * leaseMs);
        meet();
      }
    } else this.#live(1.2 * leaseMs);
    for (const [member, claim] of held) {
      if (!member.claims.has(claim)) throw new Error(`Lost for nothing: ${claim} of ${member.id}`);
    }
  }

  #unbounded(): (readonly [Member, ClaimId])[] {
    return this.#members.flatMap((member) =>
      [...member.claims.values()]
        .filter(({ state, isBounded }) => state === 'held' && !isBounded)
        .map(({ claim }) => [member, claim] as const),
    );
  }

  #requireNoWaitingTry(): void {
    for (const { id, claims, options } of this.#members) {
      // Where a full voter has refused a round it does not hear of its commit either.
      if (options.limits.waitersMax < 1_000) return;
      // Nor does a voter see what a claim ahead waits for in another group.
      if (options.replicas < options.voters.length) return;
      for (const { claim, isTry, state, steals } of claims.values()) {
        if (isTry && state === 'waiting') throw new Error(`Try waits: ${claim} of ${id}`);
        if (steals && state === 'waiting') throw new Error(`Steal waits: ${claim} of ${id}`);
      }
    }
  }

  /** Whoever waits in a mesh that has healed waits for somebody. */
  #requireRivals(): void {
    const all = this.#members.flatMap(({ claims }) => [...claims.values()]);
    for (const claim of all) {
      if (claim.state === 'held' || this.#members[0]?.options.limits.waitersMax !== 1_000) continue;
      if (all.some((other) => other !== claim && this.#conflict(claim, other))) continue;
      throw new Error(`Waits for nobody: ${claim.claim}`);
    }
  }

  #isAtRest(): boolean {
    const isIdle = ({ node, claims }: Member): boolean =>
      claims.size === 0 && node.sizes.entries === 0 && !node.unsent;
    return this.#members.every(isIdle);
  }

  #settle(): void {
    for (let round = 0; round < 30 && this.#settleOnce(); round += 1);
  }

  /** Delivers everything, and releases what is held. @returns whether anything moved */
  #settleOnce(): boolean {
    let moved = false;
    for (const member of this.#members) {
      this.#save(member);
      for (const { claim, state } of [...member.claims.values()]) {
        if (state !== 'held') continue;
        member.claims.delete(claim);
        this.#step(member, { type: 'release', claim });
        moved = true;
      }
      if (member.node.unsent) this.#step(member, { type: 'flush' });
    }
    for (const { from, to, frames } of [...this.#pipes.values()]) {
      for (let frame = frames.shift(); frame !== undefined; frame = frames.shift()) {
        this.#step(to, { type: 'frame', peer: from.id, frame });
        moved = true;
      }
    }
    return moved;
  }

  #note(line: () => string): void {
    this.#log?.push(line());
  }
}

type Action =
  | 'deliver'
  | 'wake'
  | 'save'
  | 'moment'
  | 'while'
  | 'live'
  | 'drain'
  | 'stall'
  | 'acquire'
  | 'release'
  | 'cut'
  | 'join'
  | 'restart'
  | 'pause'
  | 'jump'
  | 'restore';

function exclusively(name: string): Resource {
  return { name, mode: 'exclusive' };
}

/** Who plays which part in an opening. */
interface Cast {
  readonly voter: Member;
  readonly holder: Member;
  readonly rival: Member;
}

/** After which a fault is worth more than at any time. */
const critical: ReadonlySet<string> = new Set([
  'commit',
  'inquire',
  'release',
  'settled',
  'vote',
  'yield',
]);

/** Swarm testing (Groce et al., 2012): each walk leaves some kinds of fault out. */
function drawWeights(random: Random, isDurable: boolean): (readonly [Action, number])[] {
  const some = (weight: number): number => (random.chance(0.5) ? weight : 0);
  return [
    ['deliver', 100],
    ['wake', 5],
    ['save', 10],
    ['moment', 20],
    ['while', random.pick([0, 2, 6])],
    ['live', some(1)],
    ['drain', some(2)],
    ['stall', some(4)],
    ['acquire', random.pick([10, 20])],
    ['release', random.pick([2, 10, 20])],
    ['cut', some(4)],
    ['join', random.pick([2, 12])],
    ['restart', some(random.pick([1, 3, 8]))],
    ['pause', some(1)],
    ['jump', isDurable ? 2 : some(1)],
    ['restore', some(2)],
  ];
}

/** How a mesh is divided, if it is, and names of several groups then. */
function drawGroups(
  random: Random,
  voters: number,
): { readonly replicas: number; readonly quorum: number; readonly names: readonly string[] } {
  const all = { replicas: voters, quorum: voters, names: [] };
  if (random.chance(voters > 3 ? 0.4 : 0.9)) return all;
  const replicas = voters > 3 && random.chance(0.9) ? 3 : 1;
  const quorum = Math.min(replicas, random.pick([2, 2, 2, 3]));
  return {
    replicas,
    quorum,
    names: random.pick([
      ['p', 'q'],
      ['p', 'q', 'r'],
    ]),
  };
}
