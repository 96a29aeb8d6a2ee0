/**
 * Peers on real sockets, with a proxy of its own on the way from each peer to each other one: so
 * that single links can be cut, or made to swallow what is sent, and a peer can crash without
 * leaving.
 */

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { createPeer } from '../../src/peer/create-peer.ts';
import type { PeerOptions } from '../../src/peer/options.ts';
import type { Peer } from '../../src/peer/peer.ts';

/** Where peers of these tests listen. */
export const loopback: { readonly host: string; readonly port: number } = Object.freeze({
  host: '127.0.0.1',
  port: 0,
});

/** The way by which one peer dials another. */
class Way {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** `undefined` while nobody listens there. */
  targetPort: number | undefined;
  state: 'open' | 'cut' | 'silent' = 'open';

  constructor() {
    this.#server = createServer((socket) => this.#onDialled(socket));
  }

  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  get url(): string {
    const address = this.#server.address() as AddressInfo;
    return `ws://127.0.0.1:${address.port}`;
  }

  cut(): void {
    this.state = 'cut';
    for (const socket of this.#sockets) socket.destroy();
  }

  close(): void {
    this.cut();
    this.#server.close();
  }

  #onDialled(near: Socket): void {
    this.#keep(near);
    if (this.state === 'cut' || this.targetPort === undefined) {
      near.destroy();
      return;
    }
    const far = connect(this.targetPort, '127.0.0.1');
    this.#keep(far);
    this.#join(near, far);
    this.#join(far, near);
  }

  #join(from: Socket, to: Socket): void {
    from.on('data', (bytes) => {
      if (this.state !== 'silent') to.write(bytes);
    });
    from.on('close', () => to.destroy());
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#sockets.delete(socket));
  }
}

export class RealMesh {
  readonly #ids: readonly string[];
  /** By `from to`. */
  readonly #ways = new Map<string, Way>();
  readonly #options: PeerOptions;
  readonly #peers = new Set<Peer>();
  /** Where each voter listens that has been started. */
  readonly #ports = new Map<string, number>();

  private constructor(ids: readonly string[], options: PeerOptions) {
    this.#ids = ids;
    this.#options = options;
  }

  /** The ways between voters; nobody is started yet. */
  static async create(ids: readonly string[], options: PeerOptions): Promise<RealMesh> {
    const mesh = new RealMesh(ids, { logger: false, ...options });
    await Promise.all(ids.map((id) => mesh.#addWaysFrom(id)));
    return mesh;
  }

  /** Starts a voter, or a member. */
  async open(id: string, options: PeerOptions = {}): Promise<Peer> {
    if (!this.#ids.includes(id)) await this.#addWaysFrom(id);
    const listen = this.#ids.includes(id) ? { listen: loopback } : {};
    const own = { id, ...listen, voters: this.urlsFor(id) };
    const peer = await createPeer({ ...own, ...this.#options, ...options });
    this.#peers.add(peer);
    if (peer.url !== null) this.point(id, peer.url);
    return peer;
  }

  /** Starts all voters, and waits until each is ready. */
  async openAll(): Promise<readonly Peer[]> {
    const peers = await Promise.all(this.#ids.map((id) => this.open(id)));
    await Promise.all(peers.map((peer) => peer.ready()));
    return peers;
  }

  /** From now on who dials `id` comes to `url`. */
  point(id: string, url: string): void {
    const port = Number(new URL(url).port);
    this.#ports.set(id, port);
    for (const [key, way] of this.#ways) if (key.endsWith(` ${id}`)) way.targetPort = port;
  }

  cut(one: string, other: string): void {
    for (const way of this.#waysBetween(one, other)) way.cut();
  }

  /** What is sent is lost, and nobody is told. */
  silence(one: string, other: string): void {
    for (const way of this.#waysBetween(one, other)) way.state = 'silent';
  }

  mend(one: string, other: string): void {
    for (const way of this.#waysBetween(one, other)) way.state = 'open';
  }

  /** The peer is gone from one moment to the next: nobody hears of a release. */
  async crash(peer: Peer): Promise<void> {
    const others = this.#ids.filter((id) => id !== peer.id);
    for (const other of others) this.cut(peer.id, other);
    this.#peers.delete(peer);
    await peer.close();
    for (const other of others) this.mend(peer.id, other);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#peers].map((peer) => peer.close()));
    for (const way of this.#ways.values()) way.close();
  }

  /** The urls by which `id` dials the others. */
  urlsFor(id: string): Record<string, string> {
    const urls = this.#ids.map((other) => [other, this.#ways.get(`${id} ${other}`)?.url ?? '']);
    return Object.fromEntries(urls);
  }

  async #addWaysFrom(id: string): Promise<void> {
    const others = this.#ids.filter((other) => other !== id);
    const ways = others.map((other) => {
      const way = new Way();
      way.targetPort = this.#ports.get(other);
      this.#ways.set(`${id} ${other}`, way);
      return way.listen();
    });
    await Promise.all(ways);
  }

  #waysBetween(one: string, other: string): readonly Way[] {
    return [`${one} ${other}`, `${other} ${one}`].flatMap((key) => this.#ways.get(key) ?? []);
  }
}

/** Resolves with the arguments of the next event of that name that `matches`. */
export function nextEvent<Name extends 'warning' | 'voter' | 'ready' | 'unready' | 'close'>(
  peer: Peer,
  name: Name,
  matches: (...args: unknown[]) => boolean = () => true,
): Promise<readonly unknown[]> {
  return new Promise((resolve) => {
    peer.on(name, (...args: unknown[]) => {
      if (matches(...args)) resolve(args);
    });
  });
}
