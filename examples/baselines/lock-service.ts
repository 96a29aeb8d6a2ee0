/**
 * What the comparison asks of a way to lock: a part that serves, where there is one, and a client
 * beside each worker.
 */

import type { SimOptions, SimProcess } from 'lockmesh/sim';

/** The nodes with workers, and the one that the two older ways need for their state. */
export const workers: readonly string[] = ['a', 'b', 'c'];
export const server = 'server';

/** How long a lock outlives a holder that is silent: the lease, and the expiry of keys. */
export const leaseMs = 500;

export interface LockService {
  readonly title: string;
  /** The world that it lives in. */
  readonly world: SimOptions;
  /** Runs on the server, from its start to its end. */
  serve?(process: SimProcess, traffic: Traffic): void;
  /** Runs beside a worker. */
  connect(process: SimProcess, traffic: Traffic): LockClient;
}

export interface LockClient {
  /** Waits until the lock is granted, whatever fails meanwhile. */
  acquire(name: string): Promise<Held>;
}

/** A lock, as its holder sees it. */
export interface Held {
  /** Meant to be greater than that of every earlier grant of the name. */
  readonly token: number;
  /** What the holder finds if it looks now. */
  isHeld(): boolean;
  release(): Promise<void>;
}

/** Messages that arrived. */
export interface Traffic {
  messages: number;
}

/** A world of peers that hardly speak, since nobody asks them for anything: one votes, not yet. */
export const idlePeers: SimOptions = {
  nodes: [...workers, server].map((id) => ({ id, votes: id === server })),
  peer: { lease: 600_000 },
  cold: true,
  checks: false,
};
