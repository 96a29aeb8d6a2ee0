/**
 * Plans as values of fast-check.
 */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsePlan } from '../../src/sim/parse-plan.ts';
import type { Plan } from '../../src/sim/plan.ts';
import { simPlan } from '../../src/sim/plan-arbitrary.ts';

function crashCount({ steps }: Plan): number {
  return steps.filter(({ act }) => act.do === 'crash').length;
}

const property = fc.asyncProperty(simPlan(), async (plan) => crashCount(plan) < 2);

describe('simPlan()', () => {
  test('draws plans', () => {
    for (const plan of fc.sample(simPlan(), 50)) expect(parsePlan(plan)).toEqual(plan);
  });

  test('lets fast-check make a failing plan smaller', async () => {
    const { counterexample, failed } = await fc.check(property, { seed: 7, numRuns: 500 });
    expect(failed).toBe(true);
    const [plan] = counterexample ?? [];
    expect(plan?.steps.map(({ act }) => act.do)).toEqual(['crash', 'crash']);
    expect(plan?.mesh.latency).toEqual({ kind: 'constant', us: 1_000 });
  });

  test('repeats by seed and path', async () => {
    const first = await fc.check(property, { seed: 7, numRuns: 500 });
    const path = first.counterexamplePath ?? '';
    const again = await fc.check(property, { seed: 7, path, numRuns: 1, endOnFailure: true });
    expect(again.counterexample).toEqual(first.counterexample);
    expect(again.numShrinks).toBe(0);
  });

  test('makes a plan smaller that it has not drawn', () => {
    const arbitrary = simPlan();
    const [plan] = fc.sample(arbitrary, 1);
    expect(arbitrary.canShrinkWithoutContext(plan)).toBe(true);
    expect(arbitrary.canShrinkWithoutContext({ seed: 1 })).toBe(false);
  });

  test('keeps to its options', () => {
    const plans = fc.sample(simPlan({ voters: 3, faults: ['crash'] }), 30);
    for (const { mesh, steps } of plans) {
      expect(mesh.voters).toBe(3);
      for (const { act } of steps) expect(['acquire', 'crash', 'look']).toContain(act.do);
    }
  });
});
