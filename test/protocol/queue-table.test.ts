/** A voter's queues: who stands ahead of whom, and that the memory of what ended is bounded. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { conflicts } from '../../src/protocol/claim.ts';
import type { Entry } from '../../src/protocol/entry.ts';
import {
  generation,
  incarnation,
  peerId,
  roundId,
  roundNumber,
  type Stamp,
  stamp,
} from '../../src/protocol/ids.ts';
import type { Mode, Resource } from '../../src/protocol/message.ts';
import { QueueTable } from '../../src/protocol/queue-table.ts';

const names = ['v', 'w', 'x', 'y', 'z'];

const anyResources: fc.Arbitrary<Resource[]> = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom(...names),
    mode: fc.constantFrom<Mode>('exclusive', 'shared'),
  }),
  { minLength: 1, selector: ({ name }) => name },
);

/** Add an entry, or take out the one at a place, held or not. */
const anyStep = fc.oneof(
  fc.record({ type: fc.constant('add' as const), resources: anyResources }),
  fc.record({ type: fc.constant('end' as const), place: fc.nat(100), held: fc.boolean() }),
  fc.record({ type: fc.constant('move' as const), place: fc.nat(100) }),
);

function entryOf(number: number, resources: readonly Resource[], baseFloor: Stamp): Entry {
  const peer = peerId('b');
  const round = roundNumber(number);
  return {
    id: roundId(peer, incarnation(1), round),
    round,
    peer,
    incarnation: incarnation(1),
    resources,
    ticket: stamp(number),
    patience: 'wait',
    maxHoldMs: Number.POSITIVE_INFINITY,
    token: stamp(number),
    committedAt: null,
    order: 0,
    generation: generation(1),
    inquired: false,
    baseFloor,
    voted: false,
    refused: false,
    said: { state: 'nothing' },
  };
}

interface Ended {
  readonly resources: readonly Resource[];
  readonly token: Stamp;
}

/** A table next to a plain list of what it holds and what has ended. */
class Pair {
  readonly table: QueueTable;
  list: Entry[] = [];
  readonly ended: Ended[] = [];
  #count = 0;

  constructor(idleMax: number) {
    this.table = new QueueTable(idleMax);
  }

  take(step: typeof anyStep extends fc.Arbitrary<infer Step> ? Step : never): void {
    if (step.type === 'add') {
      this.#count += 1;
      const entry = entryOf(this.#count, step.resources, this.table.foldedFloor);
      this.table.append(entry);
      this.list.push(entry);
      return;
    }
    const entry = this.list[step.place % Math.max(1, this.list.length)];
    if (entry === undefined) return;
    this.list = this.list.filter((other) => other !== entry);
    if (step.type === 'move') {
      this.table.moveToEnd(entry);
      this.list.push(entry);
      return;
    }
    this.table.remove(entry, step.held ? entry.token : null);
    if (step.held) this.ended.push(entry);
    // What a voter asks for each entry that has gone must leave nothing behind.
    this.table.behind(entry, 8);
  }

  /** The greatest token that ended on what `entry` asks for. */
  floorFor(entry: Entry): number {
    const bounding = this.ended.filter(({ resources }) => conflicts(resources, entry.resources));
    return Math.max(0, ...bounding.map(({ token }) => token));
  }
}

const anySteps = fc.array(anyStep, { minLength: 10, maxLength: 60 });

describe('QueueTable', () => {
  test('knows who stands ahead, whatever came and went', () => {
    fc.assert(
      fc.property(anySteps, fc.integer({ min: 1, max: 4 }), (steps, max) => {
        const pair = new Pair(1_000);
        for (const step of steps) pair.take(step);
        expect(pair.table.size).toBe(pair.list.length);
        for (const [index, entry] of pair.list.entries()) {
          const rivals = pair.list
            .slice(0, index)
            .filter((other) => conflicts(other.resources, entry.resources));
          expect(pair.table.ahead(entry, Number.POSITIVE_INFINITY)).toEqual(rivals);
          expect(pair.table.ahead(entry, max)).toHaveLength(Math.min(max, rivals.length));
        }
      }),
    );
  });

  test('finds behind an entry all that conflict with it and may be voted for', () => {
    fc.assert(
      fc.property(anySteps, fc.integer({ min: 1, max: 4 }), (steps, lookAhead) => {
        const pair = new Pair(1_000);
        for (const step of steps) pair.take(step);
        for (const [index, entry] of pair.list.entries()) {
          const behind = pair.table.behind(entry, lookAhead);
          for (const other of pair.list.slice(index + 1)) {
            if (!conflicts(other.resources, entry.resources)) continue;
            const isVotedFor = pair.table.ahead(other, 100).length <= lookAhead;
            if (isVotedFor) expect(behind).toContain(other);
          }
        }
      }),
    );
  });

  test('has the floor of every token that ended, singly while there is room', () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const pair = new Pair(1_000);
        for (const step of steps) pair.take(step);
        for (const entry of pair.list) {
          expect(pair.table.endedFloor(entry)).toBe(pair.floorFor(entry));
        }
      }),
    );
  });

  test('forgets no floor when there is room for few, nor keeps more than that', () => {
    let folded = 0;
    fc.assert(
      fc.property(anySteps, fc.integer({ min: 1, max: 2 }), (steps, idleMax) => {
        const pair = new Pair(idleMax);
        for (const step of steps) {
          pair.take(step);
          const busy = new Set(pair.list.flatMap(({ resources }) => resources.map((r) => r.name)));
          const { ended } = pair.table.snapshot();
          expect(ended.length).toBeLessThanOrEqual(busy.size + idleMax);
          for (const entry of pair.list) {
            expect(pair.table.endedFloor(entry)).toBeGreaterThanOrEqual(pair.floorFor(entry));
          }
        }
        if (pair.table.foldedFloor > 0) folded += 1;
      }),
    );
    expect(folded).toBeGreaterThan(10);
  });

  test('is the same after a snapshot', () => {
    fc.assert(
      fc.property(anySteps, fc.integer({ min: 1, max: 5 }), (steps, idleMax) => {
        const pair = new Pair(idleMax);
        for (const step of steps) pair.take(step);
        const snapshot = pair.table.snapshot();
        expect(QueueTable.restore(snapshot, idleMax).snapshot()).toEqual(snapshot);
      }),
    );
  });

  test('makes a floor that is raised count for what is there and what is to come', () => {
    const table = new QueueTable(10);
    const resources: Resource[] = [{ name: 'x', mode: 'shared' }];
    const before = entryOf(1, resources, table.foldedFloor);
    table.append(before);
    table.raiseFloor(stamp(50));
    expect(table.endedFloor(before)).toBe(50);
    expect(table.foldedFloor).toBe(50);
  });
});
