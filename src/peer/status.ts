/**
 * A picture of a peer and its mesh at one moment, for people and for health checks.
 */

import type { VoterState } from './events.ts';

/** A voter, as seen from the peer that was asked. */
export interface VoterStatus {
  /** Its id. */
  readonly id: string;
  /** The url that the options give for it; '' when there is none. */
  readonly url: string;
  /** Whether it is the peer that was asked. */
  readonly self: boolean;
  readonly state: VoterState;
  /** Since when it is linked, or out of reach, in milliseconds since 1970. */
  readonly since: number;
  /** Why it is out of reach; `null` while it is linked. */
  readonly reason: string | null;
}

/** What `peer.status()` tells. */
export interface PeerStatus {
  /** The peer's id. */
  readonly id: string;
  /** The name of its mesh. */
  readonly mesh: string;
  /** Tells the starts of this peer apart; greater at each. */
  readonly incarnation: number;
  /**
   * - `starting`: no quorum of voters has voted yet.
   * - `ready`: a quorum votes.
   * - `unready`: a quorum voted before, and does not now.
   * - `closing`, `closed`: no more locks are granted.
   */
  readonly state: 'starting' | 'ready' | 'unready' | 'closing' | 'closed';
  /** How many voters must agree. */
  readonly quorum: number;
  /** All voters, this peer included if it is one, sorted by id. */
  readonly voters: readonly VoterStatus[];
  /** The ids of the non-voting members that are linked to this peer. */
  readonly members: readonly string[];
  /** How many locks the peer holds. */
  readonly held: number;
  /** How many calls wait for a lock. */
  readonly pending: number;
}
