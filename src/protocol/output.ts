/**
 * All that a node asks of its driver, or tells it.
 */

import type { ClaimId, LookNumber, PeerId, RoundNumber, Stamp } from './ids.ts';
import type { Leading } from './leading.ts';
import type { Frame, Sight } from './message.ts';
import type { Hop } from './pursuit.ts';

/** The claim is held from now on. */
export interface Granted {
  readonly type: 'granted';
  readonly claim: ClaimId;
  readonly round: RoundNumber;
  readonly token: Stamp;
}

/** The claim was not granted, and will not be. */
export interface Failed {
  readonly type: 'failed';
  readonly claim: ClaimId;
  readonly failure: Failure;
}

/** The claim was held, and no longer is, though the application did not release it. Final. */
export interface Lost {
  readonly type: 'lost';
  readonly claim: ClaimId;
  /**
   * `lease`: too few votes still count. `max-hold`: held for as long as it may be. `stolen`: by a
   * claim that steals (rule 8.8).
   */
  readonly reason: 'lease' | 'max-hold' | 'stolen';
}

/** Others want what the claim holds, whose holder has asked to be told: once (rule 8.6). */
export interface Wanted {
  readonly type: 'wanted';
  readonly claim: ClaimId;
}

/** What voters know, as far as they have answered (rule 10.5). */
export interface Looked {
  readonly type: 'looked';
  readonly look: LookNumber;
  /** Each round once, in the order of priority. */
  readonly sights: readonly Sight[];
  /** The voters that have not answered, or not to the end, sorted. */
  readonly unanswered: readonly PeerId[];
  /** Whether some voter knows of more than it has named. */
  readonly isCut: boolean;
}

/** Another one leads in an election that is observed, or nobody is known to (rule 8.7). */
export interface LeaderChanged {
  readonly type: 'leader';
  readonly name: string;
  readonly leader: LeaderView | null;
}

/** Whoever leads in an election, as this peer sees it. */
export interface LeaderView extends Leading {
  readonly token: Stamp;
}

/** To be sent on the present link to a peer. */
export interface SendFrame {
  readonly type: 'frame';
  readonly to: PeerId;
  readonly frame: Frame;
}

/** The link to a peer is of no use: close it and make another. The node has already dropped it. */
export interface Unlink {
  readonly type: 'unlink';
  readonly peer: PeerId;
  readonly reason: UnlinkReason;
}

/**
 * `silent`: no fresh echo for half a lease. `sequence`: a frame was lost or repeated.
 * `clock-ahead`: the peer's hybrid clock is too far ahead. `hello`: it broke the order of greeting.
 * `echo`: it echoed a stamp that was never sent.
 */
export type UnlinkReason = 'silent' | 'sequence' | 'clock-ahead' | 'hello' | 'echo';

/** A voter's state has changed as seen from here. */
export interface VoterChanged {
  readonly type: 'voter';
  readonly voter: PeerId;
  readonly state: VoterState;
}

/**
 * `voting`: linked and voting. `recovering`: linked, casts no vote yet. `unlinked`: out of reach.
 */
export type VoterState = 'voting' | 'recovering' | 'unlinked';

/** Whether a quorum of every resource's voters is `voting` has changed. */
export interface QuorumChanged {
  readonly type: 'quorum';
  readonly present: boolean;
}

/** Make this high-water mark durable, then say `persisted` (rule 7.5). */
export interface Persist {
  readonly type: 'persist';
  readonly mark: Stamp;
}

export type Output =
  | Granted
  | Failed
  | Lost
  | Wanted
  | Looked
  | LeaderChanged
  | SendFrame
  | Unlink
  | VoterChanged
  | QuorumChanged
  | Persist;

/** Why a claim failed. */
export type Failure =
  /** The wait limit passed. */
  | { readonly reason: 'timeout'; readonly standing: Standing }
  /** A try found it held. */
  | { readonly reason: 'busy'; readonly standing: Standing }
  /** In one of its groups, fewer than a quorum answered for as long as the prepare timeout. */
  | { readonly reason: 'no-quorum'; readonly standing: Standing }
  /** In one of its groups, more voters are full than a quorum can spare. */
  | { readonly reason: 'overloaded'; readonly standing: Standing }
  /** It waits in a circle, as its youngest claim: the way around, which ends at it (rule 9.4). */
  | { readonly reason: 'deadlock'; readonly cycle: readonly Hop[] }
  /** This peer has as many claims as it may. */
  | { readonly reason: 'claims-max' };

/** How a claim stood when it failed. */
export interface Standing {
  /** One per voter of its resources, in the order of the voter set. */
  readonly voters: readonly VoterAnswer[];
  /** Its groups: a quorum is needed in every one (rule 10.2). */
  readonly groups: readonly GroupAsked[];
  /** Who holds what the claim waits for, as far as known. */
  readonly holders: readonly KnownHolder[];
  /** How many rounds stand ahead, the holders included, at the voter that knows of most. */
  readonly ahead: number;
}

/** The voters that decide on these of a claim's names. */
export interface GroupAsked {
  readonly names: readonly string[];
  readonly voters: readonly PeerId[];
  /** Whether a quorum of them has been seen voting since this peer began (rule 5.1). */
  readonly seen: boolean;
}

export interface KnownHolder {
  readonly peer: PeerId;
  /** For how long, in milliseconds; `null` when no voter said. */
  readonly heldForMs: number | null;
}

/**
 * `yes`: its vote is effective. `behind`: it votes once others have ended. `queued`: recorded.
 * `busy`, `overloaded`: refused. `silent`: linked, has not answered. `unasked`: linked, and the
 * round has not begun (rules 5.1, 8.5). `unlinked`: out of reach.
 */
export interface VoterAnswer {
  readonly voter: PeerId;
  readonly answer:
    | ('yes' | 'behind' | 'queued' | 'busy' | 'overloaded')
    | ('silent' | 'unasked' | 'unlinked');
}
