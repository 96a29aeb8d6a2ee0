/**
 * A small world for peers: one clock, one network in memory, and nothing that happens by itself.
 * The test says when time passes.
 */

import { MeshPeer } from '../../src/peer/mesh-peer.ts';
import type { PeerOptions } from '../../src/peer/options.ts';
import { resolveOptions } from '../../src/peer/resolve-options.ts';
import type { Runtime, StepWatcher, Storage, Timer } from '../../src/peer/runtime.ts';
import { NetworkInMemory } from './memory-transport.ts';
import { Random } from './random.ts';

interface PendingTimer {
  readonly at: number;
  readonly callback: () => void;
}

/** What is particular to the machine of one peer. */
export interface Place {
  readonly storage?: Storage | null;
  /** How far ahead its wall clock is of the others'. */
  readonly wallOffsetMs?: number;
  /** Sees the steps of its cores. */
  readonly watcher?: StepWatcher | null;
}

export class World {
  readonly network: NetworkInMemory = new NetworkInMemory();
  readonly random: Random = new Random(1);
  /** What the monotonic clock shows. */
  now = 1_000.25;
  /** What the wall clock shows when the monotonic one shows 0. */
  wallAtZero: number = Date.UTC(2026, 0, 1);
  readonly timers: Set<PendingTimer> = new Set();
  #turnEnds: (() => void)[] = [];

  runtime(url: string, { storage = null, wallOffsetMs = 0, watcher = null }: Place = {}): Runtime {
    return {
      transport: this.network.transport(url),
      storage,
      watcher,
      monotonic: () => this.now,
      wall: () => this.wallAtZero + this.now + wallOffsetMs,
      random: () => this.random.next() / 0x1_0000_0000,
      randomBytes: (size) => Uint8Array.from({ length: size }, () => this.random.below(256)),
      setTimer: (ms, callback) => this.#setTimer(ms, callback),
      endOfTurn: (callback) => this.#turnEnds.push(callback),
    };
  }

  /** Lets happen all that needs no time. */
  async settle(): Promise<void> {
    for (let quiet = 0; quiet < 2; quiet++) {
      await new Promise((resolve) => setImmediate(resolve));
      if (this.network.deliver()) quiet = -1;
      this.network.deliverAll();
      const ends = this.#turnEnds;
      this.#turnEnds = [];
      for (const end of ends) end();
      if (ends.length > 0) quiet = -1;
    }
  }

  /** Lets the next thing happen that needs no time; `false` when there is none. */
  async step(): Promise<boolean> {
    const end = this.#turnEnds.shift();
    const isMore = end !== undefined || this.network.deliver();
    end?.();
    await new Promise((resolve) => setImmediate(resolve));
    return isMore;
  }

  /** Lets time pass, and all that comes with it happen. */
  async advance(ms: number): Promise<void> {
    const end = this.now + ms;
    await this.settle();
    for (let next = this.#nextTimer(end); next !== undefined; next = this.#nextTimer(end)) {
      this.timers.delete(next);
      this.now = Math.max(this.now, next.at);
      next.callback();
      await this.settle();
    }
    this.now = end;
  }

  /** Lets everything rest for a while: no timer rings, as when the event loop is blocked. */
  stall(ms: number): void {
    this.now += ms;
  }

  #nextTimer(until: number): PendingTimer | undefined {
    const due = [...this.timers].filter(({ at }) => at <= until);
    return due.sort((one, other) => one.at - other.at)[0];
  }

  #setTimer(ms: number, callback: () => void): Timer {
    const timer = { at: this.now + ms, callback };
    this.timers.add(timer);
    return { cancel: () => this.timers.delete(timer) };
  }
}

/** Where the peer of this id listens. */
export function urlOf(id: string): string {
  return `ws://${id}:7400`;
}

/** A peer in `world` that is silent in the log. */
export async function openPeer(
  world: World,
  options: PeerOptions = {},
  place: Place = {},
): Promise<MeshPeer> {
  const url = urlOf(options.id ?? 'local');
  const resolved = resolveOptions({ logger: false, ...options });
  return await MeshPeer.open(resolved, world.runtime(url, place));
}

/** The options of one voter of a mesh. */
export function voterOptions(id: string, ids: readonly string[]): PeerOptions {
  return {
    id,
    listen: { host: '127.0.0.1', port: 7400 },
    voters: Object.fromEntries(ids.map((voter) => [voter, urlOf(voter)])),
  };
}

/** Three voters, linked and voting. */
export async function openThree(
  world: World,
  options: PeerOptions = {},
): Promise<readonly [MeshPeer, MeshPeer, MeshPeer]> {
  const open = (id: string): Promise<MeshPeer> => {
    return openPeer(world, { ...voterOptions(id, ['a', 'b', 'c']), ...options });
  };
  const peers = await Promise.all([open('a'), open('b'), open('c')]);
  await world.settle();
  await Promise.all(peers.map((peer) => peer.ready()));
  return peers;
}

/** Whether a promise has settled by now. */
export async function isSettled(world: World, promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  const settle = (): void => {
    settled = true;
  };
  promise.then(settle, settle);
  await world.settle();
  return settled;
}

/** Keeps bytes in memory, as a disk would. */
export class Disk implements Storage {
  bytes: Uint8Array | undefined;
  /** Why nothing can be written; `undefined` when it can. */
  fault: Error | undefined;
  saves = 0;

  async load(): Promise<Uint8Array | undefined> {
    return this.bytes;
  }

  async save(bytes: Uint8Array): Promise<void> {
    if (this.fault !== undefined) throw this.fault;
    this.saves++;
    this.bytes = Uint8Array.from(bytes);
  }
}
