/**
 * Whom a voter tells who leads in which election (rule 8.7): whoever owns the committed entry with
 * a value, as far as it has heard.
 */

import { noStamp } from './clock.ts';
import type { Entry } from './entry.ts';
import type { Incarnation, PeerId, RoundNumber, Stamp } from './ids.ts';
import type { Leader } from './leading.ts';
import type { Sender } from './sessions.ts';
import { Table } from './table.ts';

/** Plain data. */
export interface ObserversSnapshot {
  /** The names that each peer observes, in the order asked. */
  readonly names: readonly (readonly [Sender, readonly string[]])[];
  /** The entries that lead. */
  readonly leading: readonly LeadingEntry[];
}

/** Which entry leads in an election. */
export interface LeadingEntry {
  readonly name: string;
  readonly peer: PeerId;
  readonly incarnation: Incarnation;
  readonly round: RoundNumber;
}

/** One peer, on its present link, and what it observes. */
interface Observer {
  readonly to: Sender;
  readonly names: Set<string>;
}

export class Observers {
  readonly #namesMax: number;
  readonly #post: (to: Sender, message: Leader) => void;
  readonly #observers = new Map<PeerId, Observer>();
  readonly #byName = new Table<string, Set<Observer>>();
  /** Of several in one election the one with the greatest token: the others' time is over. */
  readonly #leading = new Table<string, Entry>();

  constructor(namesMax: number, post: (to: Sender, message: Leader) => void) {
    this.#namesMax = namesMax;
    this.#post = post;
  }

  /** How many names are observed, by all peers together. */
  get size(): number {
    let size = 0;
    for (const { names } of this.#observers.values()) size += names.size;
    return size;
  }

  /** Answered at once; a peer that observes as many as it may is told nothing of another. */
  observe(from: Sender, name: string): void {
    const observer = this.#observerFor(from);
    if (!observer.names.has(name) && observer.names.size >= this.#namesMax) return;
    this.#add(observer, name);
    this.#post(from, wordOf(name, this.#leading.get(name)));
  }

  unobserve({ peer }: Sender, name: string): void {
    const observer = this.#observers.get(peer);
    if (observer?.names.delete(name)) this.#remove(observer, name);
  }

  /** The link to a peer is gone. */
  forget(peer: PeerId): void {
    const observer = this.#observers.get(peer);
    this.#observers.delete(peer);
    for (const name of observer?.names ?? []) if (observer) this.#remove(observer, name);
  }

  /** An entry has been committed. */
  rise(entry: Entry): void {
    if (entry.value === null) return;
    for (const { name } of entry.resources) {
      const other = this.#leading.get(name);
      if (other !== undefined && other.token > entry.token) continue;
      this.#leading.set(name, entry);
      this.#tell(name, wordOf(name, entry));
    }
  }

  /** An entry is gone: with `token` its owner has said that it ended, else that is not known. */
  fall(entry: Entry, token: Stamp | null): void {
    if (entry.value === null || entry.committedAt === null) return;
    for (const { name } of entry.resources) {
      if (this.#leading.get(name) !== entry) continue;
      this.#leading.delete(name);
      this.#tell(name, { type: 'leader', name, token: token ?? noStamp, leader: null });
    }
  }

  snapshot(): ObserversSnapshot {
    const names = [...this.#observers.values()].map((observer) => {
      return [observer.to, [...observer.names]] as const;
    });
    const leading = [...this.#leading].map(([name, { peer, incarnation, round }]) => {
      return { name, peer, incarnation, round };
    });
    return { names, leading };
  }

  /** Fills an empty one. */
  restore(
    { names, leading }: ObserversSnapshot,
    entryOf: (owner: Sender, round: RoundNumber) => Entry | undefined,
  ): void {
    for (const [to, observed] of names) {
      for (const name of observed) this.#add(this.#observerFor(to), name);
    }
    for (const { name, peer, incarnation, round } of leading) {
      const entry = entryOf({ peer, incarnation }, round);
      if (entry !== undefined) this.#leading.set(name, entry);
    }
  }

  #observerFor({ peer, incarnation }: Sender): Observer {
    const known = this.#observers.get(peer);
    if (known !== undefined) return known;
    const observer = { to: { peer, incarnation }, names: new Set<string>() };
    this.#observers.set(peer, observer);
    return observer;
  }

  #add(observer: Observer, name: string): void {
    observer.names.add(name);
    const others = this.#byName.get(name);
    if (others === undefined) this.#byName.set(name, new Set([observer]));
    else others.add(observer);
  }

  #remove(observer: Observer, name: string): void {
    const others = this.#byName.get(name);
    others?.delete(observer);
    if (others?.size === 0) this.#byName.delete(name);
  }

  #tell(name: string, message: Leader): void {
    for (const { to } of this.#byName.get(name) ?? []) this.#post(to, message);
  }
}

function wordOf(name: string, entry: Entry | undefined): Leader {
  const { peer, token, value } = entry ?? {};
  if (peer === undefined || token === undefined || typeof value !== 'string') {
    return { type: 'leader', name, token: noStamp, leader: null };
  }
  return { type: 'leader', name, token, leader: { peer, value } };
}
