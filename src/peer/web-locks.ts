/**
 * The W3C Web Locks shape over the mesh: the lock is held for as long as a callback runs.
 */

import type { AcquireOptions, Lock, LockMode } from './lock.ts';

/** How to ask for a lock in the callback form. */
export interface LockRequestOptions extends AcquireOptions {
  /**
   * Does not wait: the callback gets `null` when the lock is not free. A `NotSupportedError`
   * together with a `signal`, or a `timeout` that is not 0.
   *
   * @default false
   */
  readonly ifAvailable?: boolean;
  /**
   * Takes the lock from whoever holds it, whose request rejects with a {@link LockStolenError}. A
   * `NotSupportedError` where the mesh is made without `allowSteal`, and together with
   * `ifAvailable`, a `signal`, a `timeout` of 0 or the mode `shared`.
   *
   * @default false
   */
  readonly steal?: boolean;
}

/** A lock that is held or waited for. */
export interface LockInfo {
  /**
   * When it was granted, or asked for, in milliseconds since 1970 by this machine's clock; what
   * another peer waits for by the clocks of all.
   */
  since: number;
  /** The id of the peer. */
  clientId: string;
  mode: LockMode;
  name: string;
  /**
   * The fencing token; absent for one that is waited for. Of a lock of another peer that may linger
   * the greatest that it may be granted with.
   */
  token?: number;
}

/** What a query tells. */
export interface LocksSnapshot {
  /**
   * What is held, one for each name. What its peer keeps after the release (`linger`) is, to
   * others, held.
   */
  held: LockInfo[];
  /** What is waited for, one for each name, in the order in which it will be granted. */
  pending: LockInfo[];
  /** Whether some voter knows of more than the 10,000 names that it tells of. */
  truncated: boolean;
  /**
   * The ids of the voters that were asked and have not answered: out of reach, or silent for
   * `prepareTimeout`. Also those that have just started, and do not know all yet (for up to a
   * lease). What only those know of is missing.
   */
  unanswered: string[];
}

/** What to look at. */
export interface QueryOptions {
  /** Only what is on this name. @default all names */
  readonly name?: string;
  /**
   * `local`: what this peer holds and waits for, without asking anybody. `mesh`: what all peers do,
   * as voters know it, also where this peer does not vote: every voter is asked, or with `name`
   * those that decide on it. Takes a round trip, or `prepareTimeout` where one is silent.
   *
   * @default 'local'
   */
  readonly scope?: 'local' | 'mesh';
}

/**
 * Locks in the shape of the standard `LockManager` (`navigator.locks`), to which it can be
 * assigned: each is held while a callback runs.
 */
export interface Locks {
  /**
   * Waits for the lock, calls `callback` with it, and releases it once the promise that the
   * callback returns has settled. When the lock is lost before that, the call rejects at once,
   * whatever the callback still does; its `lock.signal` has been aborted.
   *
   * Asking again, within the callback, for a name that it holds waits for itself: a `reentrant`
   * warning tells.
   *
   * @returns what the callback returns
   * @throws what the callback throws; the reason of `options.signal`; {@link LockTimeoutError},
   * {@link NoQuorumError}, {@link LockLostError}, {@link OverloadedError}, {@link PeerClosedError},
   * {@link InternalError}; a `TypeError` for an impossible name, mode or option; a
   * `NotSupportedError` for a name that begins with `-`
   */
  request<T>(name: string, callback: (lock: Lock) => T): Promise<Awaited<T>>;
  request<T>(
    name: string,
    options: LockRequestOptions & { readonly ifAvailable?: false },
    callback: (lock: Lock) => T,
  ): Promise<Awaited<T>>;
  request<T>(
    name: string,
    options: LockRequestOptions,
    callback: (lock: Lock | null) => T,
  ): Promise<Awaited<T>>;
  /** Tells what this peer, or the whole mesh, holds and waits for: see `peer.query`. */
  query(options?: QueryOptions): Promise<LocksSnapshot>;
}
