/**
 * A real node: a peer of `createPeer` in this process, behind proxies. What makes a process, its
 * memory and its sockets, can be taken from it; its clocks, and time to run, it shares with all.
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

/** What a node is made of. */
export interface RealNodeSetup {
  readonly id: string;
  readonly index: number;
  /** What `createPeer` is told, but for addresses. */
  readonly options: PeerOptions;
  readonly votes: boolean;
  readonly links: RealLinks;
  /** A program has thrown. */
  readonly onError: (error: unknown) => void;
}

const oneProcess = 'all nodes share one process';

export class RealNode implements NetNode {
  readonly clock: NetClock = realClock;
  readonly id: string;
  readonly index: number;
  readonly isPaused = false;
  readonly #setup: RealNodeSetup;
  readonly #programs: ((life: Life) => void)[] = [];
  readonly #twins: Peer[] = [];
  #life: Life | null = null;
  #hasStarted = false;
  /** What the last life has left to do. */
  #ending: Promise<void> = Promise.resolve();

  constructor(setup: RealNodeSetup) {
    this.#setup = setup;
    this.id = setup.id;
    this.index = setup.index;
  }

  get isUp(): boolean {
    return this.#life !== null;
  }

  get peer(): Peer {
    if (this.#life !== null) return this.#life.peer;
    throw new Error(`Cannot use the peer of ${this.id}: the node is down, await restart() first`);
  }

  /** Creates the peer, once what was here before has ended. */
  async start(): Promise<Peer> {
    await this.#ending;
    if (this.#life !== null) return this.#life.peer;
    const { id, links } = this.#setup;
    const peer = await this.#create();
    links.relight(id);
    if (this.#hasStarted) links.count('processes restarted');
    this.#hasStarted = true;
    if (peer.url !== null) links.point(id, Number(new URL(peer.url).port));
    const life = createLife(peer);
    this.#life = life;
    peer.once('close', () => this.#ended(life));
    for (const start of this.#programs) start(life);
    return peer;
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
    // Nobody hears what it says in closing.
    this.#ending = life.peer.close();
  }

  async stop(options: SimStopOptions = {}): Promise<void> {
    const act = `stop ${this.id}`;
    knownOptions(act, options, ['drain']);
    const drain = msOf(act, options.drain ?? 0, 'drain');
    const life = this.#life;
    if (life === null) return;
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

  pause(): never {
    return cannot(`pause ${this.id}`, oneProcess);
  }

  resume(): never {
    return cannot(`resume ${this.id}`, oneProcess);
  }

  suspend(): never {
    return cannot(`suspend ${this.id}`, oneProcess);
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
    const life = this.#life;
    life?.stopping.abort();
    await life?.peer.close();
    if (life !== null) this.#ended(life);
    await this.#ending;
    await Promise.all(this.#twins.map((twin) => twin.close()));
  }

  #create(): Promise<Peer> {
    const { id, links, options, votes } = this.#setup;
    const voters = { ...options.voters, ...links.urlsFor(id) };
    const listen = votes ? { listen: { host: loopback, port: 0 } } : {};
    return createPeer({ ...options, ...listen, voters });
  }

  #ended(life: Life): void {
    endLife(life);
    if (this.#life === life) this.#life = null;
  }
}

/** Lets what was told in this turn be heard. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
