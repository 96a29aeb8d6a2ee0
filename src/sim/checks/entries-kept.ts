/**
 * What a voter keeps, told from what it has heard and said: sections 4 and 6 of docs/protocol.md
 * read once more, as naively as possible. Its own peer's rounds are not among it: nothing of those
 * is to be heard.
 *
 * The place of an entry is known from its vote: greater generations stand further behind, since an
 * entry gets a new one whenever it is put at the end (rules 4.1, 4.4). Those recorded in recovery
 * are laid out anew when it ends, the committed ones first (rule 7.2).
 */

import { excludes } from '../../protocol/claim.ts';
import {
  type Generation,
  generation,
  type Incarnation,
  type PeerId,
  type RoundId,
  type RoundNumber,
  roundId,
  type Stamp,
  stamp,
  type TimeMs,
} from '../../protocol/ids.ts';
import type {
  Abort,
  Commit,
  Live,
  Prepare,
  Queued,
  Refuse,
  Release,
  Resource,
  Vote,
  Yield,
} from '../../protocol/message.ts';
import { EndedTokens } from './ended-tokens.ts';
import { LaterMax } from './later-max.ts';

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
  readonly resources: readonly Resource[];
  readonly patience: 'wait' | 'try';
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
  /** Where recovery has put it; `null` for an entry that got its place later. */
  rank: Rank | null;
}

/** What the vote before was. */
export interface VoteBefore {
  readonly generation: Generation;
  readonly after: readonly RoundId[];
}

/** Committed ones are put first (rule 7.2); of some the end of recovery is too near to tell. */
type Rank = 'unsettled' | 'unknown' | 'first' | 'second';

const unvoted = generation(0);
const noFloor = stamp(0);
const none: readonly never[] = Object.freeze([]);

export class EntriesKept {
  readonly ended: EndedTokens = new EndedTokens();
  /** How many entries were ended since LIVE did not name them. */
  endedByLive = 0;
  readonly #leaseMs: number;
  readonly #sessions = new Set<KeptSession>();
  /** Those whose place is known, by the names that they are on. */
  readonly #placed = new Map<string, Set<KeptEntry>>();
  /** No session expires before this moment: a renewal leaves it, the next look mends it. */
  #expiryAt = Number.POSITIVE_INFINITY;

  constructor(leaseMs: number) {
    this.#leaseMs = leaseMs;
  }

