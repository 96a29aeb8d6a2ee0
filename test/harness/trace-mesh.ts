/**
 * The mesh of a trace: cores, the queues between them, and one true time. What the cores do is
 * printed, by src/protocol/describe.ts; what moves them is trace.ts's.
 */

import { describeMessage, describeNode, describeOutput } from '../../src/protocol/describe.ts';
import {
  type Acquire,
  claimId,
  defaultLimits,
  type Frame,
  type Input,
  incarnation,
  lookNumber,
  Node,
  type NodeOptions,
  type Output,
  type PeerId,
  peerId,
  type Stamp,
  stamp,
  type Time,
  timeMs,
  wallMs,
} from '../../src/protocol/index.ts';

/** The clocks' epoch, so that stamps print as small numbers. */
const epochMs = 1_704_067_200_000;

export interface Member {
  readonly id: PeerId;
  options: NodeOptions;
  node: Node;
  /** By how much its monotonic clock, and its wall clock beyond that, differ from true time. */
  monotonicMs: number;
  wallMs: number;
  state: 'running' | 'paused' | 'dead';
}

/** What a trace's `mesh` line asks for. */
export interface Setting {
  readonly voters: readonly string[];
  readonly members: readonly string[];
  readonly isDurable: boolean;
  /** The number given to a name, or the other one. */
  readonly count: (name: string, otherwise: number) => number;
}

/** One direction of a connection. */
export interface Pipe {
  readonly from: Member;
  readonly to: Member;
  readonly frames: Frame[];
  held: boolean;
}

export class TraceMesh {
  readonly #members = new Map<string, Member>();
  readonly #pipes = new Map<string, Pipe>();
  #trueMs = 1_000;
  #lastClaim = 0;
  #printed: string[] = [];

  /** What has been printed since the last time. */
  takePrinted(): string[] {
    const printed = this.#printed;
    this.#printed = [];
    return printed;
  }

