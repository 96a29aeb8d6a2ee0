/**
 * The shapes of partitions.
 */

import { describe, expect, test } from 'vitest';
import { cutsOf, stagesOf } from '../../src/sim/partition.ts';
import type { Shape } from '../../src/sim/plan.ts';

/** Whom each sees in both directions, itself included. */
function sights(shape: Shape, count: number): readonly (readonly number[])[] {
  const order = Array.from({ length: count }, (_, index) => index);
  const cuts = cutsOf(shape, order);
  const isCut = (from: number, to: number): boolean => {
    return cuts.some(([one, other]) => one === from && other === to);
  };
  return order.map((from) => order.filter((to) => !isCut(from, to) && !isCut(to, from)));
}

describe('cutsOf()', () => {
  test('halves: neither sees the other', () => {
    expect(sights('halves', 5)).toEqual([
      [0, 1],
      [0, 1],
      [2, 3, 4],
      [2, 3, 4],
      [2, 3, 4],
    ]);
  });

  test('minority: fewer than half are by themselves', () => {
    expect(sights('minority', 5)[0]).toEqual([0, 1]);
    expect(sights('minority', 4)[0]).toEqual([0]);
  });

  test('isolate: the first is alone', () => {
    expect(sights('isolate', 3)).toEqual([[0], [1, 2], [1, 2]]);
  });

  test('bridge: the first sees all, and the two sides only it', () => {
    expect(sights('bridge', 5)).toEqual([
      [0, 1, 2, 3, 4],
      [0, 1, 2],
      [0, 1, 2],
      [0, 3, 4],
      [0, 3, 4],
    ]);
  });

  test.each([5, 7])('ring of %i: each sees a majority, no two the same', (count) => {
    const seen = sights('ring', count);
    for (const each of seen) expect(each.length).toBeGreaterThan(count / 2);
    expect(new Set(seen.map(String)).size).toBe(count);
    expect(seen.every(({ length }) => length === count)).toBe(false);
  });

  test('one-way: what comes back passes', () => {
    const cuts = cutsOf('one-way', [2, 0, 1]);
    expect(cuts).toEqual([
      [2, 0],
      [2, 1],
    ]);
  });
});

test('stagesOf(): one after the other loses all', () => {
  const stages = stagesOf([1, 0, 2]);
  expect(stages).toHaveLength(3);
  for (const cuts of stages) expect(cuts).toHaveLength(4);
});
