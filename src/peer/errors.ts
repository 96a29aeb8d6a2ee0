/**
 * Everything that a call of this library may reject with, besides the caller's own abort reason and
 * a `TypeError` for an impossible name. Each class has a stable `code`; the fields say what a
 * program may want to know, the message says it to people.
 */

/** The stable codes of {@link LockmeshError}s. */
export type ErrorCode =
  | 'ERR_CONFIG'
  | 'ERR_DEADLOCK'
  | 'ERR_INTERNAL'
  | 'ERR_LOCK_LOST'
  | 'ERR_LOCK_STOLEN'
  | 'ERR_LOCK_TIMEOUT'
  | 'ERR_NO_QUORUM'
  | 'ERR_OVERLOADED'
  | 'ERR_PEER_CLOSED'
  | 'ERR_REENTRANT';

/** What all errors of this library have in common. */
export abstract class LockmeshError extends Error {
  /** Stable: branch on this rather than on the message. */
  abstract readonly code: ErrorCode;
}

/** A peer that holds a lock, as far as the voters have told. */
export interface LockHolder {
  /** The id of the peer. */
  readonly peer: string;
  /** When it was granted, in milliseconds since 1970 by this machine's clock; `null` if unknown. */
  readonly since: number | null;
}

/** What one voter had answered to a claim when the claim failed. */
export interface VoterAnswer {
  /** The id of the voter. */
  readonly voter: string;
  /**
   * - `yes`: it votes for the claim.
   * - `behind`: it votes for it as soon as those ahead have ended.
   * - `queued`: it has recorded the claim, and does not vote yet.
   * - `busy`: it refused, since the lock is held and the claim does not wait.
   * - `overloaded`: it refused, since it keeps as many claims as it may.
   * - `silent`: it is linked, and has not answered.
   * - `unasked`: it is linked, and was not asked: since this peer began no quorum has voted, or an
   *   older claim of this peer comes first.
   * - `unreachable`: there is no link to it.
   */
  readonly answer:
    | ('yes' | 'behind' | 'queued' | 'busy' | 'overloaded')
    | ('silent' | 'unasked' | 'unreachable');
  /** Why it cannot be reached; absent for a voter that is linked. */
  readonly reason?: string;
  /** Since when it cannot be reached, in milliseconds since 1970; absent for a linked voter. */
  readonly since?: number;
}

/** The fields of a {@link LockTimeoutError}. */
export interface LockTimeoutDetails {
  /** The names that were asked for. */
  readonly names: readonly string[];
  /** How long the call waited at most, in milliseconds. */
  readonly timeout: number;
  /** Who holds what was asked for, and since when. */
  readonly holders: readonly LockHolder[];
  /** How many claims stood ahead, those of the holders included. */
  readonly ahead: number;
  /** What each voter had answered. */
  readonly voters: readonly VoterAnswer[];
}

/** The lock was not granted within the `timeout` of the call. Try later, or ask who holds it. */
export class LockTimeoutError extends LockmeshError implements LockTimeoutDetails {
  override readonly name = 'LockTimeoutError';
  readonly code = 'ERR_LOCK_TIMEOUT';
  /** The names that were asked for. */
  readonly names: readonly string[];
  /** How long the call waited at most, in milliseconds. */
  readonly timeout: number;
  /** Who holds what was asked for, and since when. */
  readonly holders: readonly LockHolder[];
  /** How many claims stood ahead, those of the holders included. */
  readonly ahead: number;
  /** What each voter had answered. */
  readonly voters: readonly VoterAnswer[];

  constructor(message: string, details: LockTimeoutDetails) {
    super(message);
    this.names = details.names;
    this.timeout = details.timeout;
    this.holders = details.holders;
    this.ahead = details.ahead;
    this.voters = details.voters;
  }
}

/** The fields of a {@link NoQuorumError}. */
export interface NoQuorumDetails {
  /** The names that were asked for. */
  readonly names: readonly string[];
  /** How many voters of the group must answer. */
  readonly quorum: number;
  /** The ids of the voters that are asked: all, or with `replicas` a group that lacks a quorum. */
  readonly group: readonly string[];
  /** What each voter of the group had answered, or why and since when it cannot be reached. */
  readonly voters: readonly VoterAnswer[];
}

/**
 * Fewer voters than the quorum answered for as long as `prepareTimeout`, or have voted at all since
 * the peer began. See `voters` for which, and why; the peer goes on trying to reach them.
 */
export class NoQuorumError extends LockmeshError implements NoQuorumDetails {
  override readonly name = 'NoQuorumError';
  readonly code = 'ERR_NO_QUORUM';
  /** The names that were asked for. */
  readonly names: readonly string[];
  /** How many voters of the group must answer. */
  readonly quorum: number;
  /** The ids of the voters that are asked: all, or with `replicas` a group that lacks a quorum. */
  readonly group: readonly string[];
  /** What each voter of the group had answered, or why and since when it cannot be reached. */
  readonly voters: readonly VoterAnswer[];

  constructor(message: string, details: NoQuorumDetails) {
    super(message);
    this.names = details.names;
    this.quorum = details.quorum;
    this.group = details.group;
    this.voters = details.voters;
  }
}

