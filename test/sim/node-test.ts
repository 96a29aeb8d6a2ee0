/**
 * Simulations in Node's own test runner; sim-vitest.integration.test.ts runs it.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runSim, type SimReport } from '../../src/sim/index.ts';

/** Two take turns; by promises of every kind. */
function run(): Promise<SimReport> {
  return runSim({ seeds: 2 }, async (sim) => {
    const turns = sim.nodes.map((node) => {
      return node.run(async ({ peer, sleep, request }) => {
        const lock = await peer.acquire('x');
        await Promise.all([sleep(5), request(() => sim.sleep(1))]);
        await lock.release();
        return sim.now;
      });
    });
    const times = await Promise.all(turns);
    assert.equal(new Set(times).size, 3);
  });
}

test('a simulation runs the same, in Node too', async () => {
  assert.deepEqual(await run(), await run());
});

test('the real world is refused, in Node too', async () => {
  await assert.rejects(
    runSim({}, () => {
      setTimeout(() => {}, 5);
    }),
    /Cannot call setTimeout in a simulation: .+node-test/,
  );
});
