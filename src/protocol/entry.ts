/**
 * What a voter keeps for a round that it has been asked about (docs/protocol.md, section 4).
 */

import { noStamp } from './clock.ts';
import {
  type Generation,
  generation,
  type Incarnation,
  later,
  type PeerId,
  type RoundId,
  type RoundNumber,
  roundId,
  type Stamp,
  type TimeMs,
  timeMs,
} from './ids.ts';
import type { Patience, Prepare, Resource } from './message.ts';
import type { Place } from './queue.ts';

/** What the owner was last told about its place, in this generation. */
export type Said = 'nothing' | 'queued' | 'voted';

/** Plain data: moments are relative to the time of the snapshot. */
export interface EntrySnapshot {
  readonly round: RoundNumber;
  readonly peer: PeerId;
  readonly incarnation: Incarnation;
  readonly resources: readonly Resource[];
  readonly ticket: Stamp;
  readonly patience: Patience;
  readonly maxHoldMs: number;
  readonly lingers: boolean;
  readonly value: string | null;
  readonly token: Stamp;
  readonly committedAt: TimeMs | null;
  readonly generation: Generation;
  readonly inquired: boolean;
  readonly refused: boolean;
  readonly contended: boolean;
  readonly revoked: boolean;
  readonly said: Said;
  readonly saidAfter: boolean;
  readonly saidFloor: Stamp;
}

/** Whose entry it is. */
interface Origin {
  readonly peer: PeerId;
  readonly incarnation: Incarnation;
}

/** Only voter.ts and queue-table.ts change one. */
export class Entry {
  readonly round: RoundNumber;
  readonly peer: PeerId;
  readonly incarnation: Incarnation;
  /** Shared ones only once its claim is downgraded (rule 8.9). */
  resources: readonly Resource[];
  readonly ticket: Stamp;
  readonly patience: Patience;
  readonly maxHoldMs: number;
  /** Whether it may be that nobody holds it any more, though it is committed (rule 8.2). */
  lingers: boolean;
  /** What its owner is known by where it leads; `null` where it does not (rule 8.7). */
  readonly value: string | null;
  /** The registered token: of several, the last (rule 8.1). */
  token: Stamp;
  /** When the commit was heard; `null` while undecided. */
  committedAt: TimeMs | null = null;
  /** Whether it stands in the list. */
  isKept = false;
  /** Where it stands, or last stood, on the first of its resources. */
  place: Place<Entry> | null = null;
  /**
   * Names the vote given from this place, and ranks it: greater is further behind. 0 for one that
   * has no vote, and is not held either; another after each YIELD.
   */
  generation: Generation = generation(0);
  /** Whether an INQUIRE for this generation has been sent. */
  inquired = false;
  /** Whether the owner has been told that its try would wait. */
  refused = false;
  /** Whether the owner has been told that somebody waits behind it (rule 8.3). */
  contended = false;
  /** Whether the owner has been told that somebody steals it (rule 8.8). */
  revoked = false;
  said: Said = 'nothing';
  /** Whether the last vote was cast after any, and its floor. */
  saidAfter = false;
  saidFloor: Stamp = noStamp;
  #id: RoundId | null = null;

  constructor({ peer, incarnation }: Origin, of: EntryTerms) {
    this.round = of.round;
    this.peer = peer;
    this.incarnation = incarnation;
    this.resources = of.resources;
    this.ticket = of.ticket;
    this.patience = of.patience;
    this.maxHoldMs = of.maxHoldMs;
    this.lingers = of.lingers;
    this.value = of.value;
    this.token = of.token;
  }

  /** Spelled when it is first asked for: few entries are ever named to others. */
  get id(): RoundId {
    this.#id ??= roundId(this.peer, this.incarnation, this.round);
    return this.#id;
  }

  snapshot(now: TimeMs): EntrySnapshot {
    const { committedAt } = this;
    return {
      round: this.round,
      peer: this.peer,
      incarnation: this.incarnation,
      resources: this.resources,
      ticket: this.ticket,
      patience: this.patience,
      maxHoldMs: this.maxHoldMs,
      lingers: this.lingers,
      value: this.value,
      token: this.token,
      committedAt: committedAt === null ? null : timeMs(committedAt - now),
      generation: this.generation,
      inquired: this.inquired,
      refused: this.refused,
      contended: this.contended,
      revoked: this.revoked,
      said: this.said,
      saidAfter: this.saidAfter,
      saidFloor: this.saidFloor,
    };
  }

  static restore(saved: EntrySnapshot, now: TimeMs): Entry {
    const entry = new Entry(saved, saved);
    const { committedAt } = saved;
    entry.committedAt = committedAt === null ? null : later(committedAt, now);
    entry.generation = saved.generation;
    entry.inquired = saved.inquired;
    entry.refused = saved.refused;
    entry.contended = saved.contended;
    entry.revoked = saved.revoked;
    entry.said = saved.said;
    entry.saidAfter = saved.saidAfter;
    entry.saidFloor = saved.saidFloor;
    return entry;
  }
}

/** What a PREPARE says of a round for good, and its token. */
type EntryTerms = Pick<
  Prepare,
  'round' | 'resources' | 'ticket' | 'token' | 'patience' | 'maxHoldMs' | 'lingers' | 'value'
>;
