/**
 * What is to happen comes in the order of time, and of equal times in the order asked for.
 */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Schedule } from '../../src/sim/schedule.ts';
import type { Task } from '../../src/sim/task.ts';

function task(atUs: number, detail: string): Task {
  return { atUs, kind: 'fault', actor: null, detail, run() {} };
}

test('tasks come by time, then in the order added; cancelled ones do not come', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ atUs: fc.nat(20), isCancelled: fc.boolean() })), (wishes) => {
      const schedule = new Schedule();
      wishes.forEach(({ atUs, isCancelled }, index) => {
        schedule.add(task(atUs, String(index))).isCancelled = isCancelled;
      });
      const expected = wishes
        .map(({ atUs, isCancelled }, index) => ({ atUs, isCancelled, index }))
        .filter(({ isCancelled }) => !isCancelled)
        .toSorted((one, other) => one.atUs - other.atUs || one.index - other.index)
        .map(({ index }) => String(index));
      const taken: unknown[] = [];
      for (let next = schedule.take(); next !== undefined; next = schedule.take()) {
        taken.push(next.detail);
      }
      expect(taken).toEqual(expected);
    }),
  );
});

test('what is added while others are taken finds its place', () => {
  const schedule = new Schedule();
  schedule.add(task(10, 'ten'));
  schedule.add(task(30, 'thirty'));
  expect(schedule.take()?.detail).toBe('ten');
  schedule.add(task(20, 'twenty'));
  expect(schedule.take()?.detail).toBe('twenty');
  expect(schedule.take()?.detail).toBe('thirty');
  expect(schedule.take()).toBeUndefined();
});
