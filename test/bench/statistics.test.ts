/**
 * The figures of the benchmark are made as they are said to be.
 */

import { describe, expect, test } from 'vitest';
import { jainIndex, maxOverMin, median, quantile } from '../../bench/statistics.ts';

describe('median', () => {
  test('is the middle one, in whatever order they come', () => {
    expect(median([30, 1, 2])).toBe(2);
  });

  test('is half way between two', () => {
    expect(median([4, 1, 2, 100])).toBe(3);
  });

  test('of nothing is not a number', () => {
    expect(median([])).toBeNaN();
  });
});

describe('quantile', () => {
  const hundred = Float64Array.from({ length: 100 }, (_, at) => 100 - at);

  test.each([
    [0, 1],
    [0.5, 50],
    [0.99, 99],
    [1, 100],
  ])('%f of 1 to 100 is %i', (share, expected) => {
    expect(quantile(hundred, share)).toBe(expected);
  });

  test('leaves the values in their order', () => {
    expect(hundred[0]).toBe(100);
  });

  test('of nothing is not a number', () => {
    expect(quantile(new Float64Array(), 0.5)).toBeNaN();
  });
});

describe('fairness', () => {
  test('is 1 when all have the same', () => {
    expect(jainIndex([7, 7, 7])).toBe(1);
    expect(maxOverMin([7, 7, 7])).toBe(1);
  });

  test('is one part in so many when one has it all', () => {
    expect(jainIndex([9, 0, 0, 0])).toBe(0.25);
    expect(maxOverMin([9, 0, 0, 0])).toBe(Number.POSITIVE_INFINITY);
  });

  test('lies between where some have less', () => {
    expect(jainIndex([1, 2, 3])).toBeCloseTo(36 / 42);
    expect(maxOverMin([1, 2, 3])).toBe(3);
  });
});
