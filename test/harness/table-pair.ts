/**
 * A voter's queues next to a plain list of what they hold and what has ended.
 */

import fc from 'fast-check';
import { expect } from 'vitest';
import { conflicts, isBefore, isExclusive } from '../../src/protocol/claim.ts';
import type { EndedFloors } from '../../src/protocol/ended-floors.ts';
import { Entry } from '../../src/protocol/entry.ts';
import {
  generation,
  incarnation,
  peerId,
  roundNumber,
  type Stamp,
  stamp,
  type TimeMs,
  timeMs,
} from '../../src/protocol/ids.ts';
import type { Mode, Resource } from '../../src/protocol/message.ts';
import { QueueTable } from '../../src/protocol/queue-table.ts';

const names = ['v', 'w', 'x', 'y', 'z'];
export const now: TimeMs = timeMs(1);

const resourcesOf = (maxLength: number): fc.Arbitrary<Resource[]> =>
  fc.uniqueArray(
    fc.record({
      name: fc.constantFrom(...names.slice(0, maxLength + 1)),
      mode: fc.constantFrom<Mode>('exclusive', 'shared'),
    }),
    { minLength: 1, maxLength, selector: ({ name }) => name },
  );

const ticket = fc.integer({ min: 1, max: 50 });

/** Add an entry; commit, rank, unrank or share the one at a place, or take it out, held or not. */
type Step = Add | End | Change;

interface Add {
  readonly type: 'add';
  readonly resources: Resource[];
  readonly ticket: number;
}

interface End {
  readonly type: 'end';
  readonly place: number;
  readonly held: boolean;
}

interface Change {
  readonly type: 'commit' | 'rank' | 'unrank' | 'share';
  readonly place: number;
}

const place = fc.nat(100);
const addOf = (most: number): fc.Arbitrary<Add> =>
  fc.record({ type: fc.constant('add' as const), resources: resourcesOf(most), ticket });
const end = fc.record({ type: fc.constant('end' as const), place, held: fc.boolean() });
const change = fc.record({ type: fc.constantFrom('commit', 'rank', 'unrank', 'share'), place });

const stepsOf = (most: number): fc.Arbitrary<Step[]> =>
  fc.array(fc.oneof(addOf(most), end, change), { minLength: 10, maxLength: 60 });

/** Of entries that stand on one resource each, or on up to five. */
export const anySteps: fc.Arbitrary<Step[]> = fc.oneof(
  { weight: 1, arbitrary: stepsOf(1) },
  { weight: 3, arbitrary: stepsOf(names.length) },
);

interface Ended {
  readonly resources: readonly Resource[];
  readonly token: Stamp;
}

export function entryOf(number: number, resources: readonly Resource[], of: number): Entry {
  const origin = { peer: peerId('b'), incarnation: incarnation(1 + (number % 2)) };
  const stamps = { ticket: stamp(of), token: stamp(of) };
  const maxHoldMs = Number.POSITIVE_INFINITY;
  const round = roundNumber(number);
  return new Entry(origin, {
    round,
    resources,
    patience: 'wait',
    maxHoldMs,
    lingers: false,
    value: null,
    ...stamps,
  });
}

/** A table next to a plain list of what it holds and what has ended. */
export class TablePair {
  readonly table: QueueTable;
  readonly lookAhead: number;
  /** Those that are ranked, in this order; the others stand behind them by priority. */
  ranked: Entry[] = [];
  waiting: Entry[] = [];
  readonly ended: Ended[] = [];
  /** How much had ended when each entry was made. */
  readonly endedBefore: Map<Entry, number> = new Map();
  readonly asked: Set<Entry> = new Set();
  #count = 0;
  #rank = 0;

  constructor(idleResourcesMax: number = 1_000, lookAhead: number = 2) {
    this.table = new QueueTable({ idleResourcesMax, lookAhead });
    this.lookAhead = lookAhead;
  }

  take(step: Step): void {
    if (step.type === 'add') {
      this.#count += 1;
      const entry = entryOf(this.#count, step.resources, step.ticket);
      this.endedBefore.set(entry, this.ended.length);
      this.table.add(entry);
      this.#wait(entry);
      return;
    }
    const { list } = this;
    const entry = list[step.place % Math.max(1, list.length)];
    if (entry !== undefined) this.#change(entry, step);
  }

  get list(): readonly Entry[] {
    return [...this.ranked, ...this.waiting];
  }

  #change(entry: Entry, step: End | Change): void {
    const before = this.list;
    const isRanked = this.ranked.includes(entry);
    if (step.type === 'rank' && !isRanked) this.#rankNow(entry);
    if (step.type === 'commit') {
      entry.committedAt = now;
      if (isRanked) this.table.dropAskable(entry);
      else this.#rankNow(entry);
      this.#checkBehind(entry, this.table.behind(entry), this.list);
    }
    if (step.type === 'unrank' && isRanked && entry.committedAt === null) {
      this.#take(entry);
      this.#checkBehind(entry, this.table.unrank(entry), before);
      this.asked.delete(entry);
      this.#wait(entry);
    }
    if (step.type === 'share' && entry.committedAt !== null) this.#share(entry);
    if (step.type !== 'end') return;
    this.#take(entry);
    const behind = this.table.remove(entry, step.held ? entry.token : null);
    checkLeft(entry);
    if (step.held) this.ended.push(entry);
    this.#checkBehind(entry, behind, before);
  }

