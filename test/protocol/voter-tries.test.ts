/** Tries that a voter keeps: none waits for what is held, and to see to that costs little. */

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Entry } from '../../src/protocol/entry.ts';
import { waitsForHeld } from '../../src/protocol/held-ahead.ts';
import {
  incarnation,
  type Message,
  peerId,
  type Resource,
  type RoundNumber,
  roundNumber,
  stamp,
  timeMs,
} from '../../src/protocol/index.ts';
import { Voter } from '../../src/protocol/voter.ts';
import { watchLooks } from '../harness/looks.ts';
import { nodeOptions } from '../harness/node-options.ts';

const from = { peer: peerId('b'), incarnation: incarnation(1) };
const now = timeMs(1);

interface Terms {
  readonly resources: readonly Resource[];
  readonly patience: 'wait' | 'try';
  readonly ticket: number;
}

class Room {
  readonly said: Message[] = [];
  readonly voter: Voter;
  /** How often entries were looked at. */
  looks = 0;
  #last = 0;

  constructor(lookAhead = 8) {
    const options = nodeOptions({}, { lookAhead, waitersMax: 20_000 });
    this.voter = new Voter(options, (_, message) => this.said.push(message));
    this.voter.openSession(from, timeMs(1_000));
    this.voter.leaveRecovery(stamp(0), now);
  }

  ask({ resources, patience, ticket }: Terms): RoundNumber {
    this.#last += 1;
    const round = roundNumber(this.#last);
    const stamps = { ticket: stamp(ticket), token: stamp(ticket) };
    const maxHoldMs = Number.POSITIVE_INFINITY;
    const marks = { committed: false, lingers: false, value: null };
    const terms = { round, resources, patience, maxHoldMs, ...marks, ...stamps };
    this.voter.onPrepare(from, { type: 'prepare', ...terms }, now);
    const entry = this.voter.entryOf(from, round);
    if (entry !== undefined) {
      watchLooks(entry, () => {
        this.looks += 1;
      });
    }
    return round;
  }

  entry(round: RoundNumber): Entry {
    const entry = this.voter.entryOf(from, round);
    assert(entry !== undefined);
    return entry;
  }

  commit({ round, token }: Pick<Entry, 'round' | 'token'>): void {
    this.voter.onCommit(from, { type: 'commit', round, token }, now);
  }

  yield({ round, generation }: Entry): void {
    this.voter.onYield(from, { type: 'yield', round, generation }, now);
  }

  end({ round, token, committedAt }: Entry): void {
    if (committedAt === null) this.voter.onEnd(from, { type: 'abort', round }, now);
    else this.voter.onEnd(from, { type: 'release', round, token }, now);
  }

  /** Tries that wait for what is held, and whose owners have not been told. */
  untold(): Entry[] {
    return [...this.voter.entries()].filter((entry) => {
      const isOpen = entry.patience === 'try' && entry.committedAt === null && !entry.refused;
      return isOpen && waitsForHeld(entry);
    });
  }
}

const place = fc.nat(100);

const stepOf = (maxLength: number) =>
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        type: fc.constant('ask' as const),
        resources: fc.uniqueArray(
          fc.record({
            name: fc.constantFrom('v', 'w', 'x'),
            mode: fc.constantFrom<Resource['mode']>('exclusive', 'exclusive', 'shared'),
          }),
          { minLength: 1, maxLength, selector: ({ name }) => name },
        ),
        patience: fc.constantFrom('wait' as const, 'try' as const),
        ticket: fc.integer({ min: 1, max: 1_000 }),
      }),
    },
    { weight: 2, arbitrary: fc.record({ type: fc.constantFrom('commit', 'end', 'yield'), place }) },
  );

type Step = ReturnType<typeof stepOf> extends fc.Arbitrary<infer T> ? T : never;

const anySteps = fc
  .integer({ min: 1, max: 2 })
  .chain((most) => fc.array(stepOf(most), { minLength: 8, maxLength: 40 }));

function take(room: Room, step: Step): void {
  if ('ticket' in step) {
    room.ask(step);
    return;
  }
  const entries = [...room.voter.entries()];
  const entry = entries[step.place % Math.max(1, entries.length)];
  if (entry === undefined) return;
  if (step.type === 'commit') room.commit(entry);
  else if (step.type === 'end') room.end(entry);
  else if (entry.inquired) room.yield(entry);
}

const on = (...names: string[]): readonly Resource[] =>
  names.map((name) => ({ name, mode: 'exclusive' }));

test('a try hears of it when one ahead of it gives way to what is held', () => {
  const room = new Room(1);
  const joint = room.ask({ resources: on('v', 'w'), patience: 'wait', ticket: 50 });
  const other = room.ask({ resources: on('v'), patience: 'wait', ticket: 20 });
  expect(room.entry(joint).inquired).toBe(true);
  // Neither is voted for behind one that makes way, so that the second has one in its way then.
  room.ask({ resources: on('w'), patience: 'wait', ticket: 60 });
  const hopeful = room.ask({ resources: on('w'), patience: 'try', ticket: 70 });
  room.commit(room.entry(other));
  // It takes the last place in which there is a vote on v.
  room.ask({ resources: on('v'), patience: 'wait', ticket: 30 });
  expect(room.entry(hopeful).refused).toBe(false);
  room.yield(room.entry(joint));
  expect(room.said).toContainEqual(expect.objectContaining({ type: 'refuse', round: hopeful }));
});

test('of tries for a thousand names, a grant looks at those for its own', () => {
  const room = new Room();
  const names = Array.from({ length: 1_000 }, (_, at) => `job:${at}`);
  const firsts = names.map((name, at) => {
    return room.ask({ resources: on(name), patience: 'try', ticket: at + 1 });
  });
  for (const [at, name] of names.entries()) {
    for (let rival = 1; rival < 4; rival += 1) {
      room.ask({ resources: on(name), patience: 'try', ticket: 1_000 * rival + at });
    }
  }
  const before = room.looks;
  for (const first of firsts) room.commit(room.entry(first));
  const refused = room.said.filter(({ type }) => type === 'refuse');
  expect(refused).toHaveLength(3_000);
  expect(room.looks - before).toBeLessThan(1_000 * 300);
});

test('a thousand tries for one name cost few looks each, whoever comes first', () => {
  const room = new Room();
  for (let turn = 0; turn < 1_000; turn += 1) {
    room.ask({ resources: on('x'), patience: 'try', ticket: 10_000 - turn });
  }
  expect(room.looks).toBeLessThan(1_000 * 200);
  for (let turn = 0; turn < 1_000; turn += 1) {
    room.ask({ resources: on('x'), patience: 'try', ticket: 20_000 + turn });
  }
  expect(room.looks).toBeLessThan(2_000 * 200);
});

test('no try waits for what is held, whatever came, moved and went', () => {
  let refused = 0;
  fc.assert(
    fc.property(anySteps, fc.nat(3), (steps, least) => {
      const room = new Room(least + 1);
      for (const step of steps) {
        take(room, step);
        expect(room.untold().map(({ id }) => id)).toEqual([]);
      }
      refused += room.said.filter(({ type }) => type === 'refuse').length;
    }),
    { numRuns: 400 },
  );
  expect(refused).toBeGreaterThan(100);
});
