/**
 * What contenders tell of their grants is judged right.
 */

import { describe, expect, test } from 'vitest';
import { judge, shared } from '../../bench/measures/contention.ts';

/** One contender's grants: asked for, had, given back. */
function grants(...each: readonly (readonly [number, number, number])[]): Float64Array {
  return Float64Array.from(each.flat());
}

const never = Number.POSITIVE_INFINITY;

describe('contenders', () => {
  test('are shared among processes as evenly as it goes', () => {
    expect(shared(8, 3)).toEqual([3, 3, 2]);
    expect(shared(10_000, 3)).toEqual([3_334, 3_333, 3_333]);
    expect(shared(1, 3)).toEqual([1, 0, 0]);
  });
});

describe('their grants', () => {
  const span = { fromMs: 100, untilMs: 200 };

  test('count within the span only', () => {
    const one = grants([90, 95, 95], [95, 110, 111], [111, 150, 150]);
    const other = grants([90, 120, 121], [121, 201, 201]);
    const { grantsPerS, jain, maxOverMin } = judge([one, other], span);
    expect(grantsPerS).toBe(30);
    expect(jain).toBeCloseTo(9 / 10);
    expect(maxOverMin).toBe(2);
  });

  test('have gaps from a release to the next holder, whoever that is', () => {
    const one = grants([100, 110, 112], [112, 130, 131]);
    const other = grants([100, 115, 116]);
    const { handoffP50Ms, handoffP99Ms, overlaps } = judge([one, other], span);
    expect(handoffP50Ms).toBe(3);
    expect(handoffP99Ms).toBe(14);
    expect(overlaps).toBe(0);
  });

  test('overlap where the next has it before the release', () => {
    expect(judge([grants([100, 110, 120]), grants([100, 119, 121])], span).overlaps).toBe(1);
  });

  test('that come after the end count for the longest wait', () => {
    expect(judge([grants([100, 110, 111]), grants([105, 260, 261])], span).longestWaitMs).toBe(155);
  });

  test('that never come have waited until the end', () => {
    const { longestWaitMs, maxOverMin } = judge(
      [grants([100, 110, 111]), grants([105, never, never])],
      span,
    );
    expect(longestWaitMs).toBe(95);
    expect(maxOverMin).toBe(Number.POSITIVE_INFINITY);
  });
});
