/**
 * Sequences of commands against the sequential model of locks: the peers do what it says, and a
 * lock that does not is found out.
 */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Lock } from '../../src/peer/lock.ts';
import { type LockSubject, lockCommands } from '../../src/sim/fast-check.ts';
import { runSim } from '../../src/sim/run-sim.ts';

test.each([
  [3, 'majority', 3],
  [4, 'majority', undefined],
  [3, 'unanimous', 3],
  [5, 'majority', 3],
] as const)(
  'lockCommands(): %s peers, %s of %s, do as the model',
  async (nodes, quorum, replicas) => {
    const peer = replicas === undefined ? { quorum } : { quorum, replicas };
    let grants = 0;
    const property = fc.asyncProperty(lockCommands({ nodes }), async (script) => {
      const report = await runSim({ nodes, peer }, (sim) => script.run(sim));
      grants += report.grants;
    });
    await fc.assert(property, { seed: 1, numRuns: 30 });
    expect(grants).toBeGreaterThan(50);
  },
);

test('lockCommands(): of a lock that ignores its holder, two commands are left', async () => {
  const everybody: LockSubject<Lock | null> = {
    isHeld: () => true,
    release: async (lock) => lock?.release(),
    tryAcquire: async ({ peer }, name, mode) => {
      // Wrong: what is taken counts as held all the same.
      return (await peer.tryAcquire(name, { mode })) ?? (await peer.tryAcquire(`${name}?`));
    },
  };
  const property = fc.asyncProperty(lockCommands(), (script) => {
    return runSim({ shrink: false }, (sim) => script.run(sim, everybody)).then(() => {});
  });
  const { failed, counterexample } = await fc.check(property, { seed: 1, numRuns: 60 });
  expect(failed).toBe(true);
  expect(counterexample?.[0].commands).toHaveLength(2);
});
