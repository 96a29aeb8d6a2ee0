/**
 * A node as the author of a scenario sees it: a machine, its clocks, the peer that runs on it, and
 * the programs that run beside the peer.
 */

import type { Peer } from '../peer/peer.ts';
import type { NodeSizes } from '../protocol/node.ts';
import type { Host, Kill } from './host.ts';
import type { Death } from './network.ts';
import { functionOf, knownOptions, msOf, wordOf } from './refusals.ts';
import { SimClock } from './sim-clock.ts';
import type { SimProcess, SimService } from './sim-process.ts';
import { Program } from './sim-program.ts';
import type { Stage } from './stage.ts';

/** A node by its id, or by its place among `sim.nodes`. */
export type SimNodeName = string | number;

/** How a process dies. */
export interface SimCrashOptions {
  /**
   * What becomes of the node's disk, if it has one: a write that is under way is kept or lost, or
   * all that is on it is gone.
   *
   * @default 'last write lost'
   */
  readonly disk?: 'last write kept' | 'last write lost' | 'wiped';
  /**
   * What the others see: its connections break once what was sent has arrived (`reset`), or without
   * that (`reset, tail lost`), or nothing at all is heard any more, as when the power fails
   * (`silent`).
   *
   * @default 'reset, tail lost'
   */
  readonly network?: 'reset' | 'reset, tail lost' | 'silent';
}

/** How to stop a node as a deploy does. */
export interface SimStopOptions {
  /**
   * How long locks that are held may stay so, in milliseconds; see `close()` of the peer.
   *
   * @default 0
   */
  readonly drain?: number;
}

const deaths: readonly Death[] = ['reset', 'reset, tail lost', 'silent'];
const disks: readonly Kill['disk'][] = ['last write kept', 'last write lost', 'wiped'];

/** One node of a simulated mesh. */
export class SimNode {
  /** Its clocks, which may be wrong. */
  readonly clock: SimClock;
  /** The id of its peer. */
  readonly id: string;
  /** Its place among `sim.nodes`. */
  readonly index: number;
  readonly #stage: Stage;
  readonly #host: Host;
  readonly #programs: Program[] = [];
  /** Called once at the next start, or end, of a process. */
  readonly #onStart: ((peer: Peer) => void)[] = [];
  readonly #onDeath: (() => void)[] = [];
  /** Starts the process that was crashed or stopped here. */
  #revive: (() => void) | null = null;
  readonly #pauses: (() => void)[] = [];

