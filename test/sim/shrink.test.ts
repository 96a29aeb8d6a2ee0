/**
 * How failing plans become small, with runs that are made up.
 */

import { describe, expect, test } from 'vitest';
import { drawPlan } from '../../src/sim/draw-plan.ts';
import { parsePlan } from '../../src/sim/parse-plan.ts';
import type { Act, Plan, PlanStep } from '../../src/sim/plan.ts';
import { type ShrunkRun, shrink } from '../../src/sim/shrink.ts';
import { ask, smallPlan } from './small-plan.ts';

function outcome(check: string | null, plan: Plan): ShrunkRun {
  return { failure: check === null ? null : { check }, messages: plan.steps.length };
}

function crashesIn({ steps }: Plan): readonly (Act & { do: 'crash' })[] {
  return steps.flatMap(({ act }) => (act.do === 'crash' ? [act] : []));
}

/** Fails where a host asks, and another one crashes. */
function hasCrashBesideClaim(plan: Plan): boolean {
  return crashesIn(plan).some(({ host }) =>
    plan.steps.some(({ act }) => act.do === 'acquire' && act.host !== host),
  );
}

describe('shrink()', () => {
  test('leaves what is needed and nothing else', async () => {
    const failing = Array.from({ length: 400 }, (_, seed) => drawPlan(seed)).filter(
      hasCrashBesideClaim,
    );
    expect(failing.length).toBeGreaterThan(20);
    for (const plan of failing.slice(0, 20)) {
      const run = async (each: Plan): Promise<ShrunkRun> => {
        return outcome(hasCrashBesideClaim(parsePlan(each)) ? 'exclusion' : null, each);
      };
      const small = await shrink(plan, { run });
      expect(small.check).toBe('exclusion');
      expect(small.plan.steps).toHaveLength(2);
      expect(small.plan.mesh.clocks.length).toBeLessThanOrEqual(3);
      expect(small.plan.mesh.hasDisk).toBe(false);
      expect(small.plan.mesh.latency).toEqual({ kind: 'constant', us: 1_000 });
      expect(crashesIn(small.plan)).toMatchObject([
        { network: 'reset', disk: 'last write kept', forMs: 0 },
      ]);
      expect(small.runs).toBeLessThan(500);
    }
  });

  test('finds steps that only go together', async () => {
    // Two holds undo each other: either alone makes it pass.
    const hold = (from: number, to: number): PlanStep => {
      return { when: { atMs: 5 }, act: { do: 'hold', from, to, forMs: 9 } };
    };
    const plan = smallPlan([ask(1, 0), hold(0, 1), ask(2, 1), hold(1, 0), ask(3, 2)]);
    const run = async (each: Plan): Promise<ShrunkRun> => {
      const holds = each.steps.filter(({ act }) => act.do === 'hold').length;
      return outcome(holds !== 1 && each.steps.length > holds ? 'tokens' : null, each);
    };
    const small = await shrink(plan, { run });
    expect(small.plan.steps).toHaveLength(1);
  });

  test('accepts only what fails the same check, unless told otherwise', async () => {
    const plan = smallPlan([ask(1, 0), ask(2, 1), ask(3, 2)]);
    const run = async ({ steps }: Plan): Promise<ShrunkRun> => {
      return outcome(steps.length === 3 ? 'exclusion' : 'liveness', smallPlan(steps));
    };
    expect((await shrink(plan, { run })).plan.steps).toHaveLength(3);
    const any = await shrink(plan, { run, isSame: () => true });
    expect(any).toMatchObject({ check: 'liveness', messages: 0 });
  });

  test('ends after so many runs, or when told that it is over', async () => {
    const plan = drawPlan(5);
    let runs = 0;
    const run = async (each: Plan): Promise<ShrunkRun> => {
      runs += 1;
      return outcome('exclusion', each);
    };
    expect((await shrink(plan, { run, runsMax: 3 })).runs).toBe(3);
    expect(runs).toBe(3);
    expect((await shrink(plan, { run, isOver: () => runs > 8 })).runs).toBeLessThanOrEqual(6);
  });

  test('refuses a plan that does not fail', async () => {
    const run = async (plan: Plan): Promise<ShrunkRun> => outcome(null, plan);
    const shrinking = shrink(smallPlan(), { run });
    await expect(shrinking).rejects.toThrow('Cannot shrink plan: it must fail, and it does not');
  });

  test('never proposes a plan that cannot be read', async () => {
    for (let seed = 1; seed <= 10; seed += 1) {
      const run = async (plan: Plan): Promise<ShrunkRun> => {
        expect(parsePlan(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
        return outcome(plan.steps.length >= 6 ? 'exclusion' : null, plan);
      };
      await shrink(drawPlan(seed, { strategy: 'uniform' }), { run, runsMax: 600 });
    }
  });
});
