/**
 * The ratios of the benchmark are made of the right figures, and medians of the right rounds.
 */

import { describe, expect, test } from 'vitest';
import { ratioNames, ratiosOf, verdictOn } from '../../bench/ratios.ts';
import { type Medians, Results } from '../../bench/results.ts';

const medians: Medians = {
  'floor-one': { sequential: { acquireP50Ms: 0.04 } },
  'floor-two': { sequential: { acquireP50Ms: 0.05 } },
  'floor-batched': { in64: { pairsPerS: 120_000 } },
  central: { contended: { grantsPerS: 10_000 } },
  'lockmesh-3': {
    sequential: { acquireP50Ms: 0.06 },
    in64: { pairsPerS: 60_000, cpuSPer10kPairs: 0.2 },
    contended: { grantsPerS: 12_000, jain: 0.999, maxOverMin: 1.01, handoffP50Ms: 0.03 },
    waiters10: { grantsPerS: 12_000 },
    waiters10k: { grantsPerS: 9_000 },
  },
  redis: { sequential: { acquireP50Ms: 0.12 }, in64: { pairsPerS: 30_000 } },
  'redlock-3': { in64: { pairsPerS: 6_000, cpuSPer10kPairs: 2 } },
};

describe('ratios', () => {
  test('are those of lockmesh with three voters to the others', () => {
    const expected = {
      acquireOverFloor: 1.2,
      acquireOverRedis: 0.5,
      pairsOverBatchedFloor: 0.5,
      pairsOverRedis: 2,
      pairsOverRedlock3: 10,
      contendedOverCentral: 1.2,
      jain: 0.999,
      maxOverMin: 1.01,
      handoffOverOneWay: 1.5,
      cpuOverRedlock3: 0.1,
      waiters10kOver10: 0.75,
    };
    const ratios = ratiosOf(medians);
    expect(Object.keys(ratios)).toEqual(Object.keys(expected));
    for (const name of ratioNames) expect(ratios[name], name).toBeCloseTo(expected[name]);
  });

  test('are null where a system was not there', () => {
    const { redis: _, ...withoutRedis } = medians;
    const ratios = ratiosOf(withoutRedis);
    expect(ratios).toMatchObject({ acquireOverRedis: null, pairsOverRedis: null });
    expect(ratios.pairsOverRedlock3).not.toBeNull();
    expect(Object.values(ratiosOf({}))).toEqual(ratioNames.map(() => null));
  });

  test('are judged by whether less or more is better', () => {
    expect(verdictOn('acquireOverFloor', 1.1)).toBe('aim');
    expect(verdictOn('acquireOverFloor', 1.5)).toBe('reached');
    expect(verdictOn('acquireOverFloor', 1.6)).toBe('short');
    expect(verdictOn('pairsOverRedis', 3)).toBe('aim');
    expect(verdictOn('pairsOverRedis', 1.2)).toBe('short');
    expect(verdictOn('pairsOverRedis', null)).toBe('missing');
  });
});

describe('results', () => {
  const results = new Results();
  for (const [at, pairsPerS] of [10, 1_000, 20].entries()) {
    const figures = { pairsPerS, overlaps: at };
    results.add({ system: 'redis', measure: 'in64', round: at + 1, figures });
  }
  results.add({ system: 'redis', measure: 'in4', round: 1, figures: { pairsPerS: 5 } });

  test('are medians over the rounds, measure by measure', () => {
    expect(results.medians().redis?.in64).toEqual({ pairsPerS: 20, overlaps: 1 });
    expect(results.medians().redis?.in4).toEqual({ pairsPerS: 5 });
  });

  test('can be seen for one round', () => {
    expect(results.round(2)).toEqual({ redis: { in64: { pairsPerS: 1_000, overlaps: 1 } } });
  });

  test('know the worst of all rounds', () => {
    expect(results.worst('redis', 'overlaps')).toBe(2);
    expect(results.worst('central', 'overlaps')).toBe(0);
  });
});
