/**
 * The sessions that a voter keeps: one lease for all that one incarnation of a coordinator asks of
 * it (rules 6.1, 6.3, 6.8), and the entries that hang on each. Time here is the monotonic clock's.
 *
 *     link-up ──▶ open ──▶ renewed by every frame ──▶ one lease of silence: expired
 *                  ▲ └── its link is gone: it goes on, and a new link finds it again
 */

import { assert } from './assert.ts';
import type { Entry } from './entry.ts';
import {
  type Incarnation,
  later,
  type PeerId,
  type RoundNumber,
  type SessionNumber,
  sessionNumber,
  type TimeMs,
  timeMs,
} from './ids.ts';
import { Table } from './table.ts';

/** Names one start of a peer. */
export interface Sender {
  readonly peer: PeerId;
  readonly incarnation: Incarnation;
}

interface Session extends Sender {
  readonly number: SessionNumber;
  /** When it expires, unless a frame comes before; Infinity for the voter's own peer. */
  expiresAt: TimeMs;
  readonly entries: Table<RoundNumber, Entry>;
}

/** Plain data: moments are relative to the time of the snapshot. */
export interface SessionsSnapshot {
  readonly lastNumber: number;
  readonly sessions: readonly (Sender & {
    readonly number: SessionNumber;
    readonly expiresInMs: number;
  })[];
}

export class Sessions {
  readonly #leaseMs: number;
  /** One for each incarnation; an older one's only waits for its expiry (rule 4.9). */
  readonly #sessions = new Map<PeerId, Session[]>();
  /** The one found last: messages of one sender come one after the other. */
  #found: Session | undefined;
  #lastNumber = 0;

  constructor(leaseMs: number) {
    this.#leaseMs = leaseMs;
  }

  get count(): number {
    return this.#all().length;
  }

  /** Opens a session, or renews the one there is, so that it does not end while its link stands. */
  open({ peer, incarnation }: Sender, expiresAt: TimeMs): SessionNumber {
    const known = this.#find(peer, incarnation);
    if (known !== undefined) {
      known.expiresAt = expiresAt;
      return known.number;
    }
    this.#lastNumber += 1;
    const number = sessionNumber(this.#lastNumber);
    this.#add({ peer, incarnation, number, expiresAt, entries: new Table() });
    return number;
  }

  /** A frame has come: the lease starts again (rule 6.3). */
  renew({ peer, incarnation }: Sender, now: TimeMs): void {
    const session = this.#find(peer, incarnation);
    if (session !== undefined) session.expiresAt = later(now, this.#leaseMs);
  }

  /** The entries that hang on a session. */
  entriesOf({ peer, incarnation }: Sender): Table<RoundNumber, Entry> {
    const session = this.#find(peer, incarnation);
    assert(session !== undefined, 'whoever is linked or keeps an entry has a session');
    return session.entries;
  }

  entryOf({ peer, incarnation }: Sender, round: RoundNumber): Entry | undefined {
    return this.#find(peer, incarnation)?.entries.get(round);
  }

  /** All of them, in no particular order. */
  *entries(): IterableIterator<Entry> {
    for (const { entries } of this.#all()) yield* entries.values();
  }

  /** When the first of them expires; Infinity when none will. */
  firstExpiry(): TimeMs {
    let at = timeMs(Number.POSITIVE_INFINITY);
    for (const { expiresAt } of this.#all()) if (expiresAt < at) at = expiresAt;
    return at;
  }

  /** Takes out those that have expired by now, and returns whose they were, with their entries. */
  takeExpired(now: TimeMs): { readonly senders: readonly Sender[]; readonly entries: Entry[] } {
    const expired = this.#all().filter(({ expiresAt }) => expiresAt <= now);
    this.#found = undefined;
    for (const { peer } of expired) {
      const left = (this.#sessions.get(peer) ?? []).filter(({ expiresAt }) => expiresAt > now);
      if (left.length === 0) this.#sessions.delete(peer);
      else this.#sessions.set(peer, left);
    }
    return { senders: expired, entries: expired.flatMap(({ entries }) => [...entries.values()]) };
  }

  snapshot(now: TimeMs): SessionsSnapshot {
    const sessions = this.#all().map(({ peer, incarnation, number, expiresAt }) => {
      return { peer, incarnation, number, expiresInMs: expiresAt - now };
    });
    return { lastNumber: this.#lastNumber, sessions };
  }

  /** Takes the place of what there was; the entries are hung on again by the voter. */
  restore(snapshot: SessionsSnapshot, now: TimeMs): void {
    this.#sessions.clear();
    this.#found = undefined;
    for (const { peer, incarnation, number, expiresInMs } of snapshot.sessions) {
      const expiresAt = later(now, expiresInMs);
      this.#add({ peer, incarnation, number, expiresAt, entries: new Table() });
    }
    this.#lastNumber = snapshot.lastNumber;
  }

  #all(): Session[] {
    const all: Session[] = [];
    for (const sessions of this.#sessions.values()) all.push(...sessions);
    return all;
  }

  #find(peer: PeerId, of: Incarnation): Session | undefined {
    const found = this.#found;
    if (found?.incarnation === of && found.peer === peer) return found;
    this.#found = this.#sessions.get(peer)?.find(({ incarnation }) => incarnation === of);
    return this.#found;
  }

  #add(session: Session): void {
    const others = this.#sessions.get(session.peer);
    if (others === undefined) this.#sessions.set(session.peer, [session]);
    else others.push(session);
  }
}
