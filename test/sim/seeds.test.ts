/**
 * Replays every run that has failed once.
 */

import { describe, expect, test } from 'vitest';
import { type Operation, type Plan, planVersion } from '../../src/sim/plan.ts';
import { runPlan } from '../../src/sim/run-plan.ts';
import type { RunReport } from '../../src/sim/run-report.ts';
import { planOf, tokenOf } from '../../src/sim/token.ts';
import { type KeptSeed, keptSeeds } from './seeds.ts';

/** A story is a sentence at least. */
const storyCharactersMin = 40;

function planOfKept({ run }: KeptSeed): Plan {
  return typeof run === 'string' ? planOf(run) : run;
}

async function replay(kept: KeptSeed): Promise<RunReport> {
  return await runPlan(planOfKept(kept));
}

/** What an entry lacks. */
function lacks({ found, mended, run }: KeptSeed): readonly string[] {
  const isShort = (story: string): boolean => story.trim().length < storyCharactersMin;
  return [
    ...(isShort(found) ? ['a story of what was found'] : []),
    ...(isShort(mended) ? ['a story of how it was mended'] : []),
    ...(typeof run !== 'string' && run.version !== planVersion ? ['a plan of this version'] : []),
  ];
}

const acquire: Operation = {
  ...{ do: 'acquire', host: 0, names: ['x'], mode: 'exclusive', patience: 'wait' },
  ...{ holdMs: 10, timeoutMs: 0, giveUpMs: 0, maxHoldMs: 0, lingerMs: 0 },
};

const sample: KeptSeed = {
  found: 'Nothing: this is what an entry looks like, with one claim and one crash.',
  mended: 'Nothing had to be: the run is here to show that what is kept is run.',
  run: {
    ...{ version: planVersion, seed: 1, healAtMs: 500 },
    mesh: {
      ...{ voters: 3, members: 0, quorum: 2, leaseMs: 1_000, prepareTimeoutMs: 200 },
      ...{ hasDisk: false, isWarm: true, latency: { kind: 'constant', us: 1_000 } },
      clocks: [0, 1, 2].map(() => ({ offsetMs: 0, driftPpm: 0 })),
      limits: { endingsMax: 1_000, idleResourcesMax: 1_000, lookAhead: 8, waitersMax: 1_000 },
    },
    steps: [
      { when: { atMs: 10 }, act: acquire },
      {
        when: { point: 'commit sent', host: 0, nth: 1 },
        act: {
          ...{ do: 'crash', host: 0, forMs: 100 },
          ...{ network: 'reset, tail lost', disk: 'last write kept' },
        },
      },
      { when: { atMs: 20 }, act: { ...acquire, host: 1 } },
    ],
  },
};

describe('what is kept', () => {
  test('has its story', () => {
    for (const kept of keptSeeds) expect(lacks(kept)).toEqual([]);
    expect(lacks(sample)).toEqual([]);
    expect(lacks({ ...sample, mended: 'Fixed it.' })).toEqual(['a story of how it was mended']);
  });

  test('is there once', () => {
    const tokens = keptSeeds.map((kept) => tokenOf(planOfKept(kept)));
    expect(new Set(tokens).size).toBe(tokens.length);
  });

  test('is run, whether it is a plan or a token', async () => {
    const plan = planOfKept(sample);
    const reports = [await replay(sample), await replay({ ...sample, run: tokenOf(plan) })];
    for (const { verdict, tally, effects } of reports) {
      expect(verdict).toBe('safe');
      expect(tally.granted).toBeGreaterThanOrEqual(2);
      expect(effects['processes killed']).toBe(1);
    }
    expect(reports[0]?.hash).toBe(reports[1]?.hash);
  });
});

describe('a run that failed once passes', () => {
  for (const kept of [sample, ...keptSeeds]) {
    test(kept.found, async () => {
      const { verdict, failure } = await replay(kept);
      expect({ verdict, failure }).toEqual({ verdict: 'safe', failure: null });
    });
  }
});
