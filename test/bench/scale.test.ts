/**
 * The figures of the suite scale are made of what was found, and judged by what they are to be.
 */

import { describe, expect, test } from 'vitest';
import { goalText, verdict } from '../../bench/goals.ts';
import {
  figureGoals,
  figureNames,
  figuresOf,
  messagesName,
  pairsName,
} from '../../bench/scale/figures.ts';
import { heldBytesName } from '../../bench/scale/many.ts';
import { scalePlots } from '../../bench/scale/pictures.ts';
import { mediansOf, merged, type Raw } from '../../bench/scale/raw.ts';
import { figureTable } from '../../bench/scale/report.ts';

const raw: Raw = {
  lingeringPairsPerS: 400_000,
  handOverP50Ms: 0.24,
  freshP50Ms: 0.2,
  [messagesName({ voters: 3 })]: 6,
  [messagesName({ voters: 9, replicas: 3 })]: 2,
  [pairsName({ voters: 3 })]: 40_000,
  [pairsName({ voters: 7 })]: 18_000,
  [pairsName({ voters: 7, replicas: 3 })]: 32_000,
  bytesPerHeldLock: 390,
  bytesPerWaiter: 1_600,
  idleCpuMsPerS: 2,
  idleHoldingCpuMsPerS: 2.4,
  acquireP50Ms: 0.2,
  acquireHoldingP50Ms: 0.21,
};

describe('figures', () => {
  test('are made of what was found', () => {
    const expected = {
      lingeringPairsPerS: 400_000,
      handOverOverFresh: 1.2,
      messages9Replicas3Over3: 1 / 3,
      pairs7Over3: 0.45,
      pairs7Replicas3Over3: 0.8,
      bytesPerHeldLock: 390,
      bytesPerWaiter: 1_600,
      idleCpuHolding100kOverNone: 1.2,
      acquireHolding100kOverNone: 1.05,
    };
    const figures = figuresOf(raw);
    expect(Object.keys(figures)).toEqual(Object.keys(expected));
    for (const name of figureNames) expect(figures[name], name).toBeCloseTo(expected[name]);
  });

  test('are null where something was not measured', () => {
    const { freshP50Ms: _, ...without } = raw;
    expect(figuresOf(without).handOverOverFresh).toBeNull();
    expect(Object.values(figuresOf({}))).toEqual(figureNames.map(() => null));
  });

  test('are judged, where more is not aimed at, by what they are to reach', () => {
    const verdicts = figureNames.map((name) => verdict(figureGoals[name], figuresOf(raw)[name]));
    expect(verdicts).toEqual([
      'reached',
      'reached',
      'aim',
      'reached',
      'reached',
      'aim',
      'short',
      'reached',
      'aim',
    ]);
    expect(verdict(figureGoals.pairs7Over3, 0.39)).toBe('short');
    expect(verdict(figureGoals.pairs7Over3, null)).toBe('missing');
  });

  test('stand in a table with their goals', () => {
    const table = figureTable(figuresOf(raw), [figuresOf(raw), figuresOf({})]);
    expect(table).toMatch(/lingering.* 400,000 .*≥ 300,000 +≥ 1,000,000 +reached/);
    expect(table).toMatch(/per waiter.* 1,600 .*≤ 1,500 +≤ 600 +short/);
    expect(goalText(null, figureGoals.pairs7Over3)).toBe('');
  });
});

describe('what was found', () => {
  test('comes together round by round', () => {
    expect(merged([{ a: 1 }, { a: 2 }], [{ b: 3 }])).toEqual([{ a: 1, b: 3 }, { a: 2 }]);
  });

  test('is the median of the rounds that have it', () => {
    expect(mediansOf([{ a: 1, b: 7 }, { a: 5 }, { a: 2 }])).toEqual({ a: 2, b: 7 });
  });
});

describe('pictures', () => {
  const linesOf = (of: Raw, name: string): readonly (readonly [string, readonly number[]])[] =>
    (scalePlots(of)[name]?.lines ?? []).map((line) => [line.name, line.points.map(({ x }) => x)]);

  test('show voters for each name, all or three, which of three are the same', () => {
    expect(linesOf(raw, 'scale-throughput')).toEqual([
      ['all voters', [3, 7]],
      ['replicas: 3', [3, 7]],
    ]);
    expect(linesOf(raw, 'scale-messages')).toEqual([
      ['all voters', [3]],
      ['replicas: 3', [3, 9]],
    ]);
  });

  test('show memory by the locks that are held', () => {
    const held = { [heldBytesName(1_000)]: 4e5, [heldBytesName(100_000)]: 4e7 };
    expect(linesOf(held, 'scale-memory')).toEqual([['a voter of three', [1_000, 100_000]]]);
  });
});