/** The fields of a {@link LockLostError}. */
export interface LockLostDetails {
  /** The names that were held. */
  readonly names: readonly string[];
  /** The fencing token that the lock had. */
  readonly token: number;
  /** Why it was lost. */
  readonly reason: LostReason;
  /** The error behind it, where there is one. */
  readonly cause?: unknown;
}

/**
 * Why a lock was lost.
 *
 * - `lease`: too few voters were heard from for as long as the lease, so that others may be
 *   granted.
 * - `max-hold`: it was held for as long as its `maxHold`.
 * - `restarted`: this peer had to start anew under a newer incarnation.
 * - `stolen`: by a claim that steals; the error is a {@link LockStolenError}.
 * - `failed`: this peer closed itself; `cause` says why.
 */
export type LostReason = 'lease' | 'max-hold' | 'restarted' | 'stolen' | 'failed';

/**
 * A lock that was held no longer is, though nobody released it. Whatever it protected must stop:
 * the `reason` of the lock's `signal`, what `throwIfLost()` throws, what `locks.request()` rejects
 * with.
 */
export class LockLostError extends LockmeshError implements LockLostDetails {
  override readonly name: 'LockLostError' | 'AbortError' = 'LockLostError';
  readonly code: 'ERR_LOCK_LOST' | 'ERR_LOCK_STOLEN' = 'ERR_LOCK_LOST';
  /** The names that were held. */
  readonly names: readonly string[];
  /** The fencing token that the lock had; a later holder's is greater. */
  readonly token: number;
  /** Why it was lost. */
  readonly reason: LostReason;

  constructor(message: string, details: LockLostDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.names = details.names;
    this.token = details.token;
    this.reason = details.reason;
  }
}

/**
 * Another claim has stolen the lock, as `allowSteal` lets it. Its `name` is `AbortError`: so the
 * Web Locks API calls what a request rejects with whose lock was stolen.
 */
export class LockStolenError extends LockLostError {
  override readonly name = 'AbortError';
  override readonly code = 'ERR_LOCK_STOLEN';
}

/** One of the claims that wait for each other in a circle. */
export interface DeadlockedClaim {
  /** The id of the peer that made it. */
  readonly peer: string;
  /** What its caller holds and the one before waits for, up to 4 names; empty if it only waits. */
  readonly holds: readonly string[];
  /** What it waits for, up to 4 names. */
  readonly wants: readonly string[];
}

/**
 * The claim waited in a circle: its caller holds what another waits for, whose caller holds what …
 * this one waits for. It is the youngest of them, and fails for all. Release what you hold, and
 * begin again; better, ask for all in one call, or everywhere in the same order.
 */
export class DeadlockError extends LockmeshError {
  override readonly name = 'DeadlockError';
  readonly code = 'ERR_DEADLOCK';
  /** The names that were asked for. */
  readonly names: readonly string[];
  /** This claim, then the one that holds what it waits for, and so on around. */
  readonly cycle: readonly DeadlockedClaim[];

  constructor(
    message: string,
    details: { names: readonly string[]; cycle: readonly DeadlockedClaim[] },
  ) {
    super(message);
    this.names = details.names;
    this.cycle = details.cycle;
  }
}

/** A limit was reached: this peer's number of claims, or that of entries at too many voters. */
export class OverloadedError extends LockmeshError {
  override readonly name = 'OverloadedError';
  readonly code = 'ERR_OVERLOADED';
  /** The names that were asked for. */
  readonly names: readonly string[];
  /** Whose limit it was. */
  readonly by: 'peer' | 'voters';

  constructor(message: string, details: { names: readonly string[]; by: 'peer' | 'voters' }) {
    super(message);
    this.names = details.names;
    this.by = details.by;
  }
}

/**
 * The peer is closed, or closing: it takes no claims. When it closed by itself, `cause` says why.
 * Also the `reason` of the `signal` of a lock that `close()` released.
 */
export class PeerClosedError extends LockmeshError {
  override readonly name = 'PeerClosedError';
  readonly code = 'ERR_PEER_CLOSED';
}

/**
 * `acquire` was called, within the callback of `locks.request`, for a name that the callback
 * already holds, or for one that a lock in `holding` has: it would wait for itself. Pass the lock
 * along instead.
 */
export class ReentrantError extends LockmeshError {
  override readonly name = 'ReentrantError';
  readonly code = 'ERR_REENTRANT';
  /** The name that is held already. */
  readonly held: string;

  constructor(message: string, details: { held: string }) {
    super(message);
    this.held = details.held;
  }
}

/** A bug of this library was detected. The peer has closed itself; all its locks are lost. */
export class InternalError extends LockmeshError {
  override readonly name = 'InternalError';
  readonly code = 'ERR_INTERNAL';
}

/**
 * What one call or option was given does not do: the message says what was received and what is
 * wanted.
 */
export class ConfigError extends LockmeshError {
  override readonly name = 'ConfigError';
  readonly code = 'ERR_CONFIG';
  /** The option at fault, e.g. `voters.b` or `lease`. */
  readonly field: string;

  constructor(message: string, details: { field: string; cause?: unknown }) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.field = details.field;
  }
}
