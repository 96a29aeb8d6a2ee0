/**
 * A look at the whole mesh, in a simulated one.
 */

import { expect, test } from 'vitest';
import { runSim } from '../../src/sim/index.ts';

test('a member sees what voters know, and which of them is cut off', async () => {
  const nodes = ['a', 'b', 'c', 'd', 'e', 'm'].map((id) => ({ id, votes: id !== 'm' }));
  const peer = { lease: 1_000, replicas: 3 };
  await runSim({ nodes, seeds: 5, peer }, async (sim) => {
    const names = ['u', 'v', 'w', 'x', 'y', 'z'];
    const lock = await sim.node('a').peer.acquire(names);
    const look = () => sim.node('m').peer.query({ scope: 'mesh' });
    const cut = sim.partition([['e'], ['a', 'b', 'c', 'd', 'm']]);
    await sim.sleep(600);
    const waiting = sim.node('m').peer.acquire('u');
    await sim.sleep(50);
    const parted = await look();
    expect(parted.unanswered).toEqual(['e']);
    expect(parted.held.map(({ clientId, name }) => `${clientId} ${name}`).toSorted()).toEqual(
      names.map((name) => `a ${name}`),
    );
    expect(parted.pending).toMatchObject([{ clientId: 'm', name: 'u' }]);
    cut.heal();
    await sim.sleep(2_000);
    expect(await look()).toMatchObject({ unanswered: [], truncated: false });
    await lock.release();
    await (await waiting).release();
    await sim.sleep(100);
    expect(await look()).toMatchObject({ held: [], pending: [] });
  });
});
