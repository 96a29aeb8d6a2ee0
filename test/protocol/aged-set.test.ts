/** A set that gives back the oldest first, and keeps nothing of what has left it. */

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AgedSet } from '../../src/protocol/aged-set.ts';

const anyStep = fc.oneof(
  fc.record({ type: fc.constant('add' as const), member: fc.nat(9) }),
  fc.record({ type: fc.constant('delete' as const), member: fc.nat(9) }),
  fc.record({ type: fc.constant('take' as const) }),
);

describe('AgedSet', () => {
  test('is a list of distinct members, added at its end and taken from its front', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 60 }), (steps) => {
        const set = new AgedSet<number>();
        let list: number[] = [];
        for (const step of steps) {
          if (step.type === 'take') {
            expect(set.takeOldest()).toBe(list.shift());
          } else if (step.type === 'delete') {
            set.delete(step.member);
            list = list.filter((member) => member !== step.member);
          } else if (!set.has(step.member)) {
            set.add(step.member);
            list.push(step.member);
          }
          expect([...set]).toEqual(list);
          expect(set.size).toBe(list.length);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('keeps no memory of members that have come and gone', () => {
    setFlagsFromString('--expose-gc');
    const collect: unknown = runInNewContext('gc');
    if (typeof collect !== 'function') throw new Error('No garbage collector to be called');
    const set = new AgedSet<number>();
    collect();
    const before = process.memoryUsage().heapUsed;
    for (let count = 0; count < 200_000; count++) {
      set.add(1);
      set.delete(1);
    }
    collect();
    // With an iterator that stands before the first, each took 100 bytes and more.
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(2_000_000);
    expect(set.size).toBe(0);
  });
});
