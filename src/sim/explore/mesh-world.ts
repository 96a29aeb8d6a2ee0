/**
 * One mesh, taken from state to state: what each move does to cores, to connections, to what is
 * under way, and to what the clients know. What a core does with it is the core's.
 *
 * A connection that breaks leaves two marks behind what is under way to each end: that it is gone,
 * and that a new one stands. An end reads up to the first, or leaves that out; what it sends goes
 * nowhere until it has come to the second. As long as a mark waits, the ends are apart: so a new
 * connection, and a process that starts again, need no move of their own.
 */

import type { Effect } from './core-state.ts';
import { Cores, startMs } from './cores.ts';
import { type Happening, happening } from './happening.ts';
import { MeshLayout } from './mesh-layout.ts';
import { MeshPromises } from './mesh-promises.ts';
import { emptyQueue, type Item, Queues } from './queues.ts';
import { beatMsOf, coreScopeOf, type MeshScope, type Pace, stepMsOf, usualPace } from './scope.ts';

export class MeshWorld {
  readonly layout: MeshLayout;
  readonly cores: Cores;
  readonly queues: Queues = new Queues();
  /** The present state. */
  readonly state: Int32Array;
  readonly scope: MeshScope;
  /** What clients are promised, watched in every state. */
  readonly promises: MeshPromises;
  readonly #pace: Pace;
  /** Whether time goes on after the end of a scope. */
  isHealing = false;

  constructor(scope: MeshScope, cores: Cores = new Cores(coreScopeOf(scope))) {
    this.scope = scope;
    this.layout = new MeshLayout(scope);
    this.cores = cores;
    this.state = new Int32Array(this.layout.width);
    this.promises = new MeshPromises(this);
    this.#pace = scope.pace ?? usualPace;
  }

  get isBroken(): boolean {
    return this.state[this.layout.brokenAt] !== 0;
  }

  coreOf(peer: number): number {
    return this.state[peer] ?? 0;
  }

  queueOf(from: number, to: number): number {
    return this.state[this.layout.queueAt(from, to)] ?? emptyQueue;
  }

  /** All processes start, and are joined. */
  open(): void {
    this.state.fill(0);
    this.layout.setBudgets(this.state, this.scope.budgets);
    for (let peer = 0; peer < this.layout.peers; peer += 1) {
      this.#boot(peer, startMs);
    }
    for (let a = 0; a < this.layout.peers; a += 1) for (let b = 0; b < a; b += 1) this.#join(a, b);
    if (!this.scope.isWarm) return;
    this.drain(() => true);
    if (this.layout.hasFiles) this.#writeAll();
    for (let peer = 0; peer < this.layout.peers; peer += 1) {
      this.state[peer] = this.cores.evened(this.coreOf(peer));
    }
  }

  /** Hands over the first that is under way from one peer to another. */
  deliver(from: number, to: number): void {
    const at = this.layout.queueAt(from, to);
    const queue = this.state[at] ?? emptyQueue;
    const head = this.queues.head(queue, from);
    if (head === null) return;
    this.state[at] = this.queues.shift(queue);
    this.#step(to, head);
  }

  /** One end sees that its connection is gone, or another stands; what was under way goes. */
  notice(from: number, to: number): void {
    const at = this.layout.queueAt(from, to);
    let queue = this.state[at] ?? emptyQueue;
    for (let skip = this.queues.of(queue).markAt; skip > 0; skip -= 1)
      queue = this.queues.shift(queue);
    this.state[at] = queue;
    this.deliver(from, to);
  }

  /** A frame is lost, and nobody is told. */
  lose(from: number, to: number): void {
    const at = this.layout.queueAt(from, to);
    this.state[at] = this.queues.shift(this.state[at] ?? emptyQueue);
  }

  /** Whether a peer's core waits for its state file. */
  hasToWrite(peer: number): boolean {
    const { filesAt, hasFiles } = this.layout;
    if (!hasFiles || this.coreOf(peer) === 0) return false;
    return this.state[filesAt + 2 * peer] !== this.state[filesAt + 2 * peer + 1];
  }

