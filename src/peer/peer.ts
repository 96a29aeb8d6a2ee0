/**
 * The public face of a peer. mesh-peer.ts implements it.
 */

import type { Election, ElectOptions, LeaderWork } from './election.ts';
import type { PeerEvents, PeerListener } from './events.ts';
import type {
  AcquireAnyOptions,
  AcquireOptions,
  Alternatives,
  Lock,
  LockRequest,
  TryAcquireOptions,
} from './lock.ts';
import type { Semaphore } from './semaphore.ts';
import type {
  RunCoordinator,
  SingletonFire,
  SingletonOptions,
  StandingSingletonOptions,
} from './singleton.ts';
import type { RunningSingleton } from './standing-singleton.ts';
import type { PeerStatus } from './status.ts';
import type { Locks, LocksSnapshot, QueryOptions } from './web-locks.ts';

/** How to close a peer. */
export interface CloseOptions {
  /**
   * How long locks that are held may stay so, for their holders to finish, in milliseconds. New
   * claims are refused meanwhile, and waiting ones given up.
   *
   * @default 0
   */
  readonly drain?: number;
}

/** How to wait for a peer to be ready. */
export interface ReadyOptions {
  /** Gives up waiting. */
  readonly signal?: AbortSignal;
}

/** One embedded node of a mesh, as {@link createPeer} makes it. */
export interface Peer extends AsyncDisposable {
  /** The id of this peer. */
  readonly id: string;
  /** Locks in the callback form of the W3C Web Locks API. */
  readonly locks: Locks;
  /** Where this peer listens, e.g. `ws://127.0.0.1:7400`; `null` if it does not. */
  readonly url: string | null;

  /**
   * Waits for a lock, or for several at once: all of them or none, with no deadlock between such
   * calls.
   *
   * @returns the lock, held; release it, or declare it with `await using`
   * @throws {LockTimeoutError} when it is not granted within `options.timeout`
   * @throws {NoQuorumError} when fewer voters than the quorum answer, once the peer was ready
   * @throws {OverloadedError} when a limit is reached
   * @throws {PeerClosedError} when the peer is closed, before or meanwhile
   * @throws {DeadlockError} when it waits in a circle with other claims whose callers hold locks
   * @throws {ReentrantError} within a callback of `locks.request` that holds one of the names, or
   * when a lock in `options.holding` does
   * @throws {InternalError} when a bug of this library is detected
   * @throws the reason of `options.signal`, when it aborts
   * @throws `TypeError` for impossible names or options
   */
  acquire(request: LockRequest, options?: AcquireOptions): Promise<Lock>;

  /**
   * Takes a lock if that needs no waiting for another holder.
   *
   * @returns the lock, held; `null` when it, or one of several, is held by another
   * @throws what `acquire` throws, but for `LockTimeoutError`
   */
  tryAcquire(request: LockRequest, options?: TryAcquireOptions): Promise<Lock | null>;

  /**
   * Waits for one of several locks: whichever is granted first. Nothing is held of the others.
   *
   * @param requests 1 to 32 names, each with a mode or without; none is preferred
   * @returns the lock, held; its `name` says which it is
   * @throws what `acquire` throws; {@link LockTimeoutError} tells who holds the one with the fewest
   * ahead, {@link ReentrantError} is thrown if a callback of `locks.request` holds all of them
   */
  acquireAny(requests: Alternatives, options?: AcquireAnyOptions): Promise<Lock>;

  /**
   * Takes one of several locks if that needs no waiting for another holder.
   *
   * @param requests as for `acquireAny`
   * @returns the lock, held; `null` when all of them are held by others
   * @throws what `acquireAny` throws, but for `LockTimeoutError`
   */
  tryAcquireAny(requests: Alternatives, options?: TryAcquireOptions): Promise<Lock | null>;

