/**
 * The peer itself: joins claims, incarnations and events, and has the one life cycle of them all.
 *
 *     open ──close()──▶ closing ──▶ closed
 *       └──a bug, or another process with this id──▶ closing
 */

import type { UnlinkReason } from '../protocol/output.ts';
import { Acquisitions } from './acquisitions.ts';
import { Calls } from './calls.ts';
import { Claims } from './claims.ts';
import { drainIn, untilIdle } from './drain.ts';
import { DurableState } from './durable-state.ts';
import type { Election, ElectOptions, LeaderWork } from './election.ts';
import { Emitter } from './emitter.ts';
import { type LockmeshError, PeerClosedError } from './errors.ts';
import type { PeerEvents, PeerListener } from './events.ts';
import { Incarnations, type IncarnationsEvents } from './incarnations.ts';
import { Kinds } from './kinds.ts';
import type {
  AcquireAnyOptions,
  AcquireOptions,
  Alternatives,
  Lock,
  LockRequest,
  TryAcquireOptions,
} from './lock.ts';
import { describeNames } from './lock-request.ts';
import { Log } from './logging.ts';
import type { CloseOptions, Peer, ReadyOptions } from './peer.ts';
import { Readiness } from './readiness.ts';
import type { ResolvedOptions } from './resolve-options.ts';
import type { Runtime } from './runtime.ts';
import { MeshSemaphore, type Semaphore } from './semaphore.ts';
import type {
  RunCoordinator,
  SingletonFire,
  SingletonOptions,
  StandingSingletonOptions,
} from './singleton.ts';
import type { RunningSingleton } from './standing-singleton.ts';
import { describeStatus, type PeerStatus, publicState } from './status.ts';
import {
  clockAheadWarning,
  refusedWarning,
  restartedWarning,
  stateFileWarning,
  traceWarning,
  twoVotersWarning,
  Warner,
} from './warnings.ts';
import type { Locks, LocksSnapshot, QueryOptions } from './web-locks.ts';

export class MeshPeer implements Peer {
  readonly id: string;
  readonly locks: Locks;
  readonly #options: ResolvedOptions;
  readonly #runtime: Runtime;
  readonly #log: Log;
  readonly #emitter: Emitter;
  readonly #warner: Warner;
  readonly #readiness = new Readiness();
  readonly #incarnations: Incarnations;
  readonly #claims: Claims;
  readonly #acquisitions: Acquisitions;
  readonly #calls: Calls;
  readonly #kinds: Kinds;
  #life: 'open' | 'closing' | 'closed' = 'open';
  /** Why the peer closed by itself. */
  #failure: LockmeshError | undefined;
  #closing: Promise<void> | undefined;

