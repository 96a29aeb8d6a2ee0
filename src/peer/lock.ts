/**
 * The public face of a lock: how one is asked for, and what a holder has in hand. held-lock.ts
 * makes them.
 */

/** `exclusive`: one holder. `shared`: any number of shared holders, and no exclusive one. */
export type LockMode = 'exclusive' | 'shared';

/** A name to lock, and how. */
export interface NamedLock {
  /** What is locked: 1 to 1,024 bytes of UTF-8, without lone surrogates. */
  readonly name: string;
  /** @default 'exclusive' */
  readonly mode?: LockMode;
}

/**
 * What one call asks for: a name (exclusively), a name with a mode, or up to 256 of them at once.
 */
export type LockRequest = string | NamedLock | readonly (string | NamedLock)[];

/** What one call asks for any of: 1 to 32 names (exclusively), or names with a mode. */
export type Alternatives = readonly (string | NamedLock)[];

/** How to ask for a lock without waiting for it. */
export interface TryAcquireOptions {
  /**
   * How long this peer may keep the lock after its release, in milliseconds: claims of its own for
   * the same names are granted at once meanwhile, with greater tokens and without a message. As
   * soon as anybody else wants one of the names, it is let go. `Infinity`: until then. Has no
   * effect together with `maxHold`.
   *
   * @default that of the peer
   */
  readonly linger?: number;
  /**
   * How long the lock may be held, in milliseconds: then it is lost, like one whose lease ran out.
   *
   * @default no limit
   */
  readonly maxHold?: number;
  /** The mode of every name that is given without one. @default 'exclusive' */
  readonly mode?: LockMode;
  /** Gives up the attempt; has no effect once the lock is granted. */
  readonly signal?: AbortSignal;
}

/** How to ask for a lock. */
export interface AcquireOptions extends TryAcquireOptions {
  /**
   * How long to wait, in milliseconds; 0 does not wait. It bounds nothing but the wait: how long
   * the lock is then held is up to the holder (see `maxHold`).
   *
   * @default no limit
   */
  readonly timeout?: number;
  /**
   * Takes the lock from whoever holds it, and goes before all that wait without stealing: the
   * holder is told that it lost, with a {@link LockStolenError}, and then this is granted, with a
   * greater token. A holder that cannot be told is waited for until its lease has run out. It may
   * have lost the lock all the same where this fails afterwards, as by `timeout` or `signal`. Only
   * where the mesh is made with `allowSteal`, for exclusive locks, and not with a `timeout` of 0.
   *
   * @default false
   */
  readonly steal?: boolean;
  /**
   * The locks of this peer that the caller holds, and will not release before it has this one:
   * where others hold this one and wait for those, the youngest of all these claims fails with a
   * {@link DeadlockError} after about `deadlockProbeAfter`, where all would wait for ever. What is
   * released or lost meanwhile counts no more. `[]` for a claim in such a callback that it does not
   * wait for.
   *
   * @default what the callbacks of `locks.request` around the call hold
   */
  readonly holding?: readonly Lock[];
}

/** How to ask for one of several locks: one that is free ends the wait, so that it is no circle. */
export type AcquireAnyOptions = Omit<AcquireOptions, 'holding' | 'steal'>;

/**
 * A lock that was granted. It is held until it is released, or lost: then `signal` aborts, before
 * anybody else may be granted.
 */
export interface Lock extends AsyncDisposable {
  /** When it was granted, in milliseconds since 1970 by this machine's clock. */
  readonly acquiredAt: number;
  /**
   * Aborts, once, when another claim wants what this lock holds: one that waits, or a try that
   * found it held. For a holder that is polite, and lets others go first now and then; nobody is
   * told before it has read this for the first time. It does not abort when the lock ends.
   */
  readonly contended: AbortSignal;
  /**
   * Until when it stays held if nothing more is heard from other peers, in milliseconds since 1970
   * by this machine's clock. It moves on as long as they are heard. `Infinity` where nobody else
   * has a say, in the past for a lock that is not held.
   */
  readonly deadline: number;
  /**
   * Whether it is held now. Reads the clock at each look, so that it tells the truth even where a
   * stalled process could not yet abort `signal`.
   */
  readonly held: boolean;
  /** The mode; of several names, `exclusive` if any of them is. `shared` once downgraded. */
  readonly mode: LockMode;
  /** The name; of several, the first. */
  readonly name: string;
  /** All the names, in the order asked for. */
  readonly names: readonly string[];
  /**
   * Aborts when the lock is lost, with a {@link LockLostError} as its `reason`, or released by
   * `peer.close()`, with a {@link PeerClosedError}. Pass it to whatever the lock protects. A
   * release by the holder does not abort it.
   */
  readonly signal: AbortSignal;
  /**
   * The fencing token: a safe integer, greater than that of every earlier conflicting grant of any
   * of the names. A store that refuses tokens smaller than the greatest it has seen is safe from
   * holders that do not know yet that they lost.
   */
  readonly token: number;
  /**
   * Shares what the lock holds exclusively, on all its names: whoever waits for no more than to
   * share them is let in, whoever wants them exclusively waits on. The token stays; those let in
   * have greater ones. It takes effect at once, as a release does. Does nothing to a lock that is
   * shared, or was released. A lock that was shared does not `linger`.
   *
   * @returns a promise for the sake of those who await it: there is nothing to wait for
   * @throws {LockLostError} when the lock is lost
   * @throws {PeerClosedError} when `peer.close()` released it
   * @throws an `InvalidStateError` for the lock of a leader, or of a singleton that runs always
   */
  downgrade(): Promise<void>;
  /**
   * Gives the lock back. Does nothing when that was done before or the lock is lost. It takes
   * effect at once, and leaves for the others at the end of this turn of the event loop, together
   * with what else there is for them; before a `process.exit()`, close the peer.
   *
   * @returns a promise for the sake of `await using`; it never rejects
   */
  release(): Promise<void>;
  /**
   * Does nothing while the lock is held, or after the holder released it.
   *
   * @throws {LockLostError} when the lock is lost
   * @throws {PeerClosedError} when `peer.close()` released it
   */
  throwIfLost(): void;
}
