/**
 * A real node: a peer of `createPeer` in this process, behind proxies. What makes a process, its
 * memory and its sockets, can be taken from it, and in a thread of its own its time to run, too;
 * its clocks it shares with all.
 */

import { createPeer } from '../../src/peer/create-peer.ts';
import type { PeerOptions } from '../../src/peer/options.ts';
import type { Peer } from '../../src/peer/peer.ts';
import { functionOf, knownOptions, msOf, wordOf } from '../../src/sim/refusals.ts';
import type { SimCrashOptions, SimStopOptions } from '../../src/sim/sim-node.ts';
import type { SimService } from '../../src/sim/sim-process.ts';
import { loopback } from './fault-proxy.ts';
import { cannot, type NetClock, type NetNode } from './net.ts';
import { realClock } from './real-clock.ts';
import type { RealLinks } from './real-links.ts';
import { createLife, endLife, type Life, runProgram } from './real-process.ts';
import { ThreadPeer } from './thread-peer.ts';

/** What a node is made of. */
export interface RealNodeSetup {
  readonly id: string;
  readonly index: number;
  /** What `createPeer` is told, but for addresses. */
  readonly options: PeerOptions;
  readonly votes: boolean;
  /** Whether it runs in a thread of its own, where it can be made to stand still. */
  readonly inThread: boolean;
  readonly links: RealLinks;
  /** Calls back, unless the mesh is closed before. */
  readonly later: (ms: number, run: () => void) => void;
  /** A program has thrown. */
  readonly onError: (error: unknown) => void;
}

export class RealNode implements NetNode {
  readonly clock: NetClock = realClock;
  readonly id: string;
  readonly index: number;
  readonly #setup: RealNodeSetup;
  readonly #programs: ((life: Life) => void)[] = [];
  readonly #twins: Peer[] = [];
  #life: Life | null = null;
  #hasStarted = false;
  #isPaused = false;
  #starting: Promise<Peer> | null = null;
  /** What the last life has left to do. */
  #ending: Promise<void> = Promise.resolve();

  constructor(setup: RealNodeSetup) {
    this.#setup = setup;
    this.id = setup.id;
    this.index = setup.index;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  get isUp(): boolean {
    return this.#life !== null;
  }

  get peer(): Peer {
    if (this.#life !== null) return this.#life.peer;
    throw new Error(`Cannot use the peer of ${this.id}: the node is down, await restart() first`);
  }

  /** Creates the peer, once what was here before has ended, unless it is there or coming. */
  async start(): Promise<Peer> {
    if (this.#life !== null) return this.#life.peer;
    this.#starting ??= this.#begin();
    try {
      return await this.#starting;
    } finally {
      this.#starting = null;
    }
  }

  crash(options: SimCrashOptions = {}): void {
    const act = `crash ${this.id}`;
    knownOptions(act, options, ['disk', 'network']);
    const { network = 'reset, tail lost', disk } = options;
    wordOf(act, network, { what: 'network', of: ['reset', 'reset, tail lost', 'silent'] });
    if (disk !== undefined) cannot(act, 'what becomes of a disk is up to the machine');
    if (network === 'reset') cannot(act, 'what a socket holds back cannot be waited for');
    const life = this.#life;
    if (life === null) return;
    this.#setup.links.died(this.id, network === 'silent');
    this.#ended(life);
    // Where it shares the thread of all, nobody hears what it says in closing.
    this.#ending = life.peer instanceof ThreadPeer ? life.peer.kill() : life.peer.close();
  }

  async stop(options: SimStopOptions = {}): Promise<void> {
    const act = `stop ${this.id}`;
    knownOptions(act, options, ['drain']);
    const drain = msOf(act, options.drain ?? 0, 'drain');
    const life = this.#life;
    if (life === null) return;
    this.resume();
    life.stopping.abort();
    await turn();
    await life.peer.close({ drain });
    this.#ended(life);
    this.#setup.links.point(this.id, 'refuses');
  }

  async restart(): Promise<Peer> {
    await this.stop();
    return await this.start();
  }

  pause(ms?: number): void {
    const act = `pause ${this.id}`;
    if (ms !== undefined) msOf(act, ms);
    const peer = this.#life?.peer;
    if (peer === undefined) return;
    if (!(peer instanceof ThreadPeer)) cannot(act, 'its thread is that of all nodes');
    this.#isPaused = true;
    peer.pause();
    if (ms !== undefined) this.#setup.later(ms, () => this.resume());
  }

  resume(): void {
    this.#isPaused = false;
    const peer = this.#life?.peer;
    if (peer instanceof ThreadPeer) peer.resume();
  }

  suspend(): never {
    return cannot(`suspend ${this.id}`, 'all nodes share one machine');
  }

  run<Result>(service: SimService<Result>): Promise<Result> {
    functionOf(`run on ${this.id}`, service, 'the program');
    return new Promise((resolve) => {
      const start = (life: Life): void => {
        void runProgram(life, service, this.#setup.onError).then(resolve);
      };
      this.#programs.push(start);
      if (this.#life !== null) start(this.#life);
    });
  }

  /** Starts a second process with this id; others dial the first one still. */
  async openTwin(): Promise<Peer> {
    const twin = await this.#create();
    this.#twins.push(twin);
    return twin;
  }

  /** Ends the peer, whatever it does, and waits until nothing of it is left. */
  async close(): Promise<void> {
    await this.#starting?.catch(() => {});
    const life = this.#life;
    life?.stopping.abort();
    await life?.peer.close();
    if (life !== null) this.#ended(life);
    await this.#ending;
    await Promise.all(this.#twins.map((twin) => twin.close()));
  }

  async #begin(): Promise<Peer> {
    await this.#ending;
    const { id, links } = this.#setup;
    const peer = await this.#create();
    links.relight(id);
    if (this.#hasStarted) links.count('processes restarted');
    this.#hasStarted = true;
    if (peer.url !== null) links.point(id, Number(new URL(peer.url).port));
    const life = createLife(peer);
    this.#life = life;
    if (!(peer instanceof ThreadPeer)) peer.once('close', () => this.#ended(life));
    for (const start of this.#programs) start(life);
    return peer;
  }

  #create(): Promise<Peer> {
    const { id, links, options, votes } = this.#setup;
    const voters = { ...options.voters, ...links.urlsFor(id) };
    const listen = votes ? { listen: { host: loopback, port: 0 } } : {};
    const all = { ...options, ...listen, voters };
    return this.#setup.inThread ? ThreadPeer.open(all) : createPeer(all);
  }

  #ended(life: Life): void {
    endLife(life);
    this.#isPaused = false;
    if (this.#life === life) this.#life = null;
  }
}

/** Lets what was told in this turn be heard. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
