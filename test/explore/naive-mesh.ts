/**
 * The mesh of a scope as plainly as it can be told: real nodes that live on from step to step, with
 * connections as objects, true numbers of frames and clocks that go on. It shares nothing with
 * `MeshWorld` and `Cores` but the scope, so that one can be held against the other.
 */

import {
  claimId,
  type Input,
  incarnation,
  type Output,
  type PeerId,
  peerId,
  type Time,
} from '../../src/protocol/index.ts';
import { type MeshScope, stepMs } from '../../src/sim/explore/scope.ts';
import { NaiveClaims } from './naive-claims.ts';
import {
  type Coming,
  type Connection,
  Connections,
  endsAs,
  type Sight,
} from './naive-connections.ts';
import { type Machine, NaiveProcess } from './naive-process.ts';

/** Something that may happen, and its kind. */
export interface Move {
  readonly kind: string;
  readonly text: string;
  readonly take: () => void;
}

export class NaiveMesh {
  readonly scope: MeshScope;
  readonly peers: readonly PeerId[];
  readonly claims: NaiveClaims;
  readonly left: Record<keyof MeshScope['budgets'], number>;
  /** The newest incarnation of each peer, alive or not. */
  readonly incarnations: number[] = [];
  readonly #machines: readonly Machine[];
  readonly #processes: (NaiveProcess | null)[] = [];
  readonly #connections = new Connections();
  /** By peer: how often its state or its clocks may have changed. */
  readonly #turns: number[] = [];
  #trueMs = 0;

