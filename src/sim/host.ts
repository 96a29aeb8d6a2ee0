/**
 * One peer of the simulated mesh: the machine that it runs on, its process, and the real `MeshPeer`
 * in it.
 */

import { MeshPeer } from '../peer/mesh-peer.ts';
import type { PeerOptions } from '../peer/options.ts';
import type { Peer } from '../peer/peer.ts';
import { resolveOptions } from '../peer/resolve-options.ts';
import type { CoreEnd, CoreStart, StepWatcher, WatchedCore, WatchedStep } from '../peer/runtime.ts';
import { Disk } from './disk.ts';
import type { Effects } from './effects.ts';
import type { Kernel } from './kernel.ts';
import { Machine } from './machine.ts';
import type { ClockSetting } from './machine-clock.ts';
import type { Death, Network } from './network.ts';
import { Process } from './process.ts';
import { Stream } from './random.ts';

/** What a host is made of. */
export interface HostSetup {
  /** The machine's, unlike that of any other. */
  readonly name: string;
  readonly peer: PeerOptions;
  readonly clock: ClockSetting;
  /** Whether the peer keeps a state file. */
  readonly hasDisk: boolean;
  /** What the monotonic clock shows at true time 0, in microseconds; drawn if not said. */
  readonly startUs?: number;
}

/** What a host needs of its world. */
export interface HostWorld {
  readonly kernel: Kernel;
  readonly network: Network;
  readonly effects: Effects;
  readonly seed: number;
  onStep(host: Host, core: WatchedCore, step: WatchedStep): void;
  onStart(host: Host, core: WatchedCore, start: CoreStart): void;
  onEnd(host: Host, core: WatchedCore, end: CoreEnd): void;
  onAsk(name: string, isRefused: boolean): Promise<never> | undefined;
  onKilled(host: Host): void;
  /** A peer has closed by itself. */
  onFailure(host: Host, error: unknown): void;
}

/** How a process is killed. */
export interface Kill {
  readonly network: Death;
  /** What becomes of a write to the disk that is under way, or of all that is on it. */
  readonly disk: 'last write kept' | 'last write lost' | 'wiped';
}

/** Where the peer on a machine listens. */
export function urlOf(machine: string): string {
  return `ws://${machine}:7400`;
}

export class Host {
  readonly name: string;
  readonly machine: Machine;
  readonly disk: Disk | null;
  /** Of the next start. */
  options: PeerOptions;
  /** Told of each peer that has started here. */
  onStarted: (peer: Peer) => void = () => {};
  readonly #world: HostWorld;
  #process: Process;
  #peer: MeshPeer | null = null;
  #core: WatchedCore | null = null;
  #starts = 0;

  constructor(world: HostWorld, { name, peer, clock, hasDisk, startUs }: HostSetup) {
    const { kernel, seed } = world;
    this.#world = world;
    this.name = name;
    this.options = peer;
    const bootUs = startUs ?? Stream.of(seed, `boot/${name}`).below(1_000_000_000);
    this.machine = new Machine(kernel, name, { ...clock, startUs: bootUs });
    this.disk = hasDisk ? new Disk(kernel) : null;
    this.#process = this.#createProcess();
  }

  /** The peer's id; two machines may run a peer of the same. */
  get id(): string {
    return this.options.id ?? 'local';
  }

  get process(): Process {
    return this.#process;
  }

  /** The peer that runs here; `null` while there is none. */
  get peer(): Peer | null {
    return this.#peer;
  }

  get isUp(): boolean {
    return this.#peer !== null;
  }

  /** The core of the peer; `null` while there is none. */
  get core(): WatchedCore | null {
    return this.#peer === null ? null : this.#core;
  }

  /**
   * Starts a process and its peer.
   *
   * @throws what `createPeer` throws
   */
  async start(): Promise<Peer> {
    const { network, effects } = this.#world;
    if (this.#starts > 0) {
      effects.count('processes restarted');
      this.#process.die();
      this.#process = this.#createProcess();
      network.relight(this.name);
    }
    this.#starts += 1;
    const { process } = this;
    this.#world.kernel.noteMicrotasks();
    const resolved = resolveOptions({ logger: false, ...this.options });
    const peer = await MeshPeer.open(resolved, process);
    // Killed while it was starting: what opened is garbage.
    if (this.#process !== process || !process.isAlive) return await new Promise(() => {});
    this.#peer = peer;
    // Its application may be told of what no core has said.
    peer.on('warning', () => this.#world.kernel.noteMicrotasks());
    peer.on('close', (error) => {
      if (!process.isAlive) return;
      this.#peer = null;
      if (error !== undefined) this.#world.onFailure(this, error);
    });
    this.onStarted(peer);
    return peer;
  }

  /** Ends the process without a word, as `kill -9` or a pulled plug do. */
  kill({ network, disk }: Kill): void {
    if (!this.#process.isAlive) return;
    this.#world.effects.count('processes killed');
    this.#world.onKilled(this);
    this.#process.die();
    this.#peer = null;
    this.machine.reset();
    this.disk?.crash(disk === 'last write kept');
    if (disk === 'wiped') this.disk?.wipe();
    this.#world.network.died(this.#process, network);
  }

  /** Closes the peer as its application would, and ends the process. */
  async stop(drainMs = 0): Promise<void> {
    const { process } = this;
    this.#world.kernel.noteMicrotasks();
    await this.#peer?.close({ drain: drainMs });
    if (this.#process !== process || !process.isAlive) return;
    this.#peer = null;
    process.die();
    this.#world.network.died(process, 'reset');
  }

  #createProcess(): Process {
    const { kernel, network, seed } = this.#world;
    const watcher: StepWatcher = {
      onStep: (core, step) => this.#world.onStep(this, core, step),
      onStart: (core, start) => {
        this.#core = core;
        this.#world.onStart(this, core, start);
      },
      onEnd: (core, end) => this.#world.onEnd(this, core, end),
      onAsk: ({ isRefused }) => this.#world.onAsk(this.name, isRefused),
    };
    return new Process({
      kernel,
      watcher,
      machine: this.machine,
      disk: this.disk,
      chance: Stream.of(seed, `node/${this.name}/${this.#starts}`),
      transportOf: (process) => network.transport(process, urlOf(this.name)),
    });
  }
}
