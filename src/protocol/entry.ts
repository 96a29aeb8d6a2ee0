/**
 * What a voter keeps for a round that it has been asked about (docs/protocol.md, section 4).
 */

import type {
  Generation,
  Incarnation,
  PeerId,
  RoundId,
  RoundNumber,
  Stamp,
  TimeMs,
} from './ids.ts';
import type { Resource } from './message.ts';

/** Only voter.ts and queue-table.ts change one. */
export interface Entry {
  readonly id: RoundId;
  readonly round: RoundNumber;
  readonly peer: PeerId;
  readonly incarnation: Incarnation;
  readonly resources: readonly Resource[];
  readonly ticket: Stamp;
  readonly patience: 'wait' | 'try';
  readonly maxHoldMs: number;
  /** The registered token. */
  token: Stamp;
  /** When the commit was heard; `null` while undecided. */
  committedAt: TimeMs | null;
  /** The place in the list: greater is further behind. Unique. */
  order: number;
  /** Names the vote given from this place; another after each YIELD. */
  generation: Generation;
  /** Whether an INQUIRE for this generation has been sent. */
  inquired: boolean;
  /** Applied when the entry was made, or when recovery ended (rules 4.8, 7.5). */
  baseFloor: Stamp;
  /** Whether a vote of this generation has been cast: only the owner may then end the entry. */
  voted: boolean;
  /** Whether the owner has been told that its try would wait. */
  refused: boolean;
  said: Said;
}

/** What the owner was last told about its place, in this generation. */
export type Said =
  | { readonly state: 'nothing' }
  | { readonly state: 'queued' }
  | {
      readonly state: 'voted';
      readonly after: readonly RoundId[];
      readonly floor: Stamp;
      readonly token: Stamp;
    };
