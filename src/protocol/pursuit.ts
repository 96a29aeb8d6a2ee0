/**
 * What travels while a circle of waiting claims is looked for (docs/protocol.md, section 9).
 */

import type { Incarnation, PeerId, RoundId, RoundNumber, Stamp } from './ids.ts';

/** One claim of a chain in which each waits for what the caller of the next holds (rule 9.3). */
export interface Hop {
  readonly peer: PeerId;
  readonly incarnation: Incarnation;
  /** The round of the claim that waits. */
  readonly round: RoundNumber;
  /** The round for which the one before waits: of what its caller holds, or its own. */
  readonly via: RoundNumber;
  /** Who has found that the one before waits for it. */
  readonly voter: PeerId;
  /** Some of the names of `via`, and of those that are waited for; none where `via` is its own. */
  readonly holds: readonly string[];
  readonly wants: readonly string[];
}

/** A search for a circle, on its way (rules 9.1 to 9.4). */
export interface Pursuit {
  /** The round that began it, and its ticket. */
  readonly origin: RoundId;
  readonly ticket: Stamp;
  readonly attempt: number;
  /** The way so far; or, where `passed` is less than its length, the way to be taken again. */
  readonly path: readonly Hop[];
  /** How many claims of the path have been passed. */
  readonly passed: number;
}

/** "Whom does this round of mine wait for?" Coordinator → voter. */
export interface Probe extends Pursuit {
  readonly type: 'probe';
  readonly round: RoundNumber;
}

/** "Somebody waits for this round of yours." Voter → coordinator. */
export interface Chase extends Pursuit {
  readonly type: 'chase';
  readonly round: RoundNumber;
  /** Whether the voter knows it as shared, on all that it decides on. */
  readonly isShared: boolean;
}
