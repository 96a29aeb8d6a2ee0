/**
 * 3 voters with 200 members that do not vote and take turns. A voter crashes and comes back, and
 * then half of the members are cut off: what they hold is lost, and they get theirs when they are
 * back.
 */

import type { Lock } from '../../src/peer/lock.ts';
import type { Sim, SimNodeOptions } from '../../src/sim/index.ts';
import { Holdings } from './holdings.ts';
import { requireNothingLeft } from './left-over.ts';
import { grouped, type Shape } from './shape.ts';

interface Sizes {
  readonly members: number;
  /** How long each rests before it asks again, at most. */
  readonly restMs: number;
}

/** So many members want each name. */
const rivals = 10;

const voters = ['a', 'b', 'c'];

export function manyMembers({ members, restMs }: Sizes): Shape {
  const others = Array.from({ length: members }, (_, index): SimNodeOptions => {
    return { id: `m${index}`, votes: false };
  });
  return {
    name: `3 voters, ${members} members`,
    options: { nodes: [...voters, ...others], peer: { lease: 1_000 }, timeout: 3_600_000 },
    run: (sim) => run(sim, restMs),
  };
}

async function run(sim: Sim, restMs: number): Promise<readonly string[]> {
  const holdings = new Holdings();
  const { lease } = sim.mesh;
  const members = sim.nodes.slice(voters.length);
  const own: Lock[] = [];
  let isOver = false;
  const all = members.map((node) =>
    node.run(async ({ peer, sleep, random }) => {
      const lock = await peer.acquire(`of ${node.id}`);
      holdings.take(lock, node.id);
      own.push(lock);
      while (!isOver) {
        await sleep(random() * restMs);
        const name = `name ${node.index % (members.length / rivals)}`;
        // Whoever is cut off is told that there is no quorum, and asks again.
        const lock = await peer.acquire(name).catch(() => null);
        if (lock === null) continue;
        holdings.take(lock, node.id);
        await sleep(random() * 10);
        await holdings.give(lock);
      }
    }),
  );
  await sim.until(() => own.length === members.length, { timeout: 10_000 });
  sim.node('a').crash();
  await sim.sleep(2 * lease);
  await sim.node('a').restart();
  await sim.sleep(2 * lease);
  requireHeld(own, members.length);
  const before = members.map(({ id }) => holdings.countOf(id));
  const half = members.slice(members.length / 2);
  const partition = sim.partition([half.map(({ id }) => id)]);
  await sim.sleep(2 * lease);
  requireHeld(own, members.length - half.length);
  const kept = members.slice(0, members.length / 2);
  const isStarved = kept.some(({ id, index }) => {
    return holdings.countOf(id) === before[index - voters.length];
  });
  if (isStarved) throw new Error('A member starves, since others were cut off');
  partition.heal();
  await sim.converge(4 * lease);
  isOver = true;
  await Promise.all(all);
  await Promise.all(own.map((lock) => holdings.give(lock)));
  return [
    `${grouped(holdings.taken)} locks of ${members.length} members, through the crash of a voter`,
    `${half.length} of them, cut off, lost one each and were told; nobody else lost any`,
    await requireNothingLeft(sim),
  ];
}

function requireHeld(locks: readonly Lock[], count: number): void {
  const held = locks.filter(({ held, signal }) => held && !signal.aborted).length;
  if (held !== count) throw new Error(`${held} of ${locks.length} are held, not ${count}`);
}
