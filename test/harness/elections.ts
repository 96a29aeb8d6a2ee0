/** Elections of one name on three peers, for tests. */

import type { Election } from '../../src/peer/election.ts';
import type { MeshPeer } from '../../src/peer/mesh-peer.ts';
import { openThree, urlOf, World } from './world.ts';

/** Leads until it is told that it no longer does, which it takes as long to see as `after`. */
export function lead(
  election: Election,
  after: Promise<void> = Promise.resolve(),
): Promise<unknown> {
  const run = election.run(
    (signal) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => void after.then(() => reject(signal.reason)));
      }),
  );
  return run.catch((error: unknown) => error);
}

/** Three peers, each with an election of one name, and what each has been told. */
export async function three(): Promise<{
  world: World;
  peers: readonly MeshPeer[];
  elections: readonly [Election, Election, Election];
  told: (string | null)[][];
}> {
  const world = new World();
  const peers = await openThree(world);
  const [a, b, c] = peers.map((peer) => peer.elect('chief', { value: urlOf(peer.id) }));
  if (!a || !b || !c) throw new Error('There are three');
  const told = [a, b, c].map((election) => {
    const all: (string | null)[] = [];
    election.on('change', (leader) => all.push(leader?.value ?? null));
    return all;
  });
  await world.settle();
  return { world, peers, elections: [a, b, c], told };
}

/** a from the others. */
export function part({ network }: World, how: 'cut' | 'mend'): void {
  for (const other of ['b', 'c']) network[how](urlOf('a'), urlOf(other));
}

export function valuesOf(elections: readonly Election[]): (string | undefined)[] {
  return elections.map(({ current }) => current?.value);
}
