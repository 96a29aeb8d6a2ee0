/**
 * An entry of a voter, as it is known from what was heard and said, and where it stands.
 */

import {
  type Generation,
  generation,
  type Incarnation,
  type PeerId,
  type RoundId,
  type RoundNumber,
  type Stamp,
  type TimeMs,
} from '../../protocol/ids.ts';
import type { Patience, Resource } from '../../protocol/message.ts';
import type { LaterMax } from './later-max.ts';

/** What a voter keeps for one incarnation of a coordinator (rule 6.1). */
export interface KeptSession {
  readonly peer: PeerId;
  readonly incarnation: Incarnation;
  /** By the voter's monotonic clock (rule 6.3). */
  expiresAt: number;
  readonly entries: Map<RoundNumber, KeptEntry>;
}

export interface KeptEntry {
  readonly id: RoundId;
  /** Shared ones only, once its claim is downgraded (rule 8.9). */
  resources: readonly Resource[];
  readonly patience: Patience;
  readonly ticket: Stamp;
  readonly maxHoldMs: number;
  /** As registered. */
  readonly token: LaterMax;
  /** Whether the voter has shown that it keeps it. */
  isSure: boolean;
  committedAt: TimeMs | null;
  /** Of the latest vote; 0 before the first, and after it was given back. */
  generation: Generation;
  /** Votes up to this generation have been given back. */
  returned: Generation;
  /** What that vote was said to come after. */
  after: readonly RoundId[];
  /** The floor of that vote. */
  floor: Stamp;
  /** Whether it was committed in recovery, and so stands ahead of all but others like it. */
  isFirst: boolean;
}

/** What the vote before was. */
export interface VoteBefore {
  readonly generation: Generation;
  readonly after: readonly RoundId[];
}

/** Of an entry that has no vote. */
export const unvoted: Generation = generation(0);

/** Whether it may have been held for as long as it may (rule 6.6). */
export function mayBeOver({ committedAt, maxHoldMs }: KeptEntry, now: TimeMs): boolean {
  return committedAt !== null && now - committedAt >= maxHoldMs;
}

/** Of two whose places are known: `entry` has a vote. */
export function isAhead(other: KeptEntry, entry: KeptEntry): boolean {
  if (other.generation !== unvoted) return other.generation < entry.generation;
  return other.isFirst && !entry.isFirst;
}

/** What is committed is ranked, and what has no vote stands behind all that are. */
export function isSurelyBehind(other: KeptEntry, entry: KeptEntry): boolean {
  if (other === entry || other.committedAt !== null) return false;
  if (other.generation === unvoted) return true;
  return entry.generation !== unvoted && other.generation > entry.generation;
}
