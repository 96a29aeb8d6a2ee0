/**
 * The `trace` option of a simulation.
 */

import { expect, test } from 'vitest';
import { runSim } from '../../../src/sim/run-sim.ts';
import type { Sim } from '../../../src/sim/sim.ts';
import { checkTrace } from '../../../src/sim/trace/check-trace.ts';
import type { Trace } from '../../../src/sim/trace/trace-event.ts';

async function scenario(sim: Sim): Promise<void> {
  const lock = await sim.node('a').peer.acquire('x');
  const end = sim.partition([['a'], ['b', 'c']]);
  await sim.sleep(100);
  end.heal();
  await lock.release();
}

test('is given the last run that passes, faults by hand included', async () => {
  const traces: Trace[] = [];
  const options = { seeds: 3, trace: (trace: Trace) => traces.push(trace) };
  const { hash } = await runSim(options, scenario);
  expect(traces).toHaveLength(1);
  const [trace = []] = traces;
  expect(checkTrace(trace)).toMatchObject({ findings: [], unjudged: [], grants: 1 });
  expect((await runSim({ seeds: 3 }, scenario)).hash).toBe(hash);
});

test('is given the run that fails, and what failed in it', async () => {
  const traces: Trace[] = [];
  const options = { seeds: 3, trace: (trace: Trace) => traces.push(trace) };
  const failing = runSim(options, async (sim) => {
    await scenario(sim);
    throw new Error('not today');
  });
  await expect(failing).rejects.toThrow('not today');
  expect(traces).toHaveLength(1);
  const violations = traces[0]?.filter(({ type }) => type === 'violation');
  expect(violations).toMatchObject([{ check: 'scenario', message: 'not today' }]);
});
