/**
 * A voter as section 4 of docs/protocol.md says it, with a plain list and no haste: what each
 * entry's vote should be is worked out anew whenever one asks.
 */

import {
  conflicts,
  excludes,
  isBefore,
  isExclusive,
  sharedOnly,
} from '../../src/protocol/claim.ts';
import type { PeerId, RoundId, RoundNumber, Stamp } from '../../src/protocol/ids.ts';
import { stamp } from '../../src/protocol/ids.ts';
import type { Patience, Resource } from '../../src/protocol/message.ts';

export interface NaiveEntry {
  readonly id: RoundId;
  readonly peer: PeerId;
  readonly round: RoundNumber;
  resources: readonly Resource[];
  readonly ticket: Stamp;
  readonly patience: Patience;
  token: Stamp;
  committed: boolean;
  inquired: boolean;
}

/** How things stand for an entry. */
export type NaiveAnswer = { readonly type: 'queued' } | NaiveVote;

export interface NaiveVote {
  readonly type: 'vote';
  readonly after: readonly RoundId[];
  /** The least that its owner must reckon by what has ended. */
  readonly floorEnded: number;
  /** The floor that a vote has now at least, and at most. */
  readonly floorMin: number;
  readonly floorMax: number;
}

interface Ending {
  readonly resources: readonly Resource[];
  readonly token: Stamp;
  /** Those that stood ahead of it then: they need not be told (rule 4.6). */
  readonly untold: Set<NaiveEntry>;
  /** What goes on: of one that is shared from then on. */
  readonly left: readonly Resource[];
}

export class NaiveVoter {
  readonly lookAhead: number;
  /** Those that are ranked, and then the others by priority. */
  #ranked: NaiveEntry[] = [];
  #waiting: NaiveEntry[] = [];
  readonly #endings: Ending[] = [];

  constructor(lookAhead: number) {
    this.lookAhead = lookAhead;
  }

  get entries(): readonly NaiveEntry[] {
    return [...this.#ranked, ...this.#waiting];
  }

  /** Rule 4.1. */
  prepare(terms: Omit<NaiveEntry, 'committed' | 'inquired'>): void {
    this.#insert({ ...terms, committed: false, inquired: false });
  }

  /** Rule 4.4. */
  yield(entry: NaiveEntry): void {
    this.#take(entry);
    this.#insert(entry);
  }

  /** Rule 4.5. */
  commit(entry: NaiveEntry): void {
    entry.committed = true;
    if (!this.#ranked.includes(entry)) this.#rank(entry);
    this.#settle();
  }

  /** Rule 4.6; `token` is what it ended with, if it may have been held. */
  end(entry: NaiveEntry, token: Stamp | null): void {
    const { entries } = this;
    const untold = new Set(entries.slice(0, entries.indexOf(entry)));
    this.#take(entry);
    const { resources } = entry;
    if (token !== null) this.#endings.push({ resources, token, untold, left: [] });
    this.#settle();
  }

  /** Its owner is told all anew. */
  told(entry: NaiveEntry): void {
    for (const { untold } of this.#endings) untold.delete(entry);
  }

  /** Rules 4.2 and 4.7. */
  answerTo(entry: NaiveEntry): NaiveAnswer {
    const ahead = this.#aheadOf(entry);
    if (!this.#ranked.includes(entry) || ahead.length > this.lookAhead) return { type: 'queued' };
    const held = ahead.filter(({ committed }) => committed).map(({ token }) => token);
    const endings = this.#endings.filter(({ resources }) => bounds(resources, entry.resources));
    // Who still waits for one that is shared now is to be told at its end.
    const told = endings.filter(({ untold, left }) => {
      return !untold.has(entry) && !conflicts(left, entry.resources);
    });
    const greatest = (from: readonly Ending[]): number =>
      Math.max(stamp(0), ...from.map(({ token }) => token));
    return {
      type: 'vote',
      after: ahead.map(({ id }) => id),
      floorEnded: greatest(told),
      floorMin: Math.max(greatest(told), ...held),
      floorMax: Math.max(greatest(endings), ...held),
    };
  }

  /** Rule 8.9: it stays where it is, and those that come to share it exceed its token. */
  share(entry: NaiveEntry): void {
    const { entries } = this;
    const untold = new Set(entries.slice(0, entries.indexOf(entry)));
    const resources = entry.resources.filter(isExclusive);
    if (resources.length === 0) return;
    entry.resources = sharedOnly(entry.resources);
    this.#endings.push({ resources, token: entry.token, untold, left: entry.resources });
    this.#settle();
  }

  /** Rule 8.8: whether it is held, and one that steals waits for it with a greater token. */
  isStolen(entry: NaiveEntry): boolean {
    const { entries } = this;
    if (!entry.committed) return false;
    const behind = entries.slice(entries.indexOf(entry) + 1);
    return behind.some(({ committed, patience, resources, token }) => {
      if (patience !== 'steal' || committed || token <= entry.token) return false;
      return conflicts(resources, entry.resources);
    });
  }

  #insert(entry: NaiveEntry): void {
    entry.inquired = false;
    this.told(entry);
    this.#waiting.push(entry);
    this.#waiting.sort((one, other) => (goesBefore(one, other) ? -1 : 1));
    // Rule 4.3: whoever stands undecided ahead of one that goes before it is asked.
    for (const other of this.#ranked) {
      if (other.committed || !conflicts(other.resources, entry.resources)) continue;
      if (isBefore(entry, other)) other.inquired = true;
    }
    this.#settle();
  }

  #take(entry: NaiveEntry): void {
    this.#ranked = this.#ranked.filter((other) => other !== entry);
    this.#waiting = this.#waiting.filter((other) => other !== entry);
  }

  #rank(entry: NaiveEntry): void {
    this.#take(entry);
    this.#ranked.push(entry);
  }

  /** Rule 4.2: whoever has its turn is voted for, and so ranked. */
  #settle(): void {
    const next = this.#waiting.find((entry) => {
      const ahead = this.#aheadOf(entry);
      const makesWay = ahead.some(
        (other) => other.inquired && !other.committed && isBefore(other, entry),
      );
      if (makesWay || ahead.length > this.lookAhead) return false;
      return ahead.every((other) => this.#ranked.includes(other));
    });
    if (next === undefined) return;
    this.#rank(next);
    this.#settle();
  }

  #aheadOf(entry: NaiveEntry): readonly NaiveEntry[] {
    const { entries } = this;
    const ahead = entries.slice(0, entries.indexOf(entry));
    return ahead.filter((other) => conflicts(other.resources, entry.resources));
  }
}

/** By priority, and of one peer's in the order of its rounds. */
function goesBefore(one: NaiveEntry, other: NaiveEntry): boolean {
  const isTied = !isBefore(one, other) && !isBefore(other, one);
  return isTied ? one.round < other.round : isBefore(one, other);
}

/** Whether the token of a round that ended on `ended` bounds one on `resources`. */
function bounds(ended: readonly Resource[], resources: readonly Resource[]): boolean {
  return ended.some((left) =>
    resources.some((right) => left.name === right.name && excludes(left, right)),
  );
}
