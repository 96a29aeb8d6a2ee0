/** The heap of moments against a sorted list. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Deadlines } from '../../src/protocol/deadlines.ts';
import { timeMs } from '../../src/protocol/ids.ts';

const anyStep = fc.oneof(
  fc.record({ type: fc.constant('add' as const), at: fc.nat(100) }),
  fc.record({ type: fc.constant('take' as const), now: fc.nat(100) }),
  fc.record({ type: fc.constant('keep' as const), below: fc.nat(100) }),
);

describe('Deadlines', () => {
  test('give what a sorted list would', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 200 }), (steps) => {
        const deadlines = new Deadlines<number>();
        let list: number[] = [];
        for (const step of steps) {
          if (step.type === 'add') {
            deadlines.add(timeMs(step.at), step.at);
            list = [...list, step.at].sort((a, b) => a - b);
          } else if (step.type === 'take') {
            const due = list[0] !== undefined && list[0] <= step.now ? list.shift() : undefined;
            expect(deadlines.takeDue(timeMs(step.now))?.item).toBe(due);
          } else {
            deadlines.keep((at) => at < step.below);
            list = list.filter((at) => at < step.below);
          }
          expect(deadlines.size).toBe(list.length);
          expect(deadlines.nextAt(() => true)).toBe(list[0] ?? Number.POSITIVE_INFINITY);
        }
      }),
    );
  });

  test('of one moment come as they were handed in, however often the next is asked for', () => {
    const anyMoments = fc.array(fc.record({ at: fc.nat(3), matters: fc.boolean() }));
    fc.assert(
      fc.property(anyMoments, fc.nat(50), (moments, askedAfter) => {
        const deadlines = new Deadlines<number>();
        const matters = (item: number): boolean => moments[item]?.matters === true;
        for (const [item, { at }] of moments.entries()) {
          deadlines.add(timeMs(at), item);
          if (item === askedAfter) deadlines.nextAt(matters);
        }
        const given: number[] = [];
        for (let due = deadlines.takeDue(timeMs(3)); due; due = deadlines.takeDue(timeMs(3))) {
          if (matters(due.item)) given.push(due.item);
        }
        const sorted = [...moments.keys()].sort((one, other) => {
          return (moments[one]?.at ?? 0) - (moments[other]?.at ?? 0);
        });
        expect(given).toEqual(sorted.filter(matters));
      }),
    );
  });
});
