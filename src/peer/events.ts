/**
 * What a peer tells its application by itself. There is no `error` event: what goes wrong in a mesh
 * is expected, and told as a `warning`.
 */

import type { LockLostError, LockmeshError } from './errors.ts';
import type { Lock } from './lock.ts';

/** Whether a voter votes, as seen from this peer. */
export type VoterState =
  /** Linked, and voting. */
  | 'voting'
  /** Linked; it has restarted, and casts no vote until it is safe to. */
  | 'recovering'
  /** Out of reach. */
  | 'unreachable';

/**
 * What a {@link PeerWarning} is about.
 *
 * - `clock-ahead`: another peer's clock is further ahead than `maxClockAhead`; its link was closed.
 * - `malformed`: somebody sent what is not of this protocol; the connection was closed.
 * - `reentrant`: a callback of `locks.request` asks for a name that it holds: it waits for itself.
 * - `refused`: this peer refused another, or was refused: wrong secret, other mesh options, ….
 * - `restarted`: others knew of a newer incarnation of this peer (its clock was set back), so that
 *   it started anew; what it held was lost.
 * - `singleton`: the work of a singleton that is to run always has failed; it is run again.
 * - `state-file`: the state file could not be written; this peer votes again once it can.
 * - `trace`: a record of the `trace` could not be written; the peer goes on without.
 * - `two-voters`: a mesh of two voters tolerates no failure.
 */
export type WarningType =
  | 'clock-ahead'
  | 'malformed'
  | 'reentrant'
  | 'refused'
  | 'restarted'
  | 'singleton'
  | 'state-file'
  | 'trace'
  | 'two-voters';

/** Something that an operator should know of, and that the peer deals with by itself. */
export interface PeerWarning {
  readonly type: WarningType;
  /** One sentence, for people. */
  readonly message: string;
  /** The other peer's id, where there is one and it is known. */
  readonly peer?: string;
  /** The error behind it, where there is one. */
  readonly cause?: unknown;
}

/** The events of a {@link Peer}, each with what its listeners are given. */
export interface PeerEvents {
  /** The peer has closed; with the error that made it, unless `close()` was called. */
  close: [error: LockmeshError | undefined];
  /** A lock of this peer's was lost. Its `signal` has been aborted already. */
  lost: [lock: Lock, error: LockLostError];
  /** A quorum of voters votes, for every name: locks can be granted. */
  ready: [];
  /** A quorum votes no more: until one does, no lock is granted, or none of some names. */
  unready: [];
  /** A voter has changed its state, as seen from here. */
  voter: [voter: string, state: VoterState];
  /** Something that an operator should know of. Also logged. */
  warning: [warning: PeerWarning];
}

/** What is called for an event. */
export type PeerListener<Name extends keyof PeerEvents> = (...args: PeerEvents[Name]) => void;
