/**
 * What a voter keeps, told from what it has heard and said: sections 4 and 6 of docs/protocol.md
 * read once more, as naively as possible. Its own peer's rounds are not among it: nothing of those
 * is to be heard.
 *
 * Only entries that were voted for have a known place: greater generations stand further behind,
 * since an entry gets a new one whenever it is put at the end (rules 4.1, 4.4); but for those
 * recorded in recovery, which are laid out anew when it ends (rule 7.2).
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
  type TimeMs,
} from '../../protocol/ids.ts';
import type { Live, Prepare, Refuse, Resource, Vote, Yield } from '../../protocol/message.ts';

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
  readonly maxHoldMs: number;
  committedAt: TimeMs | null;
  /** Of the latest vote; 0 before the first, and after it was given back. */
  generation: Generation;
  /** Votes up to this generation have been given back. */
  returned: Generation;
  /** What that vote was said to come after. */
  after: readonly RoundId[];
  isOfRecovery: boolean;
}

const unvoted = generation(0);

export class EntriesKept {
  /** How many entries were ended since LIVE did not name them. */
  endedByLive = 0;
  readonly #leaseMs: number;
  readonly #sessions = new Set<KeptSession>();
  /** Those voted for, by the names that they are on. */
  readonly #voted = new Map<string, Set<KeptEntry>>();
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
      for (const entry of session.entries.values()) this.#forgetVote(entry);
      expired.push(session);
    }
    return expired;
  }

  prepare(session: KeptSession, message: Prepare, at: { now: TimeMs; recovers: boolean }): void {
    const { round, resources, maxHoldMs, committed } = message;
    let entry = session.entries.get(round);
    if (entry === undefined) {
      const id = roundId(session.peer, session.incarnation, round);
      const isOfRecovery = at.recovers;
      const place = { generation: unvoted, returned: unvoted, after: [], isOfRecovery };
      entry = { id, resources, maxHoldMs, committedAt: null, ...place };
      session.entries.set(round, entry);
    }
    if (committed) entry.committedAt ??= at.now;
  }

  commit(session: KeptSession, round: RoundNumber, now: TimeMs): void {
    const entry = session.entries.get(round);
    if (entry !== undefined) entry.committedAt ??= now;
  }

  end(session: KeptSession, round: RoundNumber): void {
    const entry = session.entries.get(round);
    if (entry === undefined) return;
    session.entries.delete(round);
    this.#forgetVote(entry);
  }

  live(session: KeptSession, { first, last, rounds }: Live): void {
    const live = new Set(rounds);
    for (const round of [...session.entries.keys()]) {
      if (round < first || round > last || live.has(round)) continue;
      this.end(session, round);
      this.endedByLive += 1;
    }
  }

  giveBack(session: KeptSession, { round, generation: given }: Yield): void {
    const entry = session.entries.get(round);
    if (entry === undefined || entry.generation > given) return;
    this.#forgetVote(entry);
    entry.returned = given;
    entry.isOfRecovery = false;
  }

  /** The voter has refused: it keeps no entry that it has not voted for. */
  refuse(session: KeptSession, { round }: Refuse): void {
    if (session.entries.get(round)?.generation === unvoted) session.entries.delete(round);
  }

  /**
   * The voter has voted.
   *
   * @returns the entry as it was before; `null` when this vote was given back before it has left
   */
  vote(entry: KeptEntry, { generation: given, after }: Vote): KeptEntry | null {
    if (given <= entry.returned) return null;
    const before = { ...entry };
    entry.generation = given;
    entry.after = after;
    if (before.generation === unvoted)
      for (const { name } of entry.resources) this.#add(name, entry);
    return before;
  }

  /**
   * The entries that certainly stand ahead of one that was voted for, and conflict with it: voted
   * for before it got its place, not given back, and not ended by anything that was heard.
   */
  aheadOf(entry: KeptEntry, now: TimeMs): readonly KeptEntry[] {
    const ahead: KeptEntry[] = [];
    for (const resource of entry.resources) {
      for (const other of this.#voted.get(resource.name) ?? []) {
        if (other.generation >= entry.generation) continue;
        if (other.isOfRecovery && entry.isOfRecovery) continue;
        const same = other.resources.find(({ name }) => name === resource.name);
        if (same === undefined || !excludes(same, resource) || mayBeOver(other, now)) continue;
        ahead.push(other);
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

  #add(name: string, entry: KeptEntry): void {
    const on = this.#voted.get(name);
    if (on === undefined) this.#voted.set(name, new Set([entry]));
    else on.add(entry);
  }

  #forgetVote(entry: KeptEntry): void {
    if (entry.generation === unvoted) return;
    entry.generation = unvoted;
    entry.after = [];
    for (const { name } of entry.resources) {
      const on = this.#voted.get(name);
      on?.delete(entry);
      if (on?.size === 0) this.#voted.delete(name);
    }
  }
}

const none: readonly KeptSession[] = Object.freeze([]);

/** Whether it may have been held for as long as it may (rule 6.6). */
function mayBeOver({ committedAt, maxHoldMs }: KeptEntry, now: TimeMs): boolean {
  return committedAt !== null && now - committedAt >= maxHoldMs;
}
