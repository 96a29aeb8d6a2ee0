/**
 * A mesh of real peers in several processes of this machine, linked by the loopback.
 */

import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Opening } from './acts.ts';
import { Host } from './hosts.ts';

interface MeshOptions {
  readonly voters: readonly string[];
  readonly members: boolean;
  readonly leaseMs: number;
  /** How many may wait for one name; those of a peer by default. */
  readonly waitersMax?: number;
}

export class ProcessMesh {
  readonly leaseMs: number;
  readonly #options: MeshOptions;
  readonly #ports: ReadonlyMap<string, number>;
  readonly #hosts = new Set<Host>();

  private constructor(options: MeshOptions, ports: ReadonlyMap<string, number>) {
    this.leaseMs = options.leaseMs;
    this.#options = options;
    this.#ports = ports;
  }

  static async create(options: MeshOptions): Promise<ProcessMesh> {
    const ports = await freePorts(options.voters.length);
    const ofVoters = options.voters.map((voter, at) => [voter, ports[at] ?? 0] as const);
    return new ProcessMesh(options, new Map(ofVoters));
  }

  /** Starts one process with these peers in it. */
  async start(peers: readonly string[]): Promise<Host> {
    const host = await Host.start(peers.map((peer) => this.#openingOf(peer)));
    this.#hosts.add(host);
    return host;
  }

  /** Starts one process for each of these, and waits until all peers see a quorum. */
  async startAll(all: readonly (readonly string[])[]): Promise<readonly Host[]> {
    const hosts = await Promise.all(all.map((peers) => this.start(peers)));
    await Promise.all(hosts.map((host) => host.tell('ready', null)));
    return hosts;
  }

  /** Ends all of its processes. */
  async end(): Promise<void> {
    await Promise.all([...this.#hosts].map((host) => host.kill()));
  }

  #openingOf(peer: string): Opening {
    const { members, leaseMs, waitersMax = 10_000 } = this.#options;
    const urls = [...this.#ports].map(([voter, port]) => [voter, `ws://127.0.0.1:${port}`]);
    const voters: Record<string, string> = Object.fromEntries(urls);
    const port = this.#ports.get(peer) ?? null;
    return { peer, voters, port, members, leaseMs, waitersMax };
  }
}

/** Ports of this machine that are free at this moment. */
async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => {
    const address = server.address();
    return address !== null && typeof address === 'object' ? address.port : 0;
  });
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}