  /** It conflicts with fewer; those are found that it kept waiting before. */
  #share(entry: Entry): void {
    const resources = entry.resources.filter(isExclusive);
    const behind = this.table.share(entry);
    this.ended.push({ resources, token: entry.token });
    this.#checkFound(resources, behind, this.list.slice(this.list.indexOf(entry) + 1));
  }

  #take(entry: Entry): void {
    this.ranked = this.ranked.filter((other) => other !== entry);
    this.waiting = this.waiting.filter((other) => other !== entry);
  }

  #rankNow(entry: Entry): void {
    this.#take(entry);
    this.ranked.push(entry);
    this.#rank += 1;
    this.table.rank(entry, generation(this.#rank));
  }

  /** One is not ranked: those ahead that should be behind it are found, once in their place. */
  #wait(entry: Entry): void {
    const inverted = this.ranked.filter((other) => {
      const isOpen = other.committedAt === null && !this.asked.has(other);
      return isOpen && conflicts(other.resources, entry.resources) && isBefore(entry, other);
    });
    expect(this.table.takeInverted(entry)).toEqual(inverted);
    for (const other of inverted) {
      other.inquired = true;
      this.asked.add(other);
    }
    this.waiting.push(entry);
    this.waiting.sort(byPriority);
  }

  /** All that conflict with it and may be voted for, and no other that does not. */
  #checkBehind(entry: Entry, behind: readonly Entry[], before: readonly Entry[]): void {
    this.#checkFound(entry.resources, behind, before.slice(before.indexOf(entry) + 1));
  }

  #checkFound(
    resources: readonly Resource[],
    behind: readonly Entry[],
    others: readonly Entry[],
  ): void {
    const rivals = others.filter((other) => conflicts(other.resources, resources));
    expect(rivals.filter((other) => behind.includes(other))).toEqual(behind);
    for (const other of rivals) if (this.#mayBeVotedFor(other)) expect(behind).toContain(other);
  }

  #mayBeVotedFor(entry: Entry): boolean {
    return this.ahead(entry).length <= this.lookAhead && !this.isBlocked(entry);
  }

  isBlocked(entry: Entry): boolean {
    return this.ahead(entry).some((other) => this.waiting.includes(other));
  }

  ahead(entry: Entry): Entry[] {
    const { list } = this;
    return list
      .slice(0, list.indexOf(entry))
      .filter((other) => conflicts(other.resources, entry.resources));
  }

  waitsForHeld(entry: Entry): boolean {
    const isHeld = ({ committedAt }: Entry): boolean => committedAt !== null;
    return this.ahead(entry).some((other) => isHeld(other) || this.waitsForHeld(other));
  }

  /** The greatest token that ended on what `entry` asks for. */
  floorFor(entry: Entry): number {
    return greatest(this.ended.filter(({ resources }) => conflicts(resources, entry.resources)));
  }

  /** The same, with what had ended before on the names that share a bucket with its own. */
  floorMost(entry: Entry, buckets: EndedFloors): number {
    const inBuckets = (resources: readonly Resource[]): Resource[] =>
      resources.map(({ name, mode }) => ({ name: `${buckets.bucketOf(name)}`, mode }));
    const own = inBuckets(entry.resources);
    const earlier = this.ended.slice(0, this.endedBefore.get(entry));
    const sharing = earlier.filter(({ resources }) =>
      inBuckets(resources).some((one) => conflicts([one], own)),
    );
    return Math.max(this.floorFor(entry), greatest(sharing));
  }
}

/** What is gone keeps nobody alive that came after it. */
function checkLeft(entry: Entry): void {
  for (let place = entry.place; place !== null; place = place.sibling) {
    const { next, nextAskable, nextExclusive, previous, previousAskable, previousExclusive } =
      place;
    const others = [next, nextAskable, nextExclusive, previous, previousAskable, previousExclusive];
    expect(others.filter((other) => other !== null)).toEqual([]);
  }
}

function byPriority(one: Entry, other: Entry): number {
  return (
    one.ticket - other.ticket || one.incarnation - other.incarnation || one.round - other.round
  );
}

function greatest(ended: readonly Ended[]): number {
  return Math.max(0, ...ended.map(({ token }) => token));
}
