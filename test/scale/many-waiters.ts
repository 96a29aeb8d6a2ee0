/**
 * 10,000 that wait for one name. The member that holds it is cut off: it loses it, and then all are
 * served in the order in which they asked, but for those who gave up, while a voter crashes.
 */

import type { Lock } from '../../src/peer/lock.ts';
import type { Sim, SimProcess } from '../../src/sim/index.ts';
import { Holdings } from './holdings.ts';
import { requireNothingLeft } from './left-over.ts';
import { grouped, type Shape } from './shape.ts';

const name = 'one';

/** One in so many gives up before it is served. */
const impatient = 10;

export function manyWaiters(count: number): Shape {
  // Exact, so that tickets go by true time: their order is that in which they asked.
  const clock = { drift: 0, offset: 0 };
  const ids = ['a', 'b', 'c', 'm', 'holder'];
  return {
    name: `${grouped(count)} waiters on one key`,
    options: {
      nodes: ids.map((id) => ({ id, clock, votes: id.length === 1 && id !== 'm' })),
      peer: { lease: 5_000, limits: { waitersMax: count + 1 } },
      timeout: 36_000_000,
    },
    run: (sim) => run(sim, count),
  };
}

async function run(sim: Sim, count: number): Promise<readonly string[]> {
  const holdings = new Holdings();
  const first = await sim.node('holder').peer.acquire(name);
  holdings.take(first, 'holder');
  const askers = ['a', 'b', 'm'];
  const served: number[] = [];
  let settled = 0;
  const ask = async ({ peer }: SimProcess, index: number): Promise<void> => {
    const timeout = index % impatient === 1 ? { timeout: sim.mesh.lease / 2 } : {};
    const lock = await peer.acquire(name, timeout).catch(() => null);
    settled += 1;
    if (lock === null) return;
    holdings.take(lock, peer.id);
    served.push(index);
    await holdings.give(lock);
  };
  // One after the other, a millisecond apart, in turn on three peers.
  const all = askers.map((id, place) =>
    sim.node(id).run(async (process) => {
      await process.sleep(place);
      const calls: Promise<void>[] = [];
      for (let index = place; index < count; index += askers.length) {
        calls.push(ask(process, index));
        await process.sleep(askers.length);
      }
      await Promise.all(calls);
    }),
  );
  await sim.sleep(count + sim.mesh.lease);
  const gaveUp = settled;
  const cut = sim.partition([['holder']]);
  await sim.until(() => served.length > count / 4, { timeout: 4 * sim.mesh.lease });
  requireTold(first);
  sim.node('c').crash();
  await sim.until(() => served.length > count / 2);
  await sim.node('c').restart();
  await Promise.all(all);
  requireOrder(served, count - gaveUp);
  cut.heal();
  await sim.converge(4 * sim.mesh.lease);
  return [
    `${grouped(served.length)} were served in the order asked, ${grouped(gaveUp)} gave up before`,
    'the holder, cut off, was told first; a voter crashed and came back meanwhile',
    await requireNothingLeft(sim),
  ];
}

function requireTold({ held, signal }: Lock): void {
  if (held || !signal.aborted) throw new Error('The holder that was cut off was not told');
}

function requireOrder(served: readonly number[], count: number): void {
  if (served.length !== count) throw new Error(`${served.length} were served, not ${count}`);
  for (const [at, index] of served.entries()) {
    const before = served[at - 1] ?? -1;
    if (index < before) throw new Error(`Number ${index} was served after number ${before}`);
  }
}
