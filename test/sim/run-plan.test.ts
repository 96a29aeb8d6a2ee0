/**
 * Plans at the edges of what may be drawn or written by hand.
 */

import { expect, test } from 'vitest';
import { namesMax } from '../../src/protocol/claim.ts';
import { type Operation, type Plan, planVersion } from '../../src/sim/plan.ts';
import { runPlan } from '../../src/sim/run-plan.ts';

const calm: Plan = {
  ...{ version: planVersion, seed: 1, healAtMs: 500, steps: [] },
  mesh: {
    ...{ voters: 3, members: 0, quorum: 2, leaseMs: 1_000, prepareTimeoutMs: 200 },
    ...{ hasDisk: false, isWarm: true, latency: { kind: 'constant', us: 1_000 } },
    clocks: [0, 1, 2].map(() => ({ offsetMs: 0, driftPpm: 0 })),
    limits: { endingsMax: 1_000, idleResourcesMax: 1_000, lookAhead: 8, waitersMax: 1_000 },
  },
};

/** On a name of its own. */
function acquire(index: number): Operation {
  return {
    ...{ do: 'acquire', host: index % 3, names: [`name ${index}`], mode: 'exclusive' },
    ...{ patience: 'wait', holdMs: 1, timeoutMs: 0, giveUpMs: 0, maxHoldMs: 0, lingerMs: 0 },
  };
}

test('a plan may have more names than a claim', async () => {
  const steps = Array.from({ length: namesMax + 1 }, (_, index) => {
    return { when: { atMs: index }, act: acquire(index) };
  });
  const { verdict, failure, grants } = await runPlan({ ...calm, steps });
  expect({ verdict, failure }).toEqual({ verdict: 'safe', failure: null });
  expect(grants).toBeGreaterThan(steps.length);
});

test('of those that wait for each other, the youngest is told', async () => {
  const nested = (host: number, names: readonly string[]): Operation => {
    return { ...acquire(host), names, patience: 'nest', holdMs: 40 };
  };
  const plan: Plan = {
    ...{ ...calm, mesh: { ...calm.mesh, deadlockProbeMs: 50 } },
    steps: [
      { when: { atMs: 1 }, act: nested(0, ['x', 'y']) },
      { when: { atMs: 2 }, act: nested(1, ['y', 'z']) },
      { when: { atMs: 3 }, act: nested(2, ['z', 'x']) },
    ],
  };
  const { verdict, failure, tally, witnessed } = await runPlan(plan);
  expect({ verdict, failure }).toEqual({ verdict: 'safe', failure: null });
  expect([...tally.failed]).toEqual([['ERR_DEADLOCK', 1]]);
  expect(witnessed).toContain('a deadlock of three or more was broken');
  const steps = plan.steps.map(({ when, act }) => {
    if (act.do !== 'acquire') throw new Error('All ask');
    return { when, act: { ...act, timeoutMs: 300, patience: 'nest unsaid' } as const };
  });
  const silent = await runPlan({ ...plan, steps });
  expect(silent.failure).toBeNull();
  expect([...silent.tally.failed.keys()]).toEqual(['ERR_LOCK_TIMEOUT']);
});

test('a plan may do nothing', async () => {
  const { verdict, failure, grants } = await runPlan(calm);
  expect({ verdict, failure }).toEqual({ verdict: 'safe', failure: null });
  // The probes of the hosts that were healed.
  expect(grants).toBeGreaterThanOrEqual(calm.mesh.quorum);
});

test('a run without checks witnesses nothing, and is the same', async () => {
  const plan = { ...calm, steps: [{ when: { atMs: 1 }, act: acquire(0) }] };
  const [checked, unchecked] = [await runPlan(plan), await runPlan(plan, { checks: 'none' })];
  expect(unchecked.hash).toBe(checked.hash);
  expect(checked.witnessed).toContain('a claim was granted');
  expect(unchecked.witnessed).toEqual([]);
});

test('what waits in line on a host that stands still may be held for its time', async () => {
  const suspend = { do: 'suspend', host: 1, forMs: 10_000 } as const;
  const long = { ...acquire(1), names: ['x'], holdMs: 8_000 };
  const { verdict, failure, tally } = await runPlan({
    ...calm,
    healAtMs: 20,
    steps: [
      { when: { atMs: 1 }, act: suspend },
      { when: { atMs: 2 }, act: long },
    ],
  });
  expect({ verdict, failure }).toEqual({ verdict: 'safe', failure: null });
  expect(tally.granted).toBeGreaterThanOrEqual(1);
});
