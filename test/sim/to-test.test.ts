/**
 * Plans printed as tests.
 */

import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { drawPlan } from '../../src/sim/draw-plan.ts';
import type { Plan } from '../../src/sim/plan.ts';
import { toTest } from '../../src/sim/to-test.ts';
import { ask, smallPlan } from './small-plan.ts';

/** The plan that a printed test would run. */
async function planIn(source: string): Promise<unknown> {
  const body = source.slice(source.indexOf('\ntest('));
  const { outputText } = ts.transpileModule(body, { compilerOptions: { target: 99 } });
  let seen: unknown;
  const runPlan = async (plan: unknown): Promise<{ failure: null }> => {
    seen = plan;
    return { failure: null };
  };
  const bodies: (() => Promise<void>)[] = [];
  const collect = (_: string, run: () => Promise<void>): number => bodies.push(run);
  new Function('test', 'runPlan', 'expect', outputText)(collect, runPlan, expect);
  for (const run of bodies) await run();
  return seen;
}

describe('toTest()', () => {
  test('prints a test that runs the very plan', async () => {
    for (let seed = 1; seed <= 15; seed += 1) {
      const plan: Plan = drawPlan(seed);
      expect(await planIn(toTest(plan, { check: 'exclusion', message: "it's\ntwo" }))).toEqual(
        plan,
      );
    }
  });

  test('tells each step in words', async () => {
    const plan = smallPlan([
      ask(10, 1, { holdMs: 3_000 }),
      {
        when: { point: 'commit sent', host: 1, nth: 1 },
        act: { do: 'crash', host: 0, network: 'reset', disk: 'last write kept', forMs: 20 },
      },
    ]);
    const source = toTest(plan, { check: 'exclusion', message: 'a and b hold x' });
    await expect(source).toMatchFileSnapshot('to-test.txt');
  });
});