  /**
   * A lock that so many may hold at once, among all peers. It costs nothing until it is acquired.
   *
   * @param name of the semaphore, of up to 1,021 bytes: its permits are locks of their own, named
   * `name#0` and so on
   * @param permits 1 to 32, the same on all peers: where they differ, the largest number may hold
   * @throws `TypeError` for an impossible name or number
   */
  semaphore(name: string, permits: number): Semaphore;

  /**
   * Takes part in an election: sees who leads, and leads if it is told to {@link Election.run}. A
   * leader holds the lock of that name. Several elections of one name on one peer are one.
   *
   * @throws {OverloadedError} when this peer takes part in as many as it may
   * @throws {PeerClosedError} when the peer is closed
   * @throws `TypeError` for an impossible name or option
   */
  elect(name: string, options?: ElectOptions): Election;

  /**
   * Makes of what every instance begins at about the same time what one of them does: give it to
   * whatever calls it on time, on all of them.
   *
   * @param name of the work, of up to 992 bytes: the locks of its fires begin with it
   * @param work is given the lock, held while it runs; it is not run again for the same fire, also
   * when it fails
   * @throws `TypeError` for an impossible name, function or option
   */
  singleton<T>(name: string, work: (lock: Lock) => T, options: SingletonOptions): SingletonFire<T>;

  /**
   * Keeps work running on exactly one of all instances that ask for it, for as long as their peers
   * live. When it returns or throws, the lock is released, and after a pause, which grows up to 10
   * s, it is run again, by whichever instance is first then; a `warning` tells what it threw. When
   * the lock is lost, another instance runs it, and this one waits until it has settled here.
   *
   * @param name of the work, and of the lock that is held while it runs
   * @throws `TypeError` for an impossible name, function or option
   */
  singleton(
    name: string,
    work: LeaderWork<unknown>,
    options: StandingSingletonOptions,
  ): RunningSingleton;

  /** Decides for node-cron which instance runs a job, each time. */
  runCoordinator(): RunCoordinator;

  /**
   * Waits for a quorum of voters that vote, for every name. Claims need not wait for it: they do
   * by themselves.
   *
   * @throws {PeerClosedError} when the peer is closed, before or meanwhile
   * @throws {ConfigError} when another live process has this peer's id
   * @throws the reason of `options.signal`, when it aborts
   * @throws `TypeError` for impossible options
   */
  ready(options?: ReadyOptions): Promise<void>;

  /**
   * Tells who holds what, and who waits: of this peer, or with `scope: 'mesh'` of all peers, as far
   * as voters know and answer. What is told is best effort: for people and dashboards, and nothing
   * to decide by, since it may have changed when it is heard.
   *
   * @throws {PeerClosedError} for `scope: 'mesh'` when the peer is closed, before or meanwhile
   * @throws {InternalError} when a bug of this library is detected
   * @throws `TypeError` for an impossible name, scope or option
   */
  query(options?: QueryOptions): Promise<LocksSnapshot>;

  /** Tells how the peer and its mesh stand. */
  status(): PeerStatus;

  /**
   * Leaves the mesh: refuses new claims, gives up waiting ones, waits for held locks for as long as
   * `options.drain`, releases the rest (their signals abort), and closes all links. Waiting peers
   * are granted at once. What is done with and only remembered (`singleton`) is not waited for: the
   * other voters remember it for a lease more. After it, nothing of the peer keeps the process
   * alive. Further calls return the same promise.
   *
   * @returns once all is closed
   * @throws `TypeError` for impossible options, and then does nothing
   */
  close(options?: CloseOptions): Promise<void>;

  /**
   * Calls `listener` at each event of that name. One that throws is logged, and disturbs nobody.
   */
  on<Name extends keyof PeerEvents>(name: Name, listener: PeerListener<Name>): this;
  /** Calls `listener` at the next event of that name only. */
  once<Name extends keyof PeerEvents>(name: Name, listener: PeerListener<Name>): this;
  /** No longer calls `listener`. */
  off<Name extends keyof PeerEvents>(name: Name, listener: PeerListener<Name>): this;
}
