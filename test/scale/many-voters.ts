/**
 * 32 voters that all take turns. Some crash and come back, and then just fewer than a majority are
 * cut off: the others go on, and those wait until they are back.
 */

import type { Sim, SimNode, SimProcess } from '../../src/sim/index.ts';
import { Holdings } from './holdings.ts';
import { requireNothingLeft } from './left-over.ts';
import { grouped, type Shape } from './shape.ts';

interface Sizes {
  readonly voters: number;
  /** How long each rests before it asks again, at most. */
  readonly restMs: number;
}

/** So many names are wanted by all. */
const nameCount = 8;

export function manyVoters({ voters, restMs }: Sizes): Shape {
  return {
    name: `${voters} voters`,
    options: { nodes: voters, peer: { lease: 1_000 }, timeout: 3_600_000 },
    run: (sim) => run(sim, restMs),
  };
}

async function run(sim: Sim, restMs: number): Promise<readonly string[]> {
  const holdings = new Holdings();
  const { lease, quorum } = sim.mesh;
  let isOver = false;
  const all = sim.nodes.map((node) =>
    node.run(async (process) => {
      while (!isOver) {
        await process.sleep(process.random() * restMs);
        await takeTurn(process, node, holdings);
      }
    }),
  );
  await sim.sleep(restMs);
  const dying = sim.nodes.slice(0, 3);
  for (const node of dying) {
    node.crash();
    holdings.bury(node.id);
  }
  await sim.sleep(lease / 2);
  await Promise.all(dying.map((node) => node.restart()));
  await sim.sleep(lease / 2);
  const turns = await divide(sim, holdings);
  isOver = true;
  await Promise.all(all);
  for (const { id } of sim.nodes) if (holdings.countOf(id) < 2) throw new Error(`${id} starves`);
  await sim.converge(4 * lease);
  return [
    `${grouped(holdings.taken)} turns through crashes and a partition, and nobody starved`,
    `${quorum} voters took ${turns} turns while ${sim.nodes.length - quorum} were cut off`,
    await requireNothingLeft(sim),
  ];
}

/** Cuts off just fewer than a majority. @returns how many turns the others took meanwhile */
async function divide(sim: Sim, holdings: Holdings): Promise<number> {
  const { lease, quorum } = sim.mesh;
  const cut = sim.nodes.slice(quorum);
  const others = sim.nodes.slice(0, quorum);
  const partition = sim.partition([others.map(({ id }) => id)]);
  // Until whoever was cut off knows it.
  await sim.sleep(2 * lease);
  const countOf = (nodes: readonly SimNode[]): number => {
    return nodes.reduce((sum, { id }) => sum + holdings.countOf(id), 0);
  };
  const before = { cut: countOf(cut), others: countOf(others) };
  await sim.sleep(lease);
  if (countOf(cut) > before.cut) throw new Error('Fewer than a majority granted a lock');
  const turns = countOf(others) - before.others;
  if (turns === 0) throw new Error('A majority granted no lock');
  partition.heal();
  await sim.sleep(2 * lease);
  return turns;
}

async function takeTurn(
  { peer, sleep, random }: SimProcess,
  { id, index }: SimNode,
  holdings: Holdings,
): Promise<void> {
  // Whoever is cut off is told that there is no quorum, and asks again.
  const lock = await peer.acquire(`name ${index % nameCount}`).catch(() => null);
  if (lock === null) return;
  holdings.take(lock, id);
  await sleep(random() * 10);
  await holdings.give(lock);
}
