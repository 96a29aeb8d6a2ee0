/**
 * A voter as section 4 of docs/protocol.md says it, with a plain list and no haste: what each
 * entry's vote should be is worked out anew whenever one asks.
 */

import { conflicts, excludes, isBefore } from '../../src/protocol/claim.ts';
import type { PeerId, RoundId, RoundNumber, Stamp } from '../../src/protocol/ids.ts';
import { stamp } from '../../src/protocol/ids.ts';
import type { Resource } from '../../src/protocol/message.ts';

export interface NaiveEntry {
  readonly id: RoundId;
  readonly peer: PeerId;
  readonly round: RoundNumber;
  readonly resources: readonly Resource[];
  readonly ticket: Stamp;
  token: Stamp;
  committed: boolean;
  inquired: boolean;
  /** Counts its yields: a generation without the voter's own numbering. */
  yields: number;
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
}

export class NaiveVoter {
  readonly lookAhead: number;
  entries: NaiveEntry[] = [];
  readonly #endings: Ending[] = [];

  constructor(lookAhead: number) {
    this.lookAhead = lookAhead;
  }

  /** Rule 4.1. */
  prepare(entry: Omit<NaiveEntry, 'committed' | 'inquired' | 'yields'>): void {
    this.entries.push({ ...entry, committed: false, inquired: false, yields: 0 });
    this.#inquire();
  }

  /** Rule 4.4. */
  yield(entry: NaiveEntry): void {
    this.entries = [...this.entries.filter((other) => other !== entry), entry];
    entry.inquired = false;
    entry.yields += 1;
    this.told(entry);
    this.#inquire();
  }

  /** Rule 4.6; `token` is what it ended with, if it may have been held. */
  end(entry: NaiveEntry, token: Stamp | null): void {
    const untold = new Set(this.entries.slice(0, this.entries.indexOf(entry)));
    this.entries = this.entries.filter((other) => other !== entry);
    if (token !== null) this.#endings.push({ resources: entry.resources, token, untold });
  }

  /** Its owner is told all anew. */
  told(entry: NaiveEntry): void {
    for (const { untold } of this.#endings) untold.delete(entry);
  }

  /** Rules 4.2 and 4.7. */
  answerTo(entry: NaiveEntry): NaiveAnswer {
    const ahead = this.entries
      .slice(0, this.entries.indexOf(entry))
      .filter((other) => conflicts(other.resources, entry.resources));
    if (ahead.length > this.lookAhead) return { type: 'queued' };
    const held = ahead.filter(({ committed }) => committed).map(({ token }) => token);
    const endings = this.#endings.filter(({ resources }) => bounds(resources, entry.resources));
    const told = endings.filter(({ untold }) => !untold.has(entry));
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

  /** Rule 4.3: whoever stands undecided ahead of one that goes before it has been asked. */
  #inquire(): void {
    for (const [index, entry] of this.entries.entries()) {
      if (entry.committed) continue;
      const isInverted = this.entries
        .slice(index + 1)
        .some((x) => conflicts(x.resources, entry.resources) && isBefore(x, entry));
      if (isInverted) entry.inquired = true;
    }
  }
}

/** Whether the token of a round that ended on `ended` bounds one on `resources`. */
function bounds(ended: readonly Resource[], resources: readonly Resource[]): boolean {
  return ended.some((left) =>
    resources.some((right) => left.name === right.name && excludes(left, right)),
  );
}
