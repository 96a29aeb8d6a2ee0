/**
 * A seeded random walk over a few cores joined by bare queues: links break, also unseen by one end,
 * voters restart and forget, peers pause past their leases, clocks drift and jump, claims are given
 * up. After every grant it checks exclusion in true time and the order of the tokens; at the end it
 * heals the mesh and requires that every claim is answered and nothing is left over.
 */

import { excludes } from '../../src/protocol/claim.ts';
import {
  type ClaimId,
  claimId,
  defaultLimits,
  type Frame,
  type Input,
  incarnation,
  Node,
  type NodeOptions,
  type Output,
  type PeerId,
  peerId,
  type Resource,
  type Stamp,
  stamp,
  type Time,
  timeMs,
  wallMs,
} from '../../src/protocol/index.ts';
import { Random } from './random.ts';

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
  };
}

interface Claim {
  readonly claim: ClaimId;
  readonly resources: readonly Resource[];
  state: 'waiting' | 'held';
  /** Whether it was seen to be invalid while its owner had not been told. */
  lapsed: boolean;
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
  readonly #weights: readonly (readonly [Action, number])[];
  readonly #names: readonly string[];
  readonly #slowChance: number;
  #trueMs = 0;
  #lastClaim = 0;
  #lastIncarnation = 0;

