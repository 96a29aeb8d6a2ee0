/**
 * 100,000 locks that are held at once, by a voter and a member. Another voter crashes and comes
 * back, and all is told to it again; then the member is cut off, its locks are lost, and others
 * take them.
 */

import type { Lock } from '../../src/peer/lock.ts';
import type { Sim, SimProcess } from '../../src/sim/index.ts';
import { Holdings } from './holdings.ts';
import { requireNothingLeft } from './left-over.ts';
import { grouped, type Shape } from './shape.ts';

/** So many are asked for before the answers are waited for. */
const batch = 1_000;

export function heldLocks(count: number): Shape {
  const each = Math.ceil(count / 2);
  return {
    name: `${grouped(count)} held locks`,
    options: {
      nodes: ['a', 'b', 'c', { id: 'm', votes: false }],
      peer: { lease: 5_000 },
      timeout: 3_600_000,
    },
    run: (sim) => run(sim, each),
  };
}

async function run(sim: Sim, each: number): Promise<readonly string[]> {
  const holdings = new Holdings();
  const own = namesOf('a', each);
  const members = namesOf('m', each);
  const [byVoter, byMember] = await Promise.all([
    sim.node('a').run((process) => takeAll(process, own, holdings)),
    sim.node('m').run((process) => takeAll(process, members, holdings)),
  ]);
  requireHeld('all', [...byVoter, ...byMember], 2 * each);
  sim.node('c').crash();
  await sim.sleep(2 * sim.mesh.lease);
  requireHeld('while a voter was down', [...byVoter, ...byMember], 2 * each);
  await sim.node('c').restart();
  await sim.converge(4 * sim.mesh.lease);
  requireHeld('when the voter was back', [...byVoter, ...byMember], 2 * each);
  const cut = sim.partition([['a', 'b', 'c'], ['m']]);
  const takers = sim.node('b').run((process) => takeAll(process, members, holdings));
  const taken = await takers;
  requireHeld('by the voter, when a member was cut off', byVoter, each);
  requireHeld('by those who took what was lost', taken, each);
  const told = byMember.filter(({ signal }) => signal.aborted).length;
  if (told !== each) throw new Error(`${told} of ${each} losses were told`);
  cut.heal();
  await sim.converge(4 * sim.mesh.lease);
  await Promise.all([...byVoter, ...taken].map((lock) => holdings.give(lock)));
  return [
    `${grouped(2 * each)} were held through a crash, and ${grouped(each)} through a partition`,
    `${grouped(each)} were lost, told so first, and taken by others`,
    await requireNothingLeft(sim),
  ];
}

function namesOf(of: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${of}/${index}`);
}

async function takeAll(
  { peer }: SimProcess,
  names: readonly string[],
  holdings: Holdings,
): Promise<readonly Lock[]> {
  const locks: Lock[] = [];
  for (let from = 0; from < names.length; from += batch) {
    const some = names.slice(from, from + batch).map(async (name) => {
      const lock = await peer.acquire(name);
      holdings.take(lock, peer.id);
      locks.push(lock);
    });
    await Promise.all(some);
  }
  return locks;
}

function requireHeld(when: string, locks: readonly Lock[], count: number): void {
  const held = locks.filter((lock) => lock.held && !lock.signal.aborted).length;
  if (held !== count) throw new Error(`${held} of ${count} locks are held: ${when}`);
}
