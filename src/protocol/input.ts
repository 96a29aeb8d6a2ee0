/**
 * All that can happen to a node. Each input comes with the time at which it is handed over.
 */

import type { ClaimId, Incarnation, LookNumber, PeerId, Stamp, TimeMs, WallMs } from './ids.ts';
import type { Frame, Patience, Resource } from './message.ts';

/** What this peer's clocks show when an input is handed over. */
export interface Time {
  /** Never goes back. */
  readonly now: TimeMs;
  /** May jump. */
  readonly wall: WallMs;
}

/** The application asks for a lock. Answered by `granted` or `failed`, once. */
export interface Acquire {
  readonly type: 'acquire';
  readonly claim: ClaimId;
  /** One or more, with distinct names. */
  readonly resources: readonly Resource[];
  /** `steal` only where the mesh allows it. */
  readonly patience: Patience;
  /** How long it may wait, in milliseconds; Infinity without a bound. */
  readonly timeoutMs: number;
  /** How long it may be held, in milliseconds; Infinity without a bound. */
  readonly maxHoldMs: number;
  /**
   * How long its round may stay after its release, for the next claim of this peer, in
   * milliseconds; 0 for none. A claim with a bounded hold does not linger (rule 8.2).
   */
  readonly lingerMs: number;
  /**
   * What whoever holds its one name, exclusively, is known by as a leader; `null` where it leads
   * nobody. A claim with one does not linger (rule 8.7).
   */
  readonly value: string | null;
  /** The claims that its caller holds while it waits; absent for none (rule 9.1). */
  readonly holding?: readonly ClaimId[];
  /**
   * The claims of which one is enough, this one among them; absent where no other will do. When
   * one is granted, those that wait are given up, as by `release` (section 8, *any of several*).
   */
  readonly alternatives?: readonly ClaimId[];
}

/**
 * The application is done with a claim: gives up waiting, or releases what it holds. There is no
 * answer; after it, no output names the claim. Of an unknown claim (it has failed or was lost
 * meanwhile): ignored.
 */
export interface ReleaseClaim {
  readonly type: 'release';
  readonly claim: ClaimId;
}

/** The holder of a claim is to be told as soon as others want it (rule 8.6). */
export interface Heed {
  readonly type: 'heed';
  readonly claim: ClaimId;
}

/** The application asks what voters know. Answered by `looked`, once (rule 10.5). */
export interface LookAround {
  readonly type: 'look';
  readonly look: LookNumber;
  /** Of what is on this name; `null` for all. */
  readonly name: string | null;
}

/**
 * The holder of a claim shares what it holds exclusively from now on (rule 8.9). It is not one
 * that leads (8.7).
 */
export interface Downgrade {
  readonly type: 'downgrade';
  readonly claim: ClaimId;
}

/** The application is to be told who leads in an election, by `leader` (rule 8.7). */
export interface ObserveElection {
  readonly type: 'observe';
  readonly name: string;
  /** Those with smaller tokens have led before, and are not told of. */
  readonly floor: Stamp;
}

/** It is not to be told any more. */
export interface UnobserveElection {
  readonly type: 'unobserve';
  readonly name: string;
}

/** A link to a peer stands, authenticated; it replaces any earlier one to that peer. */
export interface LinkUp {
  readonly type: 'link-up';
  readonly peer: PeerId;
  readonly incarnation: Incarnation;
}

/** The link to a peer is gone, and with it what was under way. */
export interface LinkDown {
  readonly type: 'link-down';
  readonly peer: PeerId;
}

/** A frame came, parsed, on the present link to a peer. */
export interface FrameArrived {
  readonly type: 'frame';
  readonly peer: PeerId;
  readonly frame: Frame;
}

/** The driver's turn ends: what has gathered for each link leaves as frames. */
export interface Flush {
  readonly type: 'flush';
}

/** Nothing lingers from now on: the peer is about to close. */
export interface Retire {
  readonly type: 'retire';
}

/** Time has passed. Early, late and repeated ones are harmless. */
export interface Wake {
  readonly type: 'wake';
}

/** The mark that a `persist` output asked for is durable. */
export interface Persisted {
  readonly type: 'persisted';
  readonly mark: Stamp;
}

/** What comes of the application. */
export type Call =
  | Acquire
  | ReleaseClaim
  | Heed
  | Downgrade
  | ObserveElection
  | UnobserveElection
  | LookAround
  | Retire;

export type Input = Call | LinkUp | LinkDown | FrameArrived | Flush | Wake | Persisted;
