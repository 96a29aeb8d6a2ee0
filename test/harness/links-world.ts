/**
 * Several link managers on one network in memory, with one clock that moves when the test says so.
 * Each peer is driven as the driver of a real one drives it: woken when it asks to be.
 */

import type { LinkStatus, LinksOptions, MeshFingerprint } from '../../src/peer/link-types.ts';
import { defaultLinkLimits, type Refusal } from '../../src/peer/link-types.ts';
import { Links } from '../../src/peer/links.ts';
import type { Runtime } from '../../src/peer/runtime.ts';
import { incarnation, type PeerId, peerId } from '../../src/protocol/ids.ts';
import { NetworkInMemory } from './memory-transport.ts';
import { Random } from './random.ts';

export interface PeerOfWorld {
  readonly id: PeerId;
  readonly incarnation: number;
  readonly links: Links;
  /** `links.drop`, for tests that look at `misordered`. */
  drop(peer: PeerId, reason: string): void;
  /** When each other peer was last heard. */
  readonly heardAtMs: Map<PeerId, number>;
  /** What came out of order: a second `up` of a linked peer, a `down` of one that is not. */
  readonly misordered: string[];
  /** What the events told, in order: `up b 1`, `down b`, `message b 1,2`, `refused secret`, … */
  readonly events: string[];
  readonly refusals: Refusal[];
  readonly url: string;
  /** Its process is gone, and the machine with it: nothing is closed, nothing answers. */
  isDead: boolean;
}

export interface JoinOptions extends Partial<Omit<LinksOptions, 'id' | 'incarnation' | 'mesh'>> {
  readonly incarnation?: number;
  readonly mesh?: Partial<MeshFingerprint>;
  /** Where it runs, when not at its address. */
  readonly url?: string;
}

export function urlOf(id: string): string {
  return `ws://${id}:1`;
}

export class LinksWorld {
  readonly network: NetworkInMemory;
  readonly voters: readonly PeerId[];
  readonly #peers: PeerOfWorld[] = [];
  readonly #random: Random;
  #nonces = 0;
  nowMs: number = 1_000;

  constructor(voters: readonly string[], seed = 1) {
    this.voters = voters.map(peerId);
    this.#random = new Random(seed);
    this.network = new NetworkInMemory({ choose: (below) => this.#random.below(below) });
  }

  /** Starts a peer, without letting anything happen yet. */
  join(id: string, options: JoinOptions = {}): PeerOfWorld {
    const { incarnation: started = 1, mesh, url = urlOf(id), ...rest } = options;
    const events: string[] = [];
    const misordered: string[] = [];
    const heardAtMs = new Map<PeerId, number>();
    const linked = new Set<PeerId>();
    const refusals: Refusal[] = [];
    const links = new Links(
      {
        id: peerId(id),
        incarnation: incarnation(started),
        mesh: { ...this.#mesh(), ...mesh },
        addresses: new Map(this.voters.map((voter) => [voter, urlOf(voter)])),
        listens: this.voters.includes(peerId(id)),
        secrets: ['the secret'],
        limits: defaultLinkLimits,
        ...rest,
      },
      this.#runtime(url),
      {
        onUp: (peer, of) => {
          events.push(`up ${peer} ${of}`);
          if (linked.has(peer)) misordered.push(`up ${peer}`);
          linked.add(peer);
        },
        onDown: (peer) => {
          events.push(`down ${peer}`);
          if (!linked.delete(peer)) misordered.push(`down ${peer}`);
        },
        onMessage: (peer, bytes) => {
          events.push(`message ${peer} ${bytes.join()}`);
          if (!linked.has(peer)) misordered.push(`message ${peer}`);
          heardAtMs.set(peer, this.nowMs);
        },
        onRefused: (refusal) => {
          refusals.push(refusal);
          events.push(`${refusal.byUs ? 'refused' : 'refused by'} ${refusal.peer} ${refusal.code}`);
        },
        onDuplicate: () => events.push('duplicate'),
        onStale: (newest) => events.push(`stale ${newest}`),
        onScheduled: () => {},
      },
    );
    const peer: PeerOfWorld = {
      id: peerId(id),
      incarnation: started,
      links,
      drop: (other, reason) => {
        linked.delete(other);
        links.drop(other, reason);
      },
      events,
      misordered,
      heardAtMs,
      refusals,
      url,
      isDead: false,
    };
    this.#peers.push(peer);
    void links.start();
    return peer;
  }

  /** The machine of a peer is gone: those linked to it hear nothing, not even that. */
  kill(peer: PeerOfWorld): void {
    peer.isDead = true;
    for (const other of this.#peers) {
      if (other !== peer) this.network.silence(peer.url, other.url);
    }
  }

  /** Its process is gone; its connections break at once. */
  crash(peer: PeerOfWorld): void {
    peer.isDead = true;
    for (const other of this.#peers) {
      if (other === peer) continue;
      this.network.cut(peer.url, other.url);
      this.network.mend(peer.url, other.url);
    }
    this.network.shut(peer.url);
  }

  /** Lets everything happen that needs no time. */
  async settle(): Promise<void> {
    // Listening is asynchronous; the peers' own timers are not involved.
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    this.network.deliverAll();
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    this.network.deliverAll();
  }

  /** Lets time pass, waking each peer when it has asked for it. */
  async advance(ms: number): Promise<void> {
    const until = this.nowMs + ms;
    await this.settle();
    for (;;) {
      const due = this.#nextWakeMs();
      if (due > until) break;
      this.nowMs = Math.max(this.nowMs, due);
      for (const peer of this.#peers) if (!peer.isDead) peer.links.wake();
      await this.settle();
    }
    this.nowMs = until;
  }

  #nextWakeMs(): number {
    const wakes = this.#peers
      .filter(({ isDead }) => !isDead)
      .map(({ links }) => links.nextWakeMs() ?? Number.POSITIVE_INFINITY);
    return Math.min(...wakes);
  }

  #mesh(): MeshFingerprint {
    return {
      name: 'lockmesh',
      voters: this.voters,
      quorum: Math.floor(this.voters.length / 2) + 1,
      leaseMs: 10_000,
      maxClockDrift: 0.01,
      allowSteal: false,
      members: false,
      replicas: this.voters.length,
    };
  }

  #runtime(url: string): Runtime {
    return {
      transport: this.network.transport(url),
      storage: null,
      watcher: null,
      monotonic: () => this.nowMs,
      wall: () => this.nowMs,
      random: () => this.#random.below(1_000_000) / 1_000_000,
      randomBytes: (size) => {
        const bytes = Buffer.alloc(size);
        bytes.writeUInt32BE(++this.#nonces);
        return bytes;
      },
      setTimer: () => {
        throw new Error('Links hold no timer');
      },
      endOfTurn: () => {
        throw new Error('Links wait for no turn');
      },
    };
  }
}

/** The ids that a peer is linked to. */
export function linkedTo(peer: PeerOfWorld): readonly string[] {
  return peer.links
    .status()
    .filter(({ state }) => state === 'up')
    .map(({ peer: id }) => id);
}

export function statusOf(peer: PeerOfWorld, id: string): LinkStatus | undefined {
  return peer.links.status().find(({ peer: other }) => other === id);
}
