/**
 * The options of the core: complete, checked by whoever makes a node (src/peer/options.ts), frozen.
 */

import type { Incarnation, PeerId, Stamp } from './ids.ts';

/** What must be equal on all peers of a mesh; compared in the handshake. */
export interface MeshOptions {
  /** Whether a claim may steal what another holds (rule 8.8). */
  readonly allowSteal: boolean;
  /** How long a silent peer keeps its votes and entries, in milliseconds (rule 6.1). */
  readonly leaseMs: number;
  /** The greatest relative difference between the rates of two monotonic clocks (0.01 = 1 %). */
  readonly maxClockDrift: number;
  /** Whether peers outside the voter set may claim (rule 7.3). */
  readonly members: boolean;
  /** How many votes decide: more than half of a resource's voters, at most all of them. */
  readonly quorum: number;
  /** How many voters a resource has: as many as there are, or an odd number (rule 10.1). */
  readonly replicas: number;
  /** The configured voters, sorted, without repeats. */
  readonly voters: readonly PeerId[];
}

/** What one node is made of. */
export interface NodeOptions extends MeshOptions {
  readonly id: PeerId;
  /** Greater than that of every earlier start of this peer. */
  readonly incarnation: Incarnation;
  /** Fewer than a quorum answering for this long ends a claim (rule 5.6), in milliseconds. */
  readonly prepareTimeoutMs: number;
  /** How long a claim waits whose caller holds others, before it looks for a circle (rule 9.1). */
  readonly deadlockProbeMs: number;
  /** How far ahead of our clocks a peer's may be before it is refused, in milliseconds. */
  readonly maxClockAheadMs: number;
  /**
   * The high-water mark that the state file held at the start (rule 7.5); 0 for a new file, `null`
   * for a node that keeps none.
   */
  readonly durableMark: Stamp | null;
  readonly limits: Limits;
}

/** A bound for everything that grows. */
export interface Limits {
  /** Claims of this peer that may be undecided or held at once. */
  readonly claimsMax: number;
  /** Entries a voter keeps in all. */
  readonly entriesMax: number;
  /** Entries a voter keeps for one resource. */
  readonly waitersMax: number;
  /** A voter votes for an entry with at most this many conflicting ones ahead (rule 4.2). */
  readonly lookAhead: number;
  /** Endings of other peers' rounds a coordinator remembers (rule 5.2). */
  readonly endingsMax: number;
  /** Buckets in which a voter keeps the ended-tokens of resources without entries (rule 4.8). */
  readonly idleResourcesMax: number;
  /** Elections of which a voter tells one peer (rule 8.7). */
  readonly electionsMax: number;
}

/** The limits used unless the peer's options say otherwise. */
export const defaultLimits: Limits = Object.freeze({
  claimsMax: 100_000,
  electionsMax: 10_000,
  endingsMax: 10_000,
  entriesMax: 1_000_000,
  idleResourcesMax: 10_000,
  lookAhead: 8,
  waitersMax: 10_000,
});
