/**
 * What a voter keeps, told from what it has heard and said: sections 4 and 6 of docs/protocol.md
 * read once more, as naively as possible. Its own peer's rounds are not among it: nothing of those
 * is to be heard.
 *
 * The place of an entry is known from its vote: greater generations stand further behind (rules 4.2
 * and 4.4). Those committed in recovery stand ahead of all others (rule 7.2).
 */

import { isExclusive } from '../../protocol/claim.ts';
import { type Incarnation, type PeerId, roundId, stamp, type TimeMs } from '../../protocol/ids.ts';
import type {
  Abort,
  Commit,
  Live,
  Mode,
  Prepare,
  Queued,
  Refuse,
  Release,
  Vote,
  Yield,
} from '../../protocol/message.ts';
import { EndedTokens } from './ended-tokens.ts';
import {
  isAhead,
  type KeptEntry,
  type KeptSession,
  mayBeOver,
  unvoted,
  type VoteBefore,
} from './kept-entry.ts';
import { LaterMax } from './later-max.ts';

const noFloor = stamp(0);
const none: readonly never[] = Object.freeze([]);

/** What stands in the way of a shared claim, and of an exclusive one. */
const exclusiveOnly: readonly Mode[] = Object.freeze(['exclusive']);
const anyMode: readonly Mode[] = Object.freeze(['exclusive', 'shared']);

export class EntriesKept {
  readonly ended: EndedTokens = new EndedTokens();
  /** How many entries were ended since LIVE did not name them. */
  endedByLive = 0;
  readonly #leaseMs: number;
  readonly #sessions = new Set<KeptSession>();
  /** Those whose place is known, by the names that they are on, and how. */
  readonly #placed: { readonly [Of in Mode]: Map<string, Set<KeptEntry>> } = {
    exclusive: new Map(),
    shared: new Map(),
  };
  /** All that are kept, by the names that they are on. */
  readonly #byName = new Map<string, Set<KeptEntry>>();
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

  prepare(session: KeptSession, message: Prepare, now: TimeMs): void {
    const { round, resources, maxHoldMs, patience, ticket, token, committed } = message;
    let entry = session.entries.get(round);
    if (entry === undefined) {
      entry = {
        id: roundId(session.peer, session.incarnation, round),
        resources,
        maxHoldMs,
        patience,
        ticket,
        token: new LaterMax(),
        isSure: false,
        generation: unvoted,
        returned: unvoted,
        after: none,
        floor: noFloor,
        committedAt: null,
        isFirst: false,
      };
      session.entries.set(round, entry);
      for (const { name } of resources) addTo(this.#byName, name, entry);
    }
    entry.token.raise(token, now);
    if (committed) entry.committedAt ??= now;
    const isShared = !resources.some(isExclusive) && entry.resources.some(isExclusive);
    if (committed && isShared) this.#share(entry, resources, now);
  }

  /** Those that come to share what it has must exceed its token (rule 8.9). */
  #share(entry: KeptEntry, resources: Prepare['resources'], now: TimeMs): void {
    const isPlaced = entry.generation !== unvoted || entry.isFirst;
    const own = entry.resources.filter(isExclusive);
    if (isPlaced || entry.isSure) this.ended.raise(own, entry.token.greatest, now);
    for (const { name, mode } of entry.resources) removeFrom(this.#placed[mode], name, entry);
    entry.resources = resources;
    if (isPlaced) this.#place(entry);
  }

  /** Recovery is over: what was committed at this very moment may be so since then. */
  recovered(now: TimeMs): void {
    for (const { entries } of this.#sessions) {
      for (const entry of entries.values()) {
        if (entry.committedAt === null || entry.committedAt >= now) continue;
        entry.isFirst = true;
        this.#place(entry);
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
  }

  /** The voter has recorded it. */
  queue(session: KeptSession, { round }: Queued): void {
    const entry = session.entries.get(round);
    if (entry !== undefined) entry.isSure = true;
  }

  /** The voter has refused: it keeps no entry that it has not voted for. */
  refuse(session: KeptSession, { round }: Refuse): void {
    const entry = session.entries.get(round);
    if (entry?.generation !== unvoted) return;
    session.entries.delete(round);
    this.#forget(entry);
  }

  /** All that are kept, or those on a name. */
  *seenOn(name: string | null): IterableIterator<KeptEntry> {
    if (name !== null) yield* this.on(name);
    else for (const { entries } of this.#sessions) yield* entries.values();
  }

  /** All that are kept on a name. */
  on(name: string): Iterable<KeptEntry> {
    return this.#byName.get(name) ?? none;
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
    for (const { name, mode } of entry.resources) {
      for (const of of mode === 'shared' ? exclusiveOnly : anyMode) {
        for (const other of this.#placed[of].get(name) ?? none) {
          if (other === entry || !isAhead(other, entry) || mayBeOver(other, now)) continue;
          ahead.push(other);
        }
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

  /** All that are kept. */
  *all(): IterableIterator<KeptEntry> {
    for (const { entries } of this.#sessions) yield* entries.values();
  }

  /** How many entries were voted for. */
  votedCount(): number {
    let count = 0;
    for (const { generation: of } of this.all()) if (of !== unvoted) count += 1;
    return count;
  }

  committedCount(): number {
    let count = 0;
    for (const { committedAt } of this.all()) if (committedAt !== null) count += 1;
    return count;
  }

  /** An entry has gone: its token, or the one that it ended with, stays; `null`: none does. */
  #remove(entry: KeptEntry, token: number | null, now: TimeMs): void {
    const isKept = entry.generation !== unvoted || (entry.isSure && entry.patience !== 'try');
    if (token !== null && isKept && !mayBeOver(entry, now)) {
      this.ended.raise(entry.resources, Math.max(token, entry.token.greatest), now);
    }
    this.#displace(entry);
    this.#forget(entry);
  }

  #forget(entry: KeptEntry): void {
    for (const { name } of entry.resources) removeFrom(this.#byName, name, entry);
  }

  #place(entry: KeptEntry): void {
    for (const { name, mode } of entry.resources) addTo(this.#placed[mode], name, entry);
  }

  #displace(entry: KeptEntry): void {
    entry.generation = unvoted;
    entry.after = none;
    for (const { name, mode } of entry.resources) removeFrom(this.#placed[mode], name, entry);
  }
}

function addTo(index: Map<string, Set<KeptEntry>>, name: string, entry: KeptEntry): void {
  const on = index.get(name);
  if (on === undefined) index.set(name, new Set([entry]));
  else on.add(entry);
}

function removeFrom(index: Map<string, Set<KeptEntry>>, name: string, entry: KeptEntry): void {
  const on = index.get(name);
  on?.delete(entry);
  if (on?.size === 0) index.delete(name);
}