  /** Opens a session, or renews the one there is. */
  link(peer: PeerId, incarnation: Incarnation, now: TimeMs): KeptSession {
    const expiresAt = now + this.#leaseMs;
    if (expiresAt < this.#expiryAt) this.#expiryAt = expiresAt;
    for (const session of this.#sessions) {
      if (session.peer !== peer || session.incarnation !== incarnation) continue;
      session.expiresAt = expiresAt;
      return session;
    }
    const session = { peer, incarnation, expiresAt, entries: new Map() };
    this.#sessions.add(session);
    return session;
  }

  /** A frame has come. */
  renew(session: KeptSession, now: TimeMs): void {
    session.expiresAt = now + this.#leaseMs;
  }

  /** Ends what has expired by now. @returns the sessions that have, with their entries */
  expire(now: TimeMs): readonly KeptSession[] {
    if (now < this.#expiryAt) return none;
    const expired: KeptSession[] = [];
    this.#expiryAt = Number.POSITIVE_INFINITY;
    for (const session of this.#sessions) {
      if (session.expiresAt > now) {
        this.#expiryAt = Math.min(this.#expiryAt, session.expiresAt);
        continue;
      }
      this.#sessions.delete(session);
      for (const entry of session.entries.values()) this.#remove(entry, 0, now);
      expired.push(session);
    }
    return expired;
  }

  prepare(session: KeptSession, message: Prepare, at: { now: TimeMs; recovers: boolean }): void {
    const { round, resources, maxHoldMs, patience, token, committed } = message;
    let entry = session.entries.get(round);
    if (entry === undefined) {
      entry = {
        id: roundId(session.peer, session.incarnation, round),
        resources,
        maxHoldMs,
        patience,
        token: new LaterMax(),
        isSure: false,
        generation: unvoted,
        returned: unvoted,
        after: none,
        floor: noFloor,
        committedAt: null,
        rank: at.recovers ? 'unsettled' : null,
      };
      session.entries.set(round, entry);
    }
    entry.token.raise(token, at.now);
    if (committed) entry.committedAt ??= at.now;
  }

  /** Recovery is over: what was committed at this very moment may be so since then. */
  recovered(now: TimeMs): void {
    for (const { entries } of this.#sessions) {
      for (const entry of entries.values()) {
        if (entry.rank === null) continue;
        const { committedAt } = entry;
        entry.rank = committedAt === null ? 'second' : committedAt < now ? 'first' : 'unknown';
        if (entry.rank === 'first') this.#place(entry);
      }
    }
  }

  commit(session: KeptSession, { round, token }: Commit, now: TimeMs): void {
    const entry = session.entries.get(round);
    if (entry === undefined) return;
    entry.token.raise(token, now);
    entry.committedAt ??= now;
  }

  end(session: KeptSession, message: Release | Abort, now: TimeMs): void {
    const entry = session.entries.get(message.round);
    if (entry === undefined) return;
    session.entries.delete(message.round);
    this.#remove(entry, message.type === 'release' ? message.token : null, now);
  }

  live(session: KeptSession, { first, last, rounds }: Live, now: TimeMs): void {
    const live = new Set(rounds);
    for (const [round, entry] of [...session.entries]) {
      if (round < first || round > last || live.has(round)) continue;
      session.entries.delete(round);
      this.#remove(entry, 0, now);
      this.endedByLive += 1;
    }
  }

  giveBack(session: KeptSession, { round, generation: given }: Yield): void {
    const entry = session.entries.get(round);
    if (entry === undefined || entry.generation > given) return;
    this.#displace(entry);
    entry.returned = given;
    entry.rank = null;
  }

  /** The voter has recorded it. */
  queue(session: KeptSession, { round }: Queued): void {
    const entry = session.entries.get(round);
    if (entry !== undefined) entry.isSure = true;
  }

  /** The voter has refused: it keeps no entry that it has not voted for. */
  refuse(session: KeptSession, { round }: Refuse): void {
    if (session.entries.get(round)?.generation === unvoted) session.entries.delete(round);
  }

  /**
   * The voter has voted.
   *
   * @returns the vote before; `null` when this one was given back before it has left
   */
  vote(entry: KeptEntry, { generation: given, after, floor }: Vote): VoteBefore | null {
    if (given <= entry.returned) return null;
    const before = { generation: entry.generation, after: entry.after };
    entry.generation = given;
    entry.after = after;
    entry.floor = floor;
    entry.isSure = true;
    this.#place(entry);
    return before;
  }

  /**
   * The entries that certainly stand ahead of one that was voted for, and conflict with it: put
   * there before it, not given back, and not ended by anything that was heard.
   */
  aheadOf(entry: KeptEntry, now: TimeMs): readonly KeptEntry[] {
    const ahead: KeptEntry[] = [];
    for (const resource of entry.resources) {
      for (const other of this.#placed.get(resource.name) ?? []) {
        if (other === entry || !isAhead(other, entry) || mayBeOver(other, now)) continue;
        const same = other.resources.find(({ name }) => name === resource.name);
        if (same !== undefined && excludes(same, resource)) ahead.push(other);
      }
    }
    return ahead;
  }

  /** Whether entries are kept for an older incarnation of the owner of a session (rule 4.9). */
  hasOlder({ peer, incarnation }: KeptSession): boolean {
    for (const other of this.#sessions) {
      if (other.peer !== peer || other.incarnation >= incarnation) continue;
      if (other.entries.size > 0) return true;
    }
    return false;
  }

  /** How many entries were voted for. */
  votedCount(): number {
    let count = 0;
    for (const { entries } of this.#sessions) {
      for (const { generation: of } of entries.values()) if (of !== unvoted) count += 1;
    }
    return count;
  }

  committedCount(): number {
    let count = 0;
    for (const { entries } of this.#sessions) {
      for (const { committedAt } of entries.values()) if (committedAt !== null) count += 1;
    }
    return count;
  }

  /** An entry has gone: its token, or the one that it ended with, stays; `null`: none does. */
  #remove(entry: KeptEntry, token: number | null, now: TimeMs): void {
    const isKept = entry.generation !== unvoted || (entry.isSure && entry.patience === 'wait');
    if (token !== null && isKept && !mayBeOver(entry, now)) {
      this.ended.raise(entry.resources, Math.max(token, entry.token.greatest), now);
    }
    this.#displace(entry);
  }

  #place(entry: KeptEntry): void {
    for (const { name } of entry.resources) {
      const on = this.#placed.get(name);
      if (on === undefined) this.#placed.set(name, new Set([entry]));
      else on.add(entry);
    }
  }

  #displace(entry: KeptEntry): void {
    entry.generation = unvoted;
    entry.after = none;
    for (const { name } of entry.resources) {
      const on = this.#placed.get(name);
      on?.delete(entry);
      if (on?.size === 0) this.#placed.delete(name);
    }
  }
}

/** Whether it may have been held for as long as it may (rule 6.6). */
function mayBeOver({ committedAt, maxHoldMs }: KeptEntry, now: TimeMs): boolean {
  return committedAt !== null && now - committedAt >= maxHoldMs;
}

/** Of two whose places are known. */
function isAhead(other: KeptEntry, entry: KeptEntry): boolean {
  const isVotedBefore = other.generation !== unvoted && other.generation < entry.generation;
  if (other.rank === null) return isVotedBefore;
  if (entry.rank === null) return true;
  if (other.rank === entry.rank) return other.rank !== 'unknown' && isVotedBefore;
  return other.rank === 'first' && entry.rank === 'second';
}
