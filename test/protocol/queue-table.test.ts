/**
 * A voter's queues next to a plain list: who stands ahead of whom, who is asked to give way, and
 * that the memory of what ended is bounded, and never too small.
 */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { conflicts, isBefore } from '../../src/protocol/claim.ts';
import { EndedFloors } from '../../src/protocol/ended-floors.ts';
import { Entry } from '../../src/protocol/entry.ts';
import { waitsForHeld } from '../../src/protocol/held-ahead.ts';
import {
  generation,
  incarnation,
  peerId,
  roundNumber,
  type Stamp,
  stamp,
  timeMs,
} from '../../src/protocol/ids.ts';
import type { Mode, Resource } from '../../src/protocol/message.ts';
import { QueueTable } from '../../src/protocol/queue-table.ts';

const names = ['v', 'w', 'x', 'y', 'z'];
const now = timeMs(1);

const anyResources: fc.Arbitrary<Resource[]> = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom(...names),
    mode: fc.constantFrom<Mode>('exclusive', 'shared'),
  }),
  { minLength: 1, selector: ({ name }) => name },
);

const ticket = fc.integer({ min: 1, max: 50 });

/** Add an entry, commit or move the one at a place, or take it out, held or not. */
const anyStep = fc.oneof(
  fc.record({ type: fc.constant('add' as const), resources: anyResources, ticket }),
  fc.record({ type: fc.constant('end' as const), place: fc.nat(100), held: fc.boolean() }),
  fc.record({ type: fc.constant('move' as const), place: fc.nat(100) }),
  fc.record({ type: fc.constant('commit' as const), place: fc.nat(100) }),
);

type Step = typeof anyStep extends fc.Arbitrary<infer T> ? T : never;

const anySteps = fc.array(anyStep, { minLength: 10, maxLength: 60 });

interface Ended {
  readonly resources: readonly Resource[];
  readonly token: Stamp;
}

function entryOf(number: number, resources: readonly Resource[], of: number): Entry {
  const origin = { peer: peerId('b'), incarnation: incarnation(1), generation: generation(1) };
  const stamps = { ticket: stamp(of), token: stamp(of) };
  const maxHoldMs = Number.POSITIVE_INFINITY;
  const round = roundNumber(number);
  return new Entry(origin, { round, resources, patience: 'wait', maxHoldMs, ...stamps });
}

/** A table next to a plain list of what it holds and what has ended. */
class Pair {
  readonly table: QueueTable;
  readonly lookAhead: number;
  list: Entry[] = [];
  readonly ended: Ended[] = [];
  /** How much had ended when each entry was made. */
  readonly endedBefore = new Map<Entry, number>();
  readonly asked = new Set<Entry>();
  #count = 0;

  constructor(idleResourcesMax: number = 1_000, lookAhead: number = 2) {
    this.table = new QueueTable({ idleResourcesMax, lookAhead });
    this.lookAhead = lookAhead;
  }

  take(step: Step): void {
    if (step.type === 'add') {
      this.#count += 1;
      const entry = entryOf(this.#count, step.resources, step.ticket);
      this.endedBefore.set(entry, this.ended.length);
      this.table.append(entry);
      this.#stand(entry);
      return;
    }
    const entry = this.list[step.place % Math.max(1, this.list.length)];
    if (entry !== undefined) this.#change(entry, step);
  }

  #change(entry: Entry, step: Exclude<Step, { type: 'add' }>): void {
    if (step.type === 'commit') {
      entry.committedAt = now;
      this.table.dropAskable(entry);
      this.#checkBehind(entry, this.table.behind(entry), this.list);
      return;
    }
    const before = this.list;
    this.list = before.filter((other) => other !== entry);
    if (step.type === 'move') {
      if (entry.committedAt === null) entry.inquired = false;
      this.asked.delete(entry);
      this.#checkBehind(entry, this.table.moveToEnd(entry), before);
      this.#stand(entry);
      return;
    }
    const behind = this.table.remove(entry, step.held ? entry.token : null);
    if (step.held) this.ended.push(entry);
    this.#checkBehind(entry, behind, before);
  }

