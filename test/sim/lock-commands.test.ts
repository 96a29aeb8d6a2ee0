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
  [3, 'majority', 3, false],
  [4, 'majority', undefined, true],
  [3, 'unanimous', 3, true],
  [5, 'majority', 3, true],
] as const)(
  'lockCommands(): %s peers, %s of %s, do as the model, stealing: %s',
  async (nodes, quorum, replicas, steals) => {
    const peer = { quorum, allowSteal: steals, ...(replicas === undefined ? {} : { replicas }) };
    let grants = 0;
    const property = fc.asyncProperty(lockCommands({ nodes, steals }), async (script) => {
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

/** What is tested, made wrong in one way. */
const peers: Required<LockSubject<Lock>> = {
  isHeld: ({ held }) => held,
  release: (lock) => lock.release(),
  tryAcquire: ({ peer }, name, mode) => peer.tryAcquire(name, { mode }),
  tryAcquireAny: async ({ peer }, names, mode) => {
    const held = await peer.tryAcquireAny(names.map((name) => ({ name, mode })));
    return held && { name: held.name, held };
  },
  downgrade: (lock) => lock.downgrade(),
  steal: ({ peer }, name) => peer.acquire(name, { steal: true }),
};

test.each([
  ['whose downgrade does nothing', { downgrade: async () => {} }, 'downgrade', 3],
  ['whose downgrade releases', { downgrade: peers.release }, 'downgrade', 2],
  [
    'that takes all of several, and tells of one',
    {
      tryAcquireAny: async ({ peer }, names, mode) => {
        const [name = ''] = names;
        const held = await peer.tryAcquire(names.map((each) => ({ name: each, mode })));
        return held && { name, held };
      },
    },
    'acquire-any',
    2,
  ],
  [
    'that is granted on one name, and said to be another',
    {
      tryAcquireAny: async ({ peer }, names, mode) => {
        const held = await peer.tryAcquireAny(names.map((name) => ({ name, mode })));
        return held && { name: names.find((name) => name !== held.name) ?? '', held };
      },
    },
    'acquire-any',
    2,
  ],
  ['that is stolen behind its back', { isHeld: () => true }, 'steal', 2],
  [
    'that is not stolen, but waited for',
    { steal: ({ peer }, name) => peer.acquire(name, { timeout: 5_000 }).catch(() => null) },
    'steal',
    2,
  ],
] satisfies readonly (readonly [string, Partial<LockSubject<Lock>>, string, number])[])(
  'lockCommands(): of a lock %s, the fewest commands are left',
  async (_, wrong, act, count) => {
    const peer = { allowSteal: true };
    const property = fc.asyncProperty(lockCommands({ steals: true }), (script) => {
      const play = runSim({ peer, shrink: false }, (sim) =>
        script.run(sim, { ...peers, ...wrong }),
      );
      return play.then(() => {});
    });
    const { failed, counterexample } = await fc.check(property, { seed: 2, numRuns: 100 });
    expect(failed).toBe(true);
    const commands = counterexample?.[0].commands ?? [];
    expect(commands.map((command) => command.do)).toContain(act);
    expect(commands).toHaveLength(count);
  },
);

test('lockCommands(): is asked for no more than it has', async () => {
  const { isHeld, release, tryAcquire } = peers;
  const property = fc.asyncProperty(lockCommands({ steals: true }), async (script) => {
    await runSim({}, (sim) => script.run(sim, { isHeld, release, tryAcquire }));
  });
  await fc.assert(property, { seed: 1, numRuns: 5 });
});

test('lockCommands(): is refused for what is no boolean', () => {
  const steals = 'yes' as unknown as boolean;
  expect(() => lockCommands({ steals })).toThrow(
    'Cannot draw commands: steals must be true or false, received "yes"',
  );
});
