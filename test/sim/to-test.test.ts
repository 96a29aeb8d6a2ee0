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

  test('tells each step in words', () => {
    const plan = smallPlan([
      ask(10, 1, { holdMs: 3_000 }),
      {
        when: { point: 'commit sent', host: 1, nth: 1 },
        act: { do: 'crash', host: 0, network: 'reset', disk: 'last write kept', forMs: 20 },
      },
    ]);
    expect(toTest(plan, { check: 'exclusion', message: 'a and b hold x' })).toBe(`${printed}\n`);
  });
});

const printed = `
import { type Plan, runPlan } from 'lockmesh/sim';
import { expect, test } from 'vitest';

// It failed: exclusion: a and b hold x
test('plan 1 passes exclusion', async () => {
  const plan: Plan = {
    version: 1,
    seed: 1,
    // 3 voters, 2 decide, lease 1000 ms.
    mesh: {
      voters: 3,
      members: 0,
      quorum: 2,
      leaseMs: 1000,
      prepareTimeoutMs: 200,
      hasDisk: false,
      isWarm: true,
      latency: { kind: 'exponential', leastUs: 200, meanUs: 100 },
      clocks: [{ offsetMs: 0, driftPpm: 0 }, { offsetMs: 0, driftPpm: 0 }, { offsetMs: 0, driftPpm: 0 }],
      limits: { endingsMax: 1000, idleResourcesMax: 1000, lookAhead: 8, waitersMax: 1000 },
    },
    healAtMs: 5000,
    steps: [
      // 10 ms: b asks for x, to hold it for 3000 ms.
      { when: { atMs: 10 }, act: { do: 'acquire', host: 1, names: ['x'], mode: 'exclusive', patience: 'wait', holdMs: 3000, timeoutMs: 0, giveUpMs: 0, maxHoldMs: 0 } },
      // commit sent at b: a crashes (reset; last write kept), for 20 ms.
      { when: { point: 'commit sent', host: 1, nth: 1 }, act: { do: 'crash', host: 0, network: 'reset', disk: 'last write kept', forMs: 20 } },
    ],
  };
  const report = await runPlan(plan);
  expect(report.failure).toBeNull();
});
`.trim();