  private constructor(options: ResolvedOptions, runtime: Runtime, durable: DurableState) {
    this.id = options.id;
    this.#options = options;
    this.#runtime = runtime;
    this.#log = new Log(options.logger, { peer: options.id, mesh: options.mesh.name });
    this.#emitter = new Emitter((event, error) => {
      this.#log.write('error', `A listener for ${event} failed`, { err: error });
    });
    this.#warner = new Warner(this.#log, this.#emitter, () => runtime.monotonic());
    if (runtime.watcher) {
      runtime.watcher.onTrouble = (error) => this.#warner.warnSeldom(traceWarning(error));
    }
    this.#incarnations = new Incarnations({ options, runtime, durable }, this.#coreEvents());
    this.#claims = new Claims({
      clocks: runtime,
      driver: this.#incarnations,
      onLost: (lock, error) => this.#emitter.emit('lost', lock, error),
    });
    this.#acquisitions = new Acquisitions({
      ...{ options, runtime, claims: this.#claims },
      links: () => this.#incarnations.driver.linkStatus(),
      isOpen: () => this.#life === 'open',
      closedError: (act) => this.#closedError(act),
    });
    this.#calls = new Calls(this, this.#claims, this.#acquisitions);
    this.#kinds = new Kinds({
      ...{ owner: this, options, runtime, log: this.#log, warner: this.#warner },
      ...{ incarnations: this.#incarnations, claims: this.#claims },
      ...{ acquisitions: this.#acquisitions, calls: this.#calls },
      isOpen: () => this.#life === 'open',
      closedError: (act) => this.#closedError(act),
    });
    this.locks = this.#kinds.locks;
  }

  /**
   * Starts a peer on `runtime`.
   *
   * @throws {ConfigError} when it cannot listen, or use the state file
   */
  static async open(options: ResolvedOptions, runtime: Runtime): Promise<MeshPeer> {
    const peer = new MeshPeer(options, runtime, await DurableState.load(runtime.storage));
    try {
      await peer.#incarnations.start();
      if (peer.#failure !== undefined) throw peer.#failure;
    } catch (error) {
      await peer.close();
      throw error;
    }
    peer.#log.write('info', 'Started', { url: peer.url });
    if (options.mesh.voters.length === 2) peer.#warner.warn(twoVotersWarning());
    // The caller gets the peer within this turn, and can listen from then on.
    runtime.endOfTurn(() => peer.#emitter.open());
    return peer;
  }

  get url(): string | null {
    return this.#incarnations.driver.url;
  }

  acquire(request: LockRequest, options?: AcquireOptions): Promise<Lock> {
    return this.#calls.acquire(request, options);
  }

  tryAcquire(request: LockRequest, options?: TryAcquireOptions): Promise<Lock | null> {
    return this.#calls.tryAcquire(request, options);
  }

  acquireAny(requests: Alternatives, options?: AcquireAnyOptions): Promise<Lock> {
    return this.#calls.acquireAny(requests, options);
  }

  tryAcquireAny(requests: Alternatives, options?: TryAcquireOptions): Promise<Lock | null> {
    return this.#calls.tryAcquireAny(requests, options);
  }

  semaphore(name: string, permits: number): Semaphore {
    return new MeshSemaphore(this, name, permits);
  }

  elect(name: string, options?: ElectOptions): Election {
    return this.#kinds.elections.elect(name, options);
  }

  singleton<T>(name: string, work: (lock: Lock) => T, options: SingletonOptions): SingletonFire<T>;
  singleton(
    name: string,
    work: LeaderWork<unknown>,
    options: StandingSingletonOptions,
  ): RunningSingleton;
  singleton(
    name: string,
    work: ((lock: Lock) => unknown) | LeaderWork<unknown>,
    options: SingletonOptions | StandingSingletonOptions,
  ): SingletonFire<unknown> | RunningSingleton {
    return this.#kinds.singletons.make(name, work, options);
  }

  runCoordinator(): RunCoordinator {
    return this.#kinds.singletons.runCoordinator();
  }

  query(options?: QueryOptions): Promise<LocksSnapshot> {
    return this.#kinds.queries.query(options);
  }

  async ready(options?: ReadyOptions): Promise<void> {
    const pause = this.#runtime.watcher?.onAsk?.({ isRefused: this.#life !== 'open' });
    if (pause !== undefined) await pause;
    if (this.#life !== 'open') throw this.#failure ?? this.#closedError('Cannot wait');
    await this.#readiness.wait(options);
  }

  status(): PeerStatus {
    return describeStatus({
      options: this.#options,
      driver: this.#incarnations.driver,
      state: this.#life === 'open' ? this.#readiness.state : this.#life,
      held: this.#claims.heldCount,
      pending: this.#claims.waitingCount,
      nowMs: this.#runtime.monotonic(),
      wallMs: this.#runtime.wall(),
    });
  }

  close(options?: CloseOptions): Promise<void> {
    try {
      const drainMs = drainIn(options);
      this.#closing ??= this.#leave(drainMs);
      return this.#closing;
    } catch (error) {
      return Promise.reject(error);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  on<Name extends keyof PeerEvents>(name: Name, listener: PeerListener<Name>): this {
    this.#emitter.add(name, listener, false);
    return this;
  }

  once<Name extends keyof PeerEvents>(name: Name, listener: PeerListener<Name>): this {
    this.#emitter.add(name, listener, true);
    return this;
  }

  off<Name extends keyof PeerEvents>(name: Name, listener: PeerListener<Name>): this {
    this.#emitter.remove(name, listener);
    return this;
  }

  #coreEvents(): IncarnationsEvents {
    return {
      onGranted: (claim, token) => this.#claims.onGranted(claim, token),
      onFailed: (claim, failure) => this.#claims.onFailed(claim, failure),
      onLost: (claim, reason) => this.#claims.onLost(claim, reason),
      onWanted: (claim) => this.#claims.onWanted(claim),
      onLooked: (looked) => this.#kinds.queries.onLooked(looked),
      onLeader: (name, leader) => this.#kinds.elections.onLeader(name, leader),
      onVoter: (voter, state) => this.#emitter.emit('voter', voter, publicState(state)),
      onQuorum: (present) => this.#onQuorum(present),
      onLink: (peer, change) => this.#log.write('debug', change, { other: peer }),
      onRefused: (refusal) => this.#warner.warn(refusedWarning(refusal)),
      onUnlink: (peer, reason) => this.#onUnlink(peer, reason),
      onStateFile: (error) => this.#warner.warnSeldom(stateFileWarning(error)),
      onRestarting: () => {
        this.#warner.warn(restartedWarning(this.id));
        this.#claims.loseAll('restarted');
        this.#kinds.elections.onRestarting();
        this.#onQuorum(false);
      },
      onRestarted: () => {
        this.#claims.askAgain();
        this.#kinds.onRestarted();
      },
      onFatal: (error) => this.#fail(error),
    };
  }

  #onQuorum(present: boolean): void {
    if (!this.#readiness.set(present)) return;
    this.#log.write('info', present ? 'A quorum votes' : 'No quorum votes');
    this.#emitter.emit(present ? 'ready' : 'unready');
  }

  #onUnlink(peer: string, reason: UnlinkReason): void {
    this.#log.write('debug', `Link closed: ${reason}`, { other: peer });
    if (reason !== 'clock-ahead') return;
    this.#warner.warnSeldom(clockAheadWarning(peer, this.#options.maxClockAheadMs));
  }

  /** The peer cannot go on: what it holds is lost, and its application is told. */
  #fail(error: LockmeshError): void {
    if (this.#failure !== undefined || this.#life === 'closed') return;
    this.#failure = error;
    this.#log.write('error', error.message, { err: error });
    this.#claims.loseAll('failed', error);
    this.#claims.giveUp(error);
    this.#kinds.close(() => error);
    this.#readiness.fail(error);
    this.#closing ??= this.#leave(0);
  }

  async #leave(drainMs: number): Promise<void> {
    this.#life = 'closing';
    this.#readiness.fail(this.#closedError('Cannot wait'));
    this.#claims.giveUp(this.#closedError('Cannot acquire'));
    this.#kinds.close((act) => this.#closedError(act));
    this.#incarnations.retire();
    if (drainMs > 0) await untilIdle(this.#claims, this.#runtime, drainMs);
    this.#claims.takeBack(({ names }) => this.#closedError(`Released ${describeNames(names)}`));
    await this.#incarnations.close();
    await this.#runtime.watcher?.close?.();
    this.#life = 'closed';
    this.#log.write('info', 'Closed');
    this.#emitter.emit('close', this.#failure);
  }

  #closedError(act: string): PeerClosedError {
    const cause = this.#failure;
    if (cause === undefined) return new PeerClosedError(`${act}: the peer was closed`);
    return new PeerClosedError(`${act}: the peer has closed itself, see the cause`, { cause });
  }
}
