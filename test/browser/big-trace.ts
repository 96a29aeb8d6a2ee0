/**
 * A trace of a given size, with faults in it and a broken promise at its end: what a page of it has
 * to cope with.
 */

import { drawPlan } from '../../src/sim/draw-plan.ts';
import { runPlan } from '../../src/sim/run-plan.ts';
import { TraceRecorder } from '../../src/sim/trace/recorder.ts';
import type { Trace, TraceEvent } from '../../src/sim/trace/trace-event.ts';

/** Seeds before it have runs of fewer than 10,000 events. */
const firstSeed = 143;

/** A run that has that many events; the last of those that are taken is a violation. */
export async function bigTrace(size: number): Promise<{ readonly seed: number; trace: Trace }> {
  for (let seed = firstSeed; ; seed++) {
    const recorder = new TraceRecorder();
    await runPlan(drawPlan(seed), { recorder });
    const trace = recorder.trace();
    if (trace.length < size) continue;
    const first = trace.slice(0, size - 1);
    return { seed, trace: [...first, broken(first)] };
  }
}

function broken(trace: Trace): TraceEvent {
  const last = trace.at(-1);
  return {
    ...{ type: 'violation', id: 'world:end', check: 'exclusion', cause: last?.id ?? null },
    ...{ at: last?.at ?? 0, message: 'put here to be seen; nothing was broken in this run' },
  };
}