  /** Makes the peers, which do not know of each other yet. */
  start(setting: Setting): void {
    const { voters, members, count, isDurable } = setting;
    const replicas = count('replicas', voters.length);
    for (const id of [...voters, ...members].map((name) => peerId(name))) {
      const options: NodeOptions = {
        id,
        incarnation: incarnation(1),
        leaseMs: count('lease', 10_000),
        limits: {
          ...defaultLimits,
          endingsMax: count('endings', defaultLimits.endingsMax),
          idleResourcesMax: count('idle', defaultLimits.idleResourcesMax),
          lookAhead: count('lookAhead', defaultLimits.lookAhead),
          waitersMax: count('waiters', defaultLimits.waitersMax),
        },
        durableMark: isDurable ? stamp(0) : null,
        maxClockAheadMs: 3_600_000,
        deadlockProbeMs: count('probe', 1_000),
        maxClockDrift: 0.01,
        allowSteal: true,
        members: members.length > 0,
        prepareTimeoutMs: count('prepareTimeout', 2_000),
        quorum: count('quorum', Math.floor(replicas / 2) + 1),
        replicas,
        voters: voters.map((name) => peerId(name)),
      };
      const time = { now: timeMs(this.#trueMs), wall: wallMs(epochMs + this.#trueMs) };
      const node = new Node(options, time);
      const clocks = { monotonicMs: 0, wallMs: 0 };
      this.#members.set(id, { id, options, node, ...clocks, state: 'running' });
    }
  }

  /** Joins every pair that may have a link, and lets them talk until nothing is left to say. */
  meet(): void {
    const members = [...this.#members.values()];
    for (const [index, a] of members.entries()) {
      for (const b of members.slice(index + 1)) {
        const { voters } = a.options;
        if (voters.includes(a.id) || voters.includes(b.id)) this.join(a, b);
      }
    }
    this.deliverAll();
  }

  #timeOf({ monotonicMs, wallMs: aheadMs }: Member): Time {
    const now = this.#trueMs + monotonicMs;
    return { now: timeMs(now), wall: wallMs(epochMs + now + aheadMs) };
  }

  /** Hands over an input, does what is asked, and ends the turn. */
  step(member: Member, input: Input): void {
    if (member.state !== 'running') return;
    for (const output of member.node.step(input, this.#timeOf(member))) this.#heed(member, output);
    if (member.node.unsent) this.step(member, { type: 'flush' });
  }

  #heed(member: Member, output: Output): void {
    switch (output.type) {
      case 'frame': {
        this.#pipes.get(`${member.id} ${output.to}`)?.frames.push(output.frame);
        for (const message of output.frame.messages) {
          this.print(`${member.id} → ${output.to} ${describeMessage(message)}`);
        }
        return;
      }
      case 'unlink':
        this.print(`${member.id} ${describeOutput(output)}`);
        return this.#closePipes(member.id, output.peer);
      case 'persist': {
        this.print(`${member.id} ${describeOutput(output)}`);
        const { mark } = output;
        member.options = { ...member.options, durableMark: mark };
        return this.step(member, { type: 'persisted', mark });
      }
      // What each peer sees of the others is the driver's news, and would drown the story.
      case 'voter':
      case 'quorum':
        return;
      default:
        this.print(`${member.id} ${describeOutput(output)}`);
    }
  }

  acquire(member: Member, wish: Omit<Acquire, 'type' | 'claim'>): void {
    this.#lastClaim += 1;
    this.print(`claim ${this.#lastClaim}`);
    this.step(member, { type: 'acquire', claim: claimId(this.#lastClaim), ...wish });
  }

  release(member: Member, claim: number): void {
    this.step(member, { type: 'release', claim: claimId(claim) });
  }

  /** Its holder asks to be told when others want it. */
  heed(member: Member, claim: number): void {
    this.step(member, { type: 'heed', claim: claimId(claim) });
  }

  look(member: Member, number: number, name: string | null): void {
    this.step(member, { type: 'look', look: lookNumber(number), name });
  }

  /** Its holder shares it from now on. */
  downgrade(member: Member, claim: number): void {
    this.step(member, { type: 'downgrade', claim: claimId(claim) });
  }

  tellHeld(member: Member, claim: number): void {
    const ms = member.node.validForMs(claimId(claim), this.#timeOf(member));
    this.print(`${member.id} ${ms > 0 ? `holds claim=${claim} for ${ms}` : 'does not hold'}`);
  }

  deliver(pipe: Pipe, count: number): void {
    for (let index = 0; index < count; index += 1) {
      const frame = pipe.frames.shift();
      if (frame === undefined) throw new Error(`Nothing from ${pipe.from.id} to ${pipe.to.id}`);
      this.step(pipe.to, { type: 'frame', peer: pipe.from.id, frame });
    }
  }

  /** Until nothing is under way but on links that are held, or to peers that do not run. */
  deliverAll(): void {
    for (;;) {
      const ready = [...this.#pipes.values()].filter(
        ({ frames, held, to }) => frames.length > 0 && !held && to.state === 'running',
      );
      const [first] = ready;
      if (first === undefined) return;
      this.deliver(first, 1);
    }
  }

  /** Both ends notice, or only one of them. */
  cut(a: Member, b: Member, seen: string | undefined): void {
    this.#closePipes(a.id, b.id);
    if (seen !== `seen=${b.id}`) this.step(a, { type: 'link-down', peer: b.id });
    if (seen !== `seen=${a.id}`) this.step(b, { type: 'link-down', peer: a.id });
  }

  #closePipes(a: PeerId, b: PeerId): void {
    this.#pipes.delete(`${a} ${b}`);
    this.#pipes.delete(`${b} ${a}`);
  }

  join(a: Member, b: Member): void {
    this.#pipes.set(`${a.id} ${b.id}`, { from: a, to: b, frames: [], held: false });
    this.#pipes.set(`${b.id} ${a.id}`, { from: b, to: a, frames: [], held: false });
    const [ofA, ofB] = [a.options.incarnation, b.options.incarnation];
    this.step(a, { type: 'link-up', peer: b.id, incarnation: ofB });
    this.step(b, { type: 'link-up', peer: a.id, incarnation: ofA });
  }

  /** The process dies; the others see their links go. */
  crash(member: Member): void {
    member.state = 'dead';
    for (const other of this.#members.values()) {
      if (other !== member) this.cut(member, other, undefined);
    }
  }

  /** A new process, which remembers its state file at most; `forget` takes that, too. */
  restart(member: Member, forgets: boolean): void {
    this.crash(member);
    const { options } = member;
    const mark: Stamp | null = forgets ? null : options.durableMark;
    const next = incarnation(options.incarnation + 1);
    member.options = { ...options, incarnation: next, durableMark: mark };
    member.node = new Node(member.options, this.#timeOf(member));
    member.state = 'running';
  }

  /** Wakes each peer when it is due; `busy` delivers what is sent meanwhile. */
  pass(ms: number, busy: boolean): void {
    const end = this.#trueMs + ms;
    if (busy) this.deliverAll();
    for (;;) {
      const due = this.#nextDue();
      if (due === undefined || due.at > end) break;
      this.#trueMs = Math.max(this.#trueMs, due.at);
      this.step(due.member, { type: 'wake' });
      if (busy) this.deliverAll();
    }
    this.#trueMs = end;
  }

  #nextDue(): { readonly at: number; readonly member: Member } | undefined {
    let first: { readonly at: number; readonly member: Member } | undefined;
    for (const member of this.#members.values()) {
      const at = member.state === 'running' ? member.node.nextWake() : undefined;
      if (at === undefined) continue;
      const trueAt = at - member.monotonicMs;
      if (first === undefined || trueAt < first.at) first = { at: trueAt, member };
    }
    return first;
  }

  tellState(member: Member): void {
    const lines = describeNode(member.node.snapshot(this.#timeOf(member)));
    for (const line of lines) this.print(`${member.id}: ${line}`);
  }

  print(line: string): void {
    this.#printed.push(line);
  }

  member(id: string): Member {
    const member = this.#members.get(id);
    if (member === undefined) throw new Error(`Cannot play trace: no peer is named ${id}`);
    return member;
  }

  pipe(from: string, to: string): Pipe {
    const pipe = this.#pipes.get(`${from} ${to}`);
    if (pipe === undefined) throw new Error(`Cannot play trace: no link from ${from} to ${to}`);
    return pipe;
  }
}
