/**
 * A voter's queues next to a plain list: who stands ahead of whom, who is asked to give way, and
 * that the memory of what ended is bounded, and never too small.
 */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EndedFloors } from '../../src/protocol/ended-floors.ts';
import { Entry } from '../../src/protocol/entry.ts';
import { HeldAhead, waitsForHeld } from '../../src/protocol/held-ahead.ts';
import { stamp } from '../../src/protocol/ids.ts';
import { QueueTable } from '../../src/protocol/queue-table.ts';
import { anySteps, entryOf, now, TablePair } from '../harness/table-pair.ts';

describe('QueueTable', () => {
  test('knows who stands ahead and behind, and whom to ask, whatever came and went', () => {
    fc.assert(
      fc.property(anySteps, fc.integer({ min: 1, max: 4 }), (steps, max) => {
        const pair = new TablePair(1_000, max);
        for (const step of steps) pair.take(step);
        expect(pair.table.size).toBe(pair.list.length);
        const ahead = new HeldAhead();
        for (const [index, entry] of pair.list.entries()) {
          const rivals = pair.ahead(entry);
          expect(pair.table.ahead(entry, Number.POSITIVE_INFINITY)).toEqual(rivals);
          expect(pair.table.ahead(entry, max)).toHaveLength(Math.min(max, rivals.length));
          expect(pair.table.isFirst(entry)).toBe(rivals.length === 0);
          if (pair.waiting.includes(entry)) {
            expect(pair.table.isBlocked(entry)).toBe(pair.isBlocked(entry));
          }
          expect(waitsForHeld(entry)).toBe(pair.waitsForHeld(entry));
          // In any order: what was seen for one is not looked at again for the next.
          const other = pair.list[(7 * index) % pair.list.length] ?? entry;
          expect(ahead.keepsWaiting(other)).toBe(pair.waitsForHeld(other));
          const later = pair.list.slice(index + 1);
          const own = entry.resources.map(({ name }) => name);
          const isNamed = ({ resources }: Entry): boolean =>
            resources.some(({ name }) => own.includes(name));
          expect(pair.table.isFollowed(entry)).toBe(later.some(isNamed));
        }
      }),
    );
  });

  test('has the floor of every token that ended, while no names share a bucket', () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const pair = new TablePair();
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
        const pair = new TablePair(buckets);
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
        const pair = new TablePair(idleResourcesMax);
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
    table.add(before);
    table.raiseFloor(stamp(50));
    table.add(after);
    expect(table.endedFloor(before)).toBe(50);
    expect(table.endedFloor(after)).toBe(50);
  });
});