  constructor(scope: MeshScope) {
    this.scope = scope;
    this.peers = ['a', 'b', 'c', 'd', 'e'].slice(0, scope.voters).map((id) => peerId(id));
    this.claims = new NaiveClaims(scope.claims);
    this.left = { ...scope.budgets };
    this.#machines = this.peers.map((id) => ({ id, peers: this.peers, wallOffsetMs: 0 }));
    for (const peer of this.peers.keys()) this.#boot(peer);
    for (const a of this.peers.keys()) for (let b = 0; b < a; b += 1) this.#connect(a, b);
    while (scope.isWarm && this.#drain(() => true));
  }

  processOf(peer: number): NaiveProcess | null {
    return this.#processes[peer] ?? null;
  }

  turnsOf(peer: number): number {
    return this.#turns[peer] ?? 0;
  }

  nowOf(process: NaiveProcess): Time {
    return process.timeAt(this.#trueMs);
  }

  /** What `to` has yet to see of `from`, oldest first: frames, ends, and starts of connections. */
  rowOf(from: number, to: number): readonly Coming[] {
    return this.processOf(to) === null ? [] : this.#connections.coming(from, to);
  }

  /** All that may happen now. */
  moves(): Move[] {
    return [...this.#sights(), ...this.#clients(), ...this.#faults(), ...this.#beats()];
  }

  #sights(): Move[] {
    const moves: Move[] = [];
    for (const [from, one] of this.peers.entries()) {
      for (const [to, other] of this.peers.entries()) {
        const sight = this.#next(from, to);
        if (sight === null) continue;
        const text = `${other} sees ${sight.see} of ${one}`;
        moves.push({ kind: 'deliver', text, take: () => this.#see(from, to) });
        if (sight.see !== 'frame' || !sight.isOver) continue;
        const skip = (): void => {
          sight.at.inbox.length = 0;
          this.#see(from, to);
        };
        moves.push({ kind: 'notice', text: `${other} sees no more of ${one}`, take: skip });
      }
    }
    return moves;
  }

  #clients(): Move[] {
    return this.scope.claims.flatMap(({ peer }, claim): Move[] => {
      if (this.processOf(peer) === null) return [];
      const doings = this.claims.doings(claim).filter((doing) => {
        return doing !== 'giveUp' || this.left.giveUps > 0;
      });
      return doings.map((kind) => {
        const take = (): void => {
          if (kind === 'giveUp') this.left.giveUps -= 1;
          this.#step(peer, this.claims.do(kind, claim));
        };
        return { kind, text: `${kind} of claim ${claim + 1}`, take };
      });
    });
  }

  #faults(): Move[] {
    const moves: Move[] = [];
    const offer = (kind: keyof typeof this.left, text: string, take: () => void): void => {
      if (this.left[kind] === 0) return;
      const spend = (): void => {
        this.left[kind] -= 1;
        take();
      };
      moves.push({ kind, text: `${kind}: ${text}`, take: spend });
    };
    for (const [a, id] of this.peers.entries()) {
      if (this.processOf(a) === null) continue;
      if (this.scope.victims.includes(a)) {
        offer('crashes', id, () => this.#die(a, true));
        offer('restarts', id, () => this.#restart(a));
      }
      for (const ms of this.scope.jumpsMs)
        offer('jumps', `${id} by ${ms}`, () => this.#jump(a, ms));
      for (let b = 0; b < a; b += 1) {
        const shared = this.#connections.shared(a, b);
        if (shared !== undefined) offer('breaks', `${id} and ${b}`, () => this.#break(shared));
      }
    }
    return moves;
  }

  #beats(): Move[] {
    const rows = this.peers.flatMap((_, from) => this.peers.map((__, to) => this.#next(from, to)));
    const busy = rows.filter((sight) => sight !== null).length;
    if (this.left.beats === 0 || busy > this.scope.slowMax) return [];
    const beat = (still: number, isSuspended: boolean): void => {
      this.left.beats -= 1;
      if (still >= 0) this.left.pauses -= 1;
      for (let step = 0; step < 2; step += 1) this.#pass(still, isSuspended);
    };
    const moves = [{ kind: 'beat', text: 'a beat', take: () => beat(-1, false) }];
    if (this.left.pauses === 0) return moves;
    for (const [a, id] of this.peers.entries()) {
      if (this.processOf(a) === null) continue;
      moves.push({ kind: 'pause', text: `a beat without ${id}`, take: () => beat(a, false) });
      moves.push({ kind: 'pause', text: `a beat that ${id} misses`, take: () => beat(a, true) });
    }
    return moves;
  }

  #pass(still: number, isSuspended: boolean): void {
    this.#trueMs += stepMs;
    if (isSuspended) this.processOf(still)?.miss(stepMs);
    for (const peer of this.peers.keys()) {
      this.#changed(peer);
      if (peer !== still) this.#step(peer, { type: 'wake' });
    }
    this.#watch();
    const isIdle = (sight: Sight): boolean =>
      sight.see === 'frame' && sight.frame.messages.length === 0;
    while (this.#drain((sight, to) => to !== still && isIdle(sight)));
  }

  /** Lets all see what is next for them once. @returns whether there was anything */
  #drain(isChosen: (sight: Sight, to: number) => boolean): boolean {
    let moved = false;
    for (const from of this.peers.keys()) {
      for (const to of this.peers.keys()) {
        const sight = this.#next(from, to);
        if (sight === null || !isChosen(sight, to)) continue;
        this.#see(from, to);
        moved = true;
      }
    }
    return moved;
  }

  #next(from: number, to: number): Sight | null {
    return this.processOf(to) && this.#connections.next(from, to);
  }

  #see(from: number, to: number): void {
    const sight = this.#next(from, to);
    const peer = this.peers[from];
    if (sight === null || peer === undefined) return;
    if (sight.see === 'frame') {
      sight.at.inbox.shift();
      this.#step(to, { type: 'frame', peer, frame: sight.frame });
    } else if (sight.see === 'down') {
      sight.at.view = 'gone';
      this.#step(to, { type: 'link-down', peer });
    } else {
      if (sight.instead !== null) sight.instead.view = 'gone';
      sight.at.view = 'open';
      this.#step(to, { type: 'link-up', peer, incarnation: incarnation(sight.of) });
    }
  }

  #step(peer: number, input: Input): void {
    const process = this.processOf(peer);
    if (process === null) return;
    this.#changed(peer);
    for (const output of process.step(input, this.nowOf(process))) this.#obey(peer, output);
    this.#watch();
  }

  #obey(peer: number, output: Output): void {
    if (output.type === 'granted') this.claims.told[output.claim - 1] = 'held';
    if (output.type === 'failed' || output.type === 'lost')
      this.claims.told[output.claim - 1] = 'over';
    if (output.type !== 'frame' && output.type !== 'unlink') return;
    const other = this.peers.indexOf(output.type === 'frame' ? output.to : output.peer);
    const open = this.#connections.present(peer, other);
    if (open === undefined) return;
    const [at, far] = endsAs(open.ends, peer);
    if (output.type === 'frame') {
      far.inbox.push(output.frame);
      return;
    }
    at.view = 'gone';
    open.isOver = true;
    open.endIsSeen = true;
    this.#connect(peer, other);
  }

  /** What is held by its owner's clock no more is lost, told or not. */
  #watch(): void {
    for (const [claim, { peer }] of this.scope.claims.entries()) {
      if (this.claims.told[claim] !== 'held') continue;
      const owner = this.processOf(peer);
      const isValid = owner?.node.holds(claimId(claim + 1), this.nowOf(owner)) ?? false;
      if (!isValid) this.claims.told[claim] = 'lapsed';
    }
  }

  #boot(peer: number): void {
    this.#changed(peer);
    const machine = this.#machines[peer];
    if (machine === undefined) return;
    const of = (this.incarnations[peer] ?? 0) + 1;
    this.incarnations[peer] = of;
    this.#processes[peer] = new NaiveProcess(this.scope, machine, { of, trueMs: this.#trueMs });
  }

  #connect(a: number, b: number): void {
    if (this.processOf(a) === null || this.processOf(b) === null) return;
    const [one = 0, other = 0] = [this.incarnations[a], this.incarnations[b]];
    this.#connections.open({ peer: a, incarnation: one }, { peer: b, incarnation: other });
  }

  #break(connection: Connection): void {
    const [{ peer: a }, { peer: b }] = connection.ends;
    connection.isOver = true;
    connection.endIsSeen = this.scope.seesDown;
    this.#connect(a, b);
  }

  #die(peer: number, isSeen: boolean): void {
    this.#processes[peer] = null;
    this.#connections.lose(peer, isSeen);
    for (const [claim, { peer: owner }] of this.scope.claims.entries()) {
      if (owner === peer && this.claims.told[claim] !== 'unasked') this.claims.told[claim] = 'over';
    }
  }

  #restart(peer: number): void {
    this.#die(peer, this.scope.seesDown);
    this.#boot(peer);
    for (const other of this.peers.keys()) if (other !== peer) this.#connect(peer, other);
  }

  #jump(peer: number, ms: number): void {
    this.#changed(peer);
    for (const machine of this.#machines.slice(peer, peer + 1)) machine.wallOffsetMs += ms;
    this.#watch();
  }

  #changed(peer: number): void {
    this.#turns[peer] = this.turnsOf(peer) + 1;
  }
}
