/**
 * The public face of an election: one of the peers that campaign leads, and all that look know
 * which. mesh-election.ts makes them.
 */

import type { Lock } from './lock.ts';

/** Whoever leads in an election. */
export interface Leader {
  /** Its id. */
  readonly peer: string;
  /** What it wants to be known by: the `value` of its {@link ElectOptions}. */
  readonly value: string;
  /** The fencing token of its lock; a later leader's is greater. */
  readonly token: number;
}

/** How to take part in an election. */
export interface ElectOptions {
  /**
   * What all are told of this peer while it leads, e.g. where to reach it: at most 1,024 bytes of
   * UTF-8, without lone surrogates.
   *
   * @default '', nothing but the peer's id is told
   */
  readonly value?: string;
}

/** How to campaign. */
export interface CampaignOptions {
  /** Ends the campaign, or the work. */
  readonly signal?: AbortSignal;
}

/**
 * What a leader does, for as long as it leads.
 *
 * @param signal aborts when it no longer leads, before anybody else may: with the
 * {@link LockLostError}, or with an `AbortError` after `resign()`
 * @param lock is held meanwhile; its `token` fences what the leader writes. It is released by
 * itself, once the work is over; `release()` before that resigns at once: `signal` aborts, and what
 * the work comes to is dropped. `downgrade()` rejects with an `InvalidStateError`: whoever leads
 * holds it alone
 */
export type LeaderWork<T> = (signal: AbortSignal, lock: Lock) => T;

/** What is called when another peer leads; with `null`, when none is known to. */
export type LeaderListener = (leader: Leader | null) => void;

/** An election, in which this peer may campaign, and sees who leads; see `peer.elect`. */
export interface Election extends AsyncDisposable {
  readonly name: string;
  /**
   * Whoever leads, as far as this peer knows: it hears of a new leader one message after the grant
   * if the leader votes, else two. `null` when nobody is known to. Tokens never go back. What is
   * to be safe is to be fenced: a leader may have been lost a moment ago.
   */
  readonly current: Leader | null;
  /** Whether the work of a `run` of this election leads now, by the clock at the look. */
  readonly isLeader: boolean;

  /**
   * Campaigns until it leads, and then does `work`. When it is no longer the leader, it waits until
   * `work` has settled, whatever comes of it, and campaigns again: in one process, no two works of
   * an election are ever under way. While the mesh is without a quorum, or overloaded, it goes on.
   *
   * @returns what `work` returns; nobody leads by then, or another peer
   * @throws what `work` throws while it leads; the reason of `options.signal`, an `AbortError`
   * after `close()`, {@link PeerClosedError} or {@link InternalError}, each once `work` has
   * settled; {@link ReentrantError} within a callback that holds a lock of this name; an
   * `InvalidStateError` when this election is closed, or in a `run` already; a `TypeError` for
   * impossible arguments
   */
  run<T>(work: LeaderWork<T>, options?: CampaignOptions): Promise<Awaited<T>>;

  /**
   * Gives up leadership, if this peer has it, and campaigns again, behind those that wait.
   *
   * @returns once the work has settled, and the lock is released; at once within the work itself
   */
  resign(): Promise<void>;

  /**
   * Ends a `run`, which rejects with an `AbortError`, and looks no more: `current` is `null`.
   *
   * @returns once the work has settled; at once within the work itself
   */
  close(): Promise<void>;

  /** Calls `listener` whenever `current` has changed. One that throws is logged. */
  on(event: 'change', listener: LeaderListener): this;
  /** Calls `listener` at the next change only. */
  once(event: 'change', listener: LeaderListener): this;
  /** No longer calls `listener`. */
  off(event: 'change', listener: LeaderListener): this;
}