  /** A peer's state file covers what was asked for. */
  write(peer: number): void {
    const at = this.layout.filesAt + 2 * peer;
    const mark = this.state[at + 1] ?? 0;
    this.state[at] = mark;
    this.#step(peer, happening({ type: 'persisted', mark }));
  }

  #writeAll(): void {
    for (let peer = 0; peer < this.layout.peers; peer += 1) {
      while (this.hasToWrite(peer)) this.write(peer);
    }
    this.drain(() => true);
  }

  acquire(claim: number): void {
    this.layout.setClaim(this.state, claim, 'waiting');
    this.#step(this.#peerOf(claim), happening({ type: 'acquire', claim }));
  }

  /** Of a waiting claim: gives it up. */
  release(claim: number): void {
    this.layout.setClaim(this.state, claim, 'over');
    this.#step(this.#peerOf(claim), happening({ type: 'release', claim }));
  }

  downgrade(claim: number): void {
    this.layout.share(this.state, claim);
    this.#step(this.#peerOf(claim), happening({ type: 'downgrade', claim }));
  }

  crash(peer: number): void {
    this.#die(peer, true);
  }

  #die(peer: number, isSeen: boolean): void {
    this.state[peer] = 0;
    for (let other = 0; other < this.layout.peers; other += 1) {
      if (other === peer) continue;
      this.state[this.layout.queueAt(other, peer)] = emptyQueue;
      if (isSeen && this.coreOf(other) !== 0) this.#append(peer, other, { item: 'down' });
    }
    for (const [claim, { peer: owner }] of this.scope.claims.entries()) {
      const isAsked = this.layout.claimOf(this.state, claim) !== 'unasked';
      if (owner === peer && isAsked) this.layout.setClaim(this.state, claim, 'over');
    }
  }

  /** A process dies and starts again at once: until it is joined anew it is as good as dead. */
  restart(peer: number): void {
    const { wall } = this.cores.stateOf(this.coreOf(peer));
    this.#die(peer, this.scope.seesDown);
    this.#boot(peer, wall);
    for (let other = 0; other < this.layout.peers; other += 1) {
      if (other !== peer) this.#join(peer, other);
    }
  }

  break(a: number, b: number): void {
    if (this.scope.seesDown) this.#append(a, b, { item: 'down' });
    if (this.scope.seesDown) this.#append(b, a, { item: 'down' });
    this.#join(a, b);
  }

  jump(peer: number, ms: number): void {
    this.#step(peer, happening({ type: 'jump', ms }));
  }

  /**
   * Nearly half a lease passes; all are woken in time but one, if any. Idle links carry at once.
   *
   * @param isSuspended whether its monotonic clock stands still, too, as its machine does
   */
  beat(still: number = -1, isSuspended: boolean = false): void {
    for (let step = 0; step < this.#pace.stepsOfBeat; step += 1) this.pass(still, isSuspended);
  }

  /** Time passes by one step. */
  pass(still: number = -1, isSuspended: boolean = false): void {
    const stillType = isSuspended ? 'jump' : 'pass';
    for (let peer = 0; peer < this.layout.peers; peer += 1) {
      if (this.coreOf(peer) === 0 || this.isBroken) continue;
      const ms = stepMsOf(this.scope, peer);
      this.#step(peer, happening({ type: peer === still ? stillType : 'wake', ms }));
    }
    this.drain((from, to) => to !== still && this.#isIdle(from, to));
  }

  /** Delivers, in a fixed order, what there is on the directions chosen, until there is no more. */
  drain(isChosen: (from: number, to: number) => boolean): boolean {
    const { peers } = this.layout;
    let moved = false;
    for (let again = true; again && !this.isBroken; moved ||= again) {
      again = false;
      for (let pair = 0; pair < peers * peers; pair += 1) {
        const [from, to] = [Math.floor(pair / peers), pair % peers];
        if (from === to || this.queueOf(from, to) === emptyQueue || !isChosen(from, to)) continue;
        this.deliver(from, to);
        again = true;
      }
    }
    return moved;
  }

  /** Whether one end belongs to the present connection of the pair. */
  isAttached(peer: number, other: number): boolean {
    if (this.coreOf(other) === 0) return false;
    return !this.queues.of(this.queueOf(other, peer)).hasMark;
  }

  /** How much of a lease and more has passed. */
  get elapsedMs(): number {
    const beats = this.scope.budgets.beats - this.layout.leftOf(this.state, 'beats');
    return beats * beatMsOf(this.scope);
  }

  #boot(peer: number, wall: number): void {
    const incarnation = this.layout.incarnationOf(this.state, peer) + 1;
    this.layout.setIncarnation(this.state, peer, incarnation);
    const { filesAt, hasFiles } = this.layout;
    const mark = hasFiles ? (this.state[filesAt + 2 * peer] ?? 0) : 0;
    if (hasFiles) this.state[filesAt + 2 * peer + 1] = mark;
    this.state[peer] = this.cores.start({ peer, incarnation, mark, wall });
  }

  #peerOf(claim: number): number {
    return this.scope.claims[claim]?.peer ?? 0;
  }

  /** Nothing but a sign of life comes next. */
  #isIdle(from: number, to: number): boolean {
    if (!this.isHealing && this.#isWithheld(from, to)) return false;
    const item = this.queues.of(this.queueOf(from, to)).items[0];
    return item?.item === 'frame' && this.cores.frameOf(item.frame).messages.length === 0;
  }

  #isWithheld(from: number, to: number): boolean {
    const { withheld } = this.scope;
    return withheld?.some(([one, other]) => one === from && other === to) ?? false;
  }

  /** Both ends will see a new connection. */
  #join(a: number, b: number): void {
    if (this.coreOf(a) === 0 || this.coreOf(b) === 0) return;
    this.#append(a, b, { item: 'up', incarnation: this.layout.incarnationOf(this.state, a) });
    this.#append(b, a, { item: 'up', incarnation: this.layout.incarnationOf(this.state, b) });
  }

  #append(from: number, to: number, item: Item): void {
    const at = this.layout.queueAt(from, to);
    this.state[at] = this.queues.append(this.state[at] ?? emptyQueue, item);
  }

  #step(peer: number, what: Happening): void {
    const { next, effects, isQuiet } = this.cores.step(this.coreOf(peer), what);
    if (next !== 0) this.state[peer] = next;
    for (const effect of effects) this.#carryOut(peer, effect);
    if (!isQuiet) this.promises.watch();
  }

  #carryOut(peer: number, effect: Effect): void {
    switch (effect.do) {
      case 'send':
        if (!this.isAttached(peer, effect.to)) return;
        return this.#append(peer, effect.to, { item: 'frame', frame: effect.frame });
      case 'granted':
        return this.promises.granted(effect.claim, effect.token);
      case 'failed':
      case 'lost':
      case 'stolen':
        return this.promises.ended(effect.claim, effect.do);
      case 'unlink':
        return this.#unlinked(peer, effect.peer);
      case 'persist':
        return this.#persist(peer, effect.mark);
      case 'broke':
        return this.promises.breach(effect.message);
    }
  }

  #persist(peer: number, mark: number): void {
    if (!this.layout.hasFiles) return;
    this.state[this.layout.filesAt + 2 * peer + 1] = mark;
    if (this.scope.files === 'at-once') this.write(peer);
  }

  /** The core of one end has given the connection up. */
  #unlinked(peer: number, other: number): void {
    const isDue = this.elapsedMs > 0 || this.isHealing || this.scope.budgets.losses > 0;
    if (!isDue) {
      return this.promises.breach('a core gives up a link, and no time has passed');
    }
    if (!this.isAttached(peer, other)) return;
    this.state[this.layout.queueAt(other, peer)] = emptyQueue;
    this.#append(peer, other, { item: 'down' });
    this.#join(peer, other);
  }
}