  /** @internal */
  constructor(stage: Stage, host: Host, index: number) {
    this.#stage = stage;
    this.#host = host;
    this.index = index;
    this.id = host.name;
    this.clock = new SimClock(stage, host, index);
    host.onStarted = (peer) => this.#started(peer);
    stage.onDeath.add((dead) => {
      if (dead === host) for (const tell of this.#onDeath.splice(0)) tell();
    });
  }

  /** Whether its process runs, or stands still, with a peer in it. */
  get isUp(): boolean {
    return this.#host.isUp;
  }

  /** Whether it stands still: paused, or suspended. */
  get isPaused(): boolean {
    return this.#host.machine.isPaused;
  }

  /**
   * The peer that runs here: the very same as in production, and another one after each restart.
   *
   * @throws {Error} while the node is down
   */
  get peer(): Peer {
    const { peer } = this.#host;
    if (peer !== null) return peer;
    throw new Error(`Cannot use the peer of ${this.id}: the node is down, await restart() first`);
  }

  /**
   * How much the peer keeps in memory, for bounds: whether anything is left when all is over.
   *
   * @throws {Error} while the node is down
   */
  get sizes(): NodeSizes {
    const { core } = this.#host;
    if (core !== null) return core.sizes;
    throw new Error(`Cannot look into ${this.id}: the node is down, await restart() first`);
  }

  /**
   * Kills the process, as `kill -9` or a pulled plug do: its memory is gone, and nothing that it
   * waited for ever returns. Does nothing to a node that is down. It stays down until `restart()`
   * or `sim.heal()`.
   *
   * @throws `TypeError` for impossible options
   */
  crash(options: SimCrashOptions = {}): void {
    const act = `crash ${this.id}`;
    knownOptions(act, options, ['disk', 'network']);
    const { network = 'reset, tail lost', disk = 'last write lost' } = options;
    wordOf(act, network, { what: 'network', of: deaths });
    wordOf(act, disk, { what: 'disk', of: disks });
    this.#revive = this.#begin({ do: 'crash', host: this.index, network, disk, forMs: 0 });
  }

  /**
   * Stops the process as a deploy does: the `signal` of each program aborts, then the peer closes,
   * and all ends. Does nothing to a node that is down. It stays down until `restart()` or
   * `sim.heal()`.
   *
   * @returns once the process has ended
   * @throws `TypeError` for impossible options
   */
  async stop(options: SimStopOptions = {}): Promise<void> {
    const act = `stop ${this.id}`;
    knownOptions(act, options, ['drain']);
    const drainMs = Math.round(msOf(act, options.drain ?? 0, 'drain'));
    if (!this.isUp) return;
    for (const program of this.#programs) program.stop();
    // They hear of it before the peer closes.
    await new Promise<void>((resolve) => {
      this.#stage.later(0, resolve);
    });
    if (!this.isUp) return;
    const ended = this.#waits('stops', this.#onDeath);
    this.#revive = this.#begin({ do: 'stop', host: this.index, drainMs, forMs: 0 });
    await ended;
  }

  /**
   * Starts the process, and with it the programs given to `run`; a node that is up is stopped
   * first.
   *
   * @returns the new peer, once it is open; it goes on to link with the others by itself
   */
  async restart(): Promise<Peer> {
    await this.stop();
    const started = this.#waits<Peer>('starts', this.#onStart);
    this.#revive?.();
    this.#revive = null;
    // Whatever else has stopped it.
    if (!this.#host.process.isAlive) this.#stage.faults.start(this.#host);
    return await started;
  }

  /**
   * Lets the process stand still, as a long collection does; its clocks go on. What arrives
   * meanwhile, timers above all, comes late and in one burst.
   *
   * @param ms for how many milliseconds; without it, until `resume()` or `sim.heal()`
   * @throws `TypeError` for an impossible time
   */
  pause(ms?: number): void {
    if (ms !== undefined) msOf(`pause ${this.id}`, ms);
    this.#stand(ms, this.#begin({ do: 'pause', host: this.index, forMs: 0 }));
  }

  /** Ends what `pause` and `suspend` have begun. */
  resume(): void {
    for (const end of this.#pauses.splice(0)) end();
  }

  /**
   * Suspends the machine, as a closed lid does: the process stands still and its monotonic clock
   * with it; the wall clock goes on.
   *
   * @param ms for how many milliseconds; without it, until `resume()` or `sim.heal()`
   * @throws `TypeError` for an impossible time
   */
  suspend(ms?: number): void {
    if (ms !== undefined) msOf(`suspend ${this.id}`, ms);
    this.#stand(ms, this.#begin({ do: 'suspend', host: this.index, forMs: 0 }));
  }

  /**
   * Runs a program on this node, beside its peer: the part of a service that holds locks. It is
   * started again, from its beginning, whenever the process is; what it waits for through the
   * {@link SimProcess} that it is given never returns once the process is dead, and is late when it
   * was paused. An error that the program throws fails the run.
   *
   * Time passes only while it waits. One that asks again at once whenever it is refused, as it is
   * by a peer that has closed, goes round in a circle, and fails the run: let it sleep before it
   * does, and end when `signal` has aborted.
   *
   * @returns what the program returns, the first time it does
   * @throws `TypeError` unless it is a function
   */
  run<Result>(service: SimService<Result>): Promise<Result> {
    functionOf(`run on ${this.id}`, service, 'the program');
    return new Promise((resolve) => {
      const body = async (process: SimProcess): Promise<void> => {
        resolve(await service(process));
      };
      const name = `program ${this.#programs.length + 1}`;
      const program = new Program(this.#stage, this.#host, { body, name });
      this.#programs.push(program);
      program.start();
    });
  }

  #started(peer: Peer): void {
    for (const tell of this.#onStart.splice(0)) tell(peer);
    for (const program of this.#programs) program.start();
  }

  #begin(fault: Parameters<Stage['begin']>[0]): () => void {
    return this.#stage.begin(fault);
  }

  #stand(ms: number | undefined, end: () => void): void {
    this.#pauses.push(end);
    if (ms !== undefined) this.#stage.later(ms, end);
  }

  /** Resolves at the next call of the list; meanwhile the scenario waits. */
  #waits<Told = void>(what: string, list: ((told: Told) => void)[]): Promise<Told> {
    const { kernel } = this.#stage.world;
    const wait = this.#stage.waits.begin(null, `waits until ${this.id} ${what}`);
    return new Promise((resolve) => {
      list.push((told) => {
        this.#stage.waits.end(wait);
        kernel.noteMicrotasks();
        resolve(told);
      });
    });
  }
}