  /** An entry stands last: those ahead that should be behind it are found, once in their place. */
  #stand(entry: Entry): void {
    const inverted = this.list.filter((other) => {
      const isOpen = other.committedAt === null && !this.asked.has(other);
      return isOpen && conflicts(other.resources, entry.resources) && isBefore(entry, other);
    });
    expect(this.table.takeInverted(entry)).toEqual(inverted);
    for (const other of inverted) {
      other.inquired = true;
      this.asked.add(other);
    }
    this.list.push(entry);
  }

  /** All that conflict with it and may be voted for, and no other that does not. */
  #checkBehind(entry: Entry, behind: readonly Entry[], before: readonly Entry[]): void {
    const rivals = before
      .slice(before.indexOf(entry) + 1)
      .filter((other) => conflicts(other.resources, entry.resources));
    expect(rivals.filter((other) => behind.includes(other))).toEqual(behind);
    for (const other of rivals) {
      if (this.ahead(other).length <= this.lookAhead) expect(behind).toContain(other);
    }
  }

  ahead(entry: Entry): Entry[] {
    return this.list
      .slice(0, this.list.indexOf(entry))
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

function greatest(ended: readonly Ended[]): number {
  return Math.max(0, ...ended.map(({ token }) => token));
}

describe('QueueTable', () => {
  test('knows who stands ahead and behind, and whom to ask, whatever came and went', () => {
    fc.assert(
      fc.property(anySteps, fc.integer({ min: 1, max: 4 }), (steps, max) => {
        const pair = new Pair(1_000, max);
        for (const step of steps) pair.take(step);
        expect(pair.table.size).toBe(pair.list.length);
        for (const [index, entry] of pair.list.entries()) {
          const rivals = pair.ahead(entry);
          expect(pair.table.ahead(entry, Number.POSITIVE_INFINITY)).toEqual(rivals);
          expect(pair.table.ahead(entry, max)).toHaveLength(Math.min(max, rivals.length));
          expect(pair.table.isFirst(entry)).toBe(rivals.length === 0);
          expect(waitsForHeld(entry)).toBe(pair.waitsForHeld(entry));
          const later = pair.list.slice(index + 1);
          const own = entry.resources.map(({ name }) => name);
          const isNamed = ({ resources }: Entry): boolean =>
            resources.some(({ name }) => own.includes(name));
          expect(pair.table.isFollowed(entry)).toBe(later.some(isNamed));
        }
      }),
    );
  });

  test('lays the list out anew', () => {
    fc.assert(
      fc.property(anySteps, fc.integer(), (steps, salt) => {
        const pair = new Pair();
        for (const step of steps) pair.take(step);
        const key = ({ round }: Entry): number => (round * 7_919 + salt) % 101;
        pair.list.sort((one, other) => key(one) - key(other));
        pair.table.reorder(pair.list);
        expect(pair.table.size).toBe(pair.list.length);
        for (const entry of pair.list) {
          expect(pair.table.ahead(entry, 100)).toEqual(pair.ahead(entry));
        }
      }),
    );
  });

  test('has the floor of every token that ended, while no names share a bucket', () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const pair = new Pair();
        for (const step of steps) pair.take(step);
        for (const entry of pair.list) {
          expect(pair.table.endedFloor(entry)).toBe(pair.floorFor(entry));
        }
      }),
    );
  });

  test('has no smaller floor with few buckets, nor a greater one than they account for', () => {
    let greater = 0;
    fc.assert(
      fc.property(anySteps, fc.integer({ min: 1, max: 3 }), (steps, buckets) => {
        const pair = new Pair(buckets);
        for (const step of steps) {
          pair.take(step);
          expect(pair.table.trackedCount).toBeLessThanOrEqual(buckets);
          for (const entry of pair.list) {
            const floor = pair.table.endedFloor(entry);
            const least = pair.floorFor(entry);
            expect(floor).toBeGreaterThanOrEqual(least);
            expect(floor).toBeLessThanOrEqual(pair.floorMost(entry, new EndedFloors(buckets)));
            if (floor > least) greater += 1;
          }
        }
      }),
    );
    expect(greater).toBeGreaterThan(10);
  });

  test('is the same after a snapshot', () => {
    fc.assert(
      fc.property(anySteps, fc.integer({ min: 1, max: 5 }), (steps, idleResourcesMax) => {
        const pair = new Pair(idleResourcesMax);
        for (const step of steps) pair.take(step);
        const snapshot = pair.table.snapshot();
        const copies = pair.list.map((entry) => Entry.restore(entry.snapshot(now), now));
        const restored = new QueueTable({ idleResourcesMax, lookAhead: 2 });
        restored.restore(snapshot, copies);
        expect(restored.snapshot()).toEqual(snapshot);
        expect(restored.size).toBe(pair.table.size);
        for (const [index, entry] of pair.list.entries()) {
          const copy = copies[index] ?? entry;
          expect(copy.snapshot(now)).toEqual(entry.snapshot(now));
          expect(restored.endedFloor(copy)).toBe(pair.table.endedFloor(entry));
          const idsOf = (entries: readonly Entry[]): string[] => entries.map(({ id }) => id);
          expect(idsOf(restored.ahead(copy, 100))).toEqual(idsOf(pair.ahead(entry)));
        }
      }),
    );
  });

  test('makes a floor that is raised count for what is there and what is to come', () => {
    const table = new QueueTable({ idleResourcesMax: 10, lookAhead: 8 });
    const before = entryOf(1, [{ name: 'x', mode: 'shared' }], 1);
    const after = entryOf(2, [{ name: 'y', mode: 'shared' }], 2);
    table.append(before);
    table.raiseFloor(stamp(50));
    table.append(after);
    expect(table.endedFloor(before)).toBe(50);
    expect(table.endedFloor(after)).toBe(50);
  });
});
