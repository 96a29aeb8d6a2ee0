/**
 * What a run has come to, in lines that are the same in two worlds whose times differ: who held
 * what in which order, who was told of a loss, which errors were seen, and whether tokens rose.
 *
 * Lines are kept by topic, a name that is locked or a node: within one they are in order; what
 * happens in two of them at once may come in either order.
 */

import { LockLostError, LockmeshError } from '../../src/peer/errors.ts';
import type { AcquireOptions, Lock, LockRequest } from '../../src/peer/lock.ts';
import type { Peer } from '../../src/peer/peer.ts';
import type { Net } from './net.ts';

/** A call of `acquire`, and what has become of it. */
export interface Asked {
  readonly node: string;
  lock: Lock | null;
  /** The code of its error, or the reason of its signal. */
  error: string | null;
}

/** A lock that was granted, and neither released nor lost. */
export interface Holding {
  readonly node: string;
  readonly peer: Peer;
  readonly lock: Lock;
}

/** Far beyond what anything here takes: only what hangs is given up. */
const patienceMs = 20_000;

export class Story {
  readonly #net: Net;
  readonly #topics = new Map<string, string[]>();
  /** By name: the greatest token of an exclusive lock, and of any. */
  readonly #tokens = new Map<string, { exclusive: number; any: number; grants: number }>();
  readonly #holdings = new Set<Holding>();

  constructor(net: Net) {
    this.#net = net;
  }

  /** The lines, each after its topic; topics are sorted, and so are the lines of some. */
  lines(unordered: readonly string[]): readonly string[] {
    const topics = [...this.#topics].sort(([one], [other]) => (one < other ? -1 : 1));
    return topics.flatMap(([topic, lines]) => {
      const told = unordered.includes(topic) ? lines.toSorted() : lines;
      return told.map((line) => `${topic}: ${line}`);
    });
  }

  /** How often a lock was granted. */
  get grants(): number {
    return [...this.#tokens.values()].reduce((sum, { grants }) => sum + grants, 0);
  }

  /** Notes a line. */
  tell(topic: string, line: string): void {
    const lines = this.#topics.get(topic) ?? [];
    lines.push(line);
    this.#topics.set(topic, lines);
  }

  /** Asks for a lock, and does not wait for it. A process that has died since tells nothing. */
  ask(node: string, request: LockRequest, options: AcquireOptions = {}): Asked {
    const asked: Asked = { node, lock: null, error: null };
    const { peer } = this.#net.node(node);
    peer.acquire(request, options).then(
      (lock) => {
        if (!this.#lives(node, peer)) return;
        this.noteGrant({ node, peer, lock });
        asked.lock = lock;
      },
      (error: unknown) => {
        if (!this.#lives(node, peer)) return;
        asked.error = codeOf(error);
        this.tell(node, `is refused ${namesIn(request)}: ${asked.error}`);
      },
    );
    return asked;
  }

  /** Tries to take a lock. */
  async try(node: string, request: LockRequest): Promise<Lock | null> {
    const { peer } = this.#net.node(node);
    const lock = await peer.tryAcquire(request);
    if (lock === null) this.tell(node, `tries ${namesIn(request)} in vain`);
    else this.noteGrant({ node, peer, lock });
    return lock;
  }

  /** Asks for a lock, and waits for it. */
  async take(node: string, request: LockRequest, options: AcquireOptions = {}): Promise<Lock> {
    return await this.granted(this.ask(node, request, options));
  }

  /** Waits until a call is granted. */
  async granted(asked: Asked): Promise<Lock> {
    const what = `${asked.node} is granted`;
    await this.#net.until(() => asked.lock !== null, { timeout: patienceMs, what });
    if (asked.lock === null) throw new Error('Cannot go on: the lock was not granted');
    return asked.lock;
  }

  /** Waits until a call has failed. */
  async failed(asked: Asked): Promise<void> {
    const what = `the call of ${asked.node} fails`;
    await this.#net.until(() => asked.error !== null, { timeout: patienceMs, what });
  }

  /** Waits until a lock is lost, or taken back. */
  async lost(lock: Lock): Promise<void> {
    const what = `${lock.name} is lost`;
    await this.#net.until(() => lock.signal.aborted, { timeout: patienceMs, what });
  }

  /** Gives a lock back. */
  async release(lock: Lock): Promise<void> {
    for (const holding of [...this.#holdings]) {
      if (holding.lock !== lock) continue;
      this.#holdings.delete(holding);
      for (const name of lock.names) this.tell(name, `${holding.node} gives it back`);
    }
    await lock.release();
  }

  /** Notes what a peer is warned of, once each. @returns the lines so far */
  warnings(node: string): ReadonlySet<string> {
    const known = new Set<string>();
    this.#net.node(node).peer.on('warning', ({ type, peer = 'somebody' }) => {
      const line = `is warned: ${type} ${peer}`;
      if (!known.has(line)) this.tell(node, line);
      known.add(line);
    });
    return known;
  }

  /** Notes whether a call still waits after a while in which nothing should come of it. */
  async waits(asked: Asked, topic: string, ms = 150): Promise<void> {
    await this.#net.sleep(ms);
    const isWaiting = asked.lock === null && asked.error === null;
    if (isWaiting) this.tell(topic, `${asked.node} waits`);
  }

  /** Notes that a lock was granted, to whoever has asked for it. */
  noteGrant(holding: Holding): void {
    const { node, lock } = holding;
    for (const name of lock.names) {
      this.tell(name, `${node} holds it${lock.mode === 'shared' ? ', shared' : ''}`);
      this.#compareTokens(name, lock);
      for (const other of this.#holdings)
        if (this.#conflict(other, name, lock)) this.#both(name, other);
    }
    this.#holdings.add(holding);
    lock.signal.addEventListener('abort', () => this.#onLost(holding));
  }

  #onLost(holding: Holding): void {
    const { node, peer, lock } = holding;
    if (!this.#lives(node, peer) || !this.#holdings.delete(holding)) return;
    const { reason } = lock.signal;
    const why = reason instanceof LockLostError ? reason.reason : codeOf(reason);
    for (const name of lock.names) this.tell(name, `${node} is told of its loss: ${why}`);
  }

  #compareTokens(name: string, { mode, token }: Lock): void {
    const before = this.#tokens.get(name) ?? { exclusive: 0, any: 0, grants: 0 };
    const floor = mode === 'shared' ? before.exclusive : before.any;
    if (token <= floor) this.tell(name, 'a token has not risen');
    this.#tokens.set(name, {
      exclusive: mode === 'shared' ? before.exclusive : Math.max(before.exclusive, token),
      any: Math.max(before.any, token),
      grants: before.grants + 1,
    });
  }

  /** Whether another holds the name still, as its own clock tells. */
  #conflict({ node, peer, lock }: Holding, name: string, granted: Lock): boolean {
    const isApart = lock.mode === 'shared' && granted.mode === 'shared';
    return !isApart && lock.names.includes(name) && this.#lives(node, peer) && lock.held;
  }

  #both(name: string, other: Holding): void {
    this.tell(name, `${other.node} holds it as well`);
  }

  /** Whether the process that was asked is still there to hear the answer. */
  #lives(node: string, peer: Peer): boolean {
    const found = this.#net.node(node);
    return found.isUp && found.peer === peer;
  }
}

function codeOf(error: unknown): string {
  return error instanceof LockmeshError ? error.code : String(error);
}

function namesIn(request: LockRequest): string {
  const all = typeof request === 'string' || 'name' in request ? [request] : request;
  return all.map((each) => (typeof each === 'string' ? each : each.name)).join(' and ');
}
