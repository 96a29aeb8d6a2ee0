/**
 * 1,000,000 names, each locked once, over time. A voter crashes on the way and comes back, and
 * another one is cut off; nothing is kept of a name that is free, but for a token in a bucket.
 */

import type { Sim, SimNode, SimProcess } from '../../src/sim/index.ts';
import { requireNothingLeft } from './left-over.ts';
import { grouped, type Shape } from './shape.ts';

/** So many are asked for at once, on each peer. */
const inFlight = 100;

export function manyNames(count: number): Shape {
  return {
    name: `${grouped(count)} names over time`,
    options: { nodes: 3, peer: { lease: 1_000 }, timeout: 36_000_000 },
    run: (sim) => run(sim, count),
  };
}

async function run(sim: Sim, count: number): Promise<readonly string[]> {
  let taken = 0;
  let most = 0;
  const take = async (node: SimNode, { peer, sleep }: SimProcess): Promise<void> => {
    while (taken < count) {
      taken += 1;
      const name = `name ${taken}`;
      // Whoever is cut off is told that there is no quorum, and asks again.
      let lock = await peer.acquire(name).catch(() => null);
      for (; lock === null; lock = await peer.acquire(name).catch(() => null)) await sleep(100);
      most = Math.max(most, node.sizes.entries);
      await lock.release();
    }
  };
  const peers = ['a', 'b'].map((id) => sim.node(id));
  const all = peers.flatMap((node) => {
    return Array.from({ length: inFlight }, () => node.run((process) => take(node, process)));
  });
  await sim.until(() => taken > count / 4);
  sim.node('c').crash();
  await sim.until(() => taken > count / 2);
  await sim.node('c').restart();
  await sim.until(() => taken > (3 * count) / 4);
  const cut = sim.partition([['a'], ['b', 'c']]);
  await sim.sleep(2 * sim.mesh.lease);
  cut.heal();
  await Promise.all(all);
  await sim.converge(4 * sim.mesh.lease);
  return [
    `${grouped(taken)} names, and at most ${grouped(most)} rounds kept at a time`,
    await requireNothingLeft(sim),
  ];
}
