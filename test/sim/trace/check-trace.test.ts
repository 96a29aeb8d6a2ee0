/**
 * Traces are judged: those of sound runs are found sound, whatever went wrong in them; what was
 * changed in one, or is missing, is named.
 */

import { describe, expect, test } from 'vitest';
import { assumptionsOf } from '../../../src/sim/assumptions.ts';
import { drawPlan } from '../../../src/sim/draw-plan.ts';
import type { Plan } from '../../../src/sim/plan.ts';
import { runPlan } from '../../../src/sim/run-plan.ts';
import { checkTrace } from '../../../src/sim/trace/check-trace.ts';
import { formatTrace } from '../../../src/sim/trace/format-trace.ts';
import { readTrace } from '../../../src/sim/trace/read-trace.ts';
import { TraceRecorder } from '../../../src/sim/trace/recorder.ts';
import type { Trace } from '../../../src/sim/trace/trace-event.ts';

async function traceOf(plan: Plan): Promise<Trace> {
  const recorder = new TraceRecorder();
  const { verdict, failure } = await runPlan(plan, { recorder });
  expect({ verdict, failure }).toEqual({ verdict: 'safe', failure: null });
  return recorder.trace();
}

function withoutOf(plan: Plan): ('exclusion' | 'tokens')[] {
  const { isExclusive, isFenced } = assumptionsOf(plan);
  return [
    ...(isExclusive ? [] : (['exclusion'] as const)),
    ...(isFenced ? [] : (['tokens'] as const)),
  ];
}

const seeds = [2, 4, 6, 8];

describe('a run of the swarm', () => {
  test.each(seeds)('with seed %i, is found sound once it was written and read', async (seed) => {
    const plan = drawPlan(seed);
    const trace = readTrace(formatTrace(await traceOf(plan)));
    const report = checkTrace(trace, { without: withoutOf(plan) });
    expect(report.findings).toEqual([]);
    expect(report.unjudged).toEqual([]);
    const steps = trace.filter(({ type }) => type === 'step');
    expect(report.compared).toBe(steps.length);
    expect(report.grants).toBeGreaterThan(0);
  });
});