  constructor(seed: number, log?: string[]) {
    this.#random = new Random(seed);
    this.#log = log;
    const random = this.#random;
    const size = random.pick([3, 3, 3, 4, 5]);
    const voterCount = size > 3 && random.chance(0.2) ? size - 1 : size;
    const ids = ['a', 'b', 'c', 'd', 'e'].slice(0, size).map((id) => peerId(id));
    const voters = ids.slice(0, voterCount);
    const majority = Math.floor(voterCount / 2) + 1;
    const quorum = random.pick([majority, majority, majority, voterCount, majority + 1]);
    this.#names = random.pick([['x'], ['x', 'y'], ['x', 'y', 'z']]);
    const limits = {
      ...defaultLimits,
      endingsMax: random.pick([1, 4, 1_000]),
      idleResourcesMax: random.pick([1, 2, 1_000]),
      lookAhead: random.pick([1, 2, 8]),
      waitersMax: random.pick([3, 1_000, 1_000]),
    };
    this.#slowChance = random.pick([0, 0, 0.2, 0.4]);
    const isDurable = random.chance(0.3);
    this.#weights = drawWeights(random);
    const prepareTimeoutMs = random.pick([300, 100_000]);
    for (const id of ids) {
      const base = {
        id,
        incarnation: incarnation(1),
        leaseMs,
        limits,
        maxClockAheadMs: 3_600_000,
        maxClockDrift: 0.01,
        members: voterCount < size,
        prepareTimeoutMs,
        quorum: Math.min(quorum, voterCount),
        voters,
      };
      this.#add({ ...base, durableMark: isDurable ? stamp(0) : null });
    }
    for (const member of this.#members) this.#joinAll(member);
    // Most walks start with a mesh that has met; some with a cold start.
    if (random.chance(0.8)) this.#settle();
    if (voterCount < size) this.#pass(leaseMs + 10);
  }

  /** Takes `steps` random steps, then heals and checks that nothing is stuck or left over. */
  run(steps: number): WalkCounts {
    for (let step = 0; step < steps; step += 1) this.#act(this.#drawAction());
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
    for (const output of member.node.step(input, this.#timeOf(member))) this.#obey(member, output);
    this.#watch(member);
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
    switch (output.type) {
      case 'frame': {
        this.#count(output.frame);
        const pipe = this.#pipes.get(`${member.id}/${output.to}`);
        if (pipe?.isOpen) pipe.frames.push(output.frame);
        return;
      }
      case 'granted':
        return this.#granted(member, output.claim, output.token);
      case 'failed':
        this.counts.failed += 1;
        member.claims.delete(output.claim);
        return;
      case 'lost':
        this.counts.lost += 1;
        member.claims.delete(output.claim);
        return;
      case 'unlink':
        return this.#close(member.id, output.peer);
      case 'persist':
        member.unsaved = output.mark;
        return;
      default:
        return;
    }
  }

  #count(frame: Frame): void {
    for (const message of frame.messages) {
      if (message.type === 'inquire') this.counts.inquiries += 1;
      if (message.type === 'prepare' && message.token !== message.ticket) this.counts.raises += 1;
    }
  }

  #granted(member: Member, id: ClaimId, token: Stamp): void {
    const claim = member.claims.get(id);
    if (claim === undefined || claim.state === 'held') throw new Error(`${id} granted unasked`);
    for (const older of member.claims.values()) {
      if (older === claim) break;
      if (older.state === 'waiting' && this.#conflict(older, claim)) {
        throw new Error(`Out of order: ${id} of ${member.id} before ${older.claim}`);
      }
    }
    claim.state = 'held';
    this.counts.grants += 1;
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

  #conflict(a: Claim, b: Claim): boolean {
    return a.resources.some((left) =>
      b.resources.some((right) => left.name === right.name && excludes(left, right)),
    );
  }

  #deliver(): void {
    const ready = [...this.#pipes.values()].filter(
      (pipe) => pipe.frames.length > 0 && pipe.to.pausedUntil <= this.#trueMs,
    );
    if (ready.length === 0) return;
    const { from, to, frames, isSlow } = this.#random.pick(ready);
    if (isSlow && this.#random.chance(0.9)) return;
    const frame = frames.shift();
    if (frame !== undefined) this.#step(to, { type: 'frame', peer: from.id, frame });
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
    const random = this.#random;
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
    member.claims.set(claim, { claim, resources, state: 'waiting', lapsed: false });
    const timeoutMs = random.chance(0.2) ? random.below(leaseMs) : Number.POSITIVE_INFINITY;
    const maxHoldMs = random.chance(0.1) ? 1 + random.below(300) : Number.POSITIVE_INFINITY;
    this.#step(member, { type: 'acquire', claim, resources, patience, timeoutMs, maxHoldMs });
  }

  #release(member: Member): void {
    const claims = [...member.claims.values()];
    if (claims.length === 0 || member.pausedUntil > this.#trueMs) return;
    const { claim, state } = this.#random.pick(claims);
    if (state === 'waiting' && !this.#random.chance(0.3)) return;
    if (state === 'waiting') this.counts.givenUp += 1;
    member.claims.delete(claim);
    this.#step(member, { type: 'release', claim });
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
    const isSlow = this.#random.chance(this.#slowChance);
    this.#pipes.set(`${a.id}/${b.id}`, { from: a, to: b, frames: [], isSlow, isOpen: true });
    this.#pipes.set(`${b.id}/${a.id}`, { from: b, to: a, frames: [], isSlow, isOpen: true });
    this.#step(a, { type: 'link-up', peer: b.id, incarnation: b.options.incarnation });
    this.#step(b, { type: 'link-up', peer: a.id, incarnation: a.options.incarnation });
  }

  /** The process dies and starts again, its memory gone; peers may notice late. */
  #restart(member: Member): void {
    this.counts.restarts += 1;
    this.#note(() => `${this.#trueMs} ${member.id} restarts`);
    for (const other of this.#members) {
      if (other === member) continue;
      this.#close(member.id, other.id);
      if (this.#random.chance(0.7)) this.#step(other, { type: 'link-down', peer: member.id });
    }
    this.#start(member);
    if (this.#random.chance(0.5)) this.#joinAll(member);
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
    const until = this.#trueMs + 5 * leaseMs;
    do {
      for (const member of this.#members) this.#joinAll(member);
      this.#settle();
      if (this.#isAtRest()) break;
      this.#pass(leaseMs / 6);
      for (const member of this.#members) this.#step(member, { type: 'wake' });
    } while (this.#trueMs < until);
    for (const { id, node, claims, options } of this.#members) {
      const { entries, rounds, awaiting, endings, tracked } = node.sizes;
      const { endingsMax, idleResourcesMax } = options.limits;
      if (endings > endingsMax || tracked > idleResourcesMax) {
        throw new Error(`Unbounded at ${id}: ${JSON.stringify(node.sizes)}`);
      }
      if (claims.size > 0) throw new Error(`Stuck: ${id} waits for ${[...claims.keys()]}`);
      if (entries + rounds + awaiting > 0) {
        throw new Error(`Left over at ${id}: ${JSON.stringify(node.sizes)}`);
      }
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
  | 'acquire'
  | 'release'
  | 'cut'
  | 'join'
  | 'restart'
  | 'pause'
  | 'jump'
  | 'restore';

/** Swarm testing (Groce et al., 2012): each walk leaves some kinds of fault out. */
function drawWeights(random: Random): (readonly [Action, number])[] {
  const some = (weight: number): number => (random.chance(0.5) ? weight : 0);
  return [
    ['deliver', 100],
    ['wake', 5],
    ['save', 10],
    ['moment', 20],
    ['while', random.pick([0, 2, 6])],
    ['acquire', random.pick([10, 20])],
    ['release', random.pick([2, 10, 20])],
    ['cut', some(4)],
    ['join', random.pick([2, 12])],
    ['restart', some(random.pick([1, 3, 8]))],
    ['pause', some(1)],
    ['jump', some(1)],
    ['restore', some(2)],
  ];
}
