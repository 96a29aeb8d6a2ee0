/**
 * Links under random faults: cuts, silence, crashes, restarts, drops. Whatever happens, `up` and
 * `down` alternate, and once the network is whole again every pair is linked, once, and both ends
 * know each other's present run.
 */

import { expect, test } from 'vitest';
import {
  type JoinOptions,
  LinksWorld,
  linkedTo,
  type PeerOfWorld,
} from '../harness/links-world.ts';
import { Random } from '../harness/random.ts';

const leaseMs = 3_000;
const walkCount = 100;

interface Tally {
  links: number;
  restarts: number;
}

test(`${walkCount} walks end with every pair linked once`, async () => {
  const tally: Tally = { links: 0, restarts: 0 };
  for (let seed = 1; seed <= walkCount; seed++) await walk(seed, tally);
  expect(tally.links).toBeGreaterThan(walkCount * 10);
  expect(tally.restarts).toBeGreaterThan(walkCount);
});

async function walk(seed: number, tally: Tally): Promise<void> {
  const random = new Random(seed);
  const world = new LinksWorld(['a', 'b', 'c'], seed);
  const options: JoinOptions = { mesh: { leaseMs } };
  let runs = 1;
  const peers = new Map<string, PeerOfWorld>();
  for (const id of world.voters) peers.set(id, world.join(id, { ...options, incarnation: runs++ }));

  for (let step = 0; step < 60; step++) {
    const [id, peer] = random.pick([...peers]);
    const [otherId, other] = random.pick([...peers].filter(([name]) => name !== id));
    const roll = random.below(10);
    if (roll === 0) world.network.cut(peer.url, other.url);
    else if (roll === 1) world.network.silence(peer.url, other.url);
    else if (roll <= 5) world.network.mend(peer.url, other.url);
    else if (roll === 6) peer.drop(other.id, 'Walked into');
    else if (roll === 7 && random.chance(0.3)) {
      tally.restarts++;
      world.crash(peer);
      await world.settle();
      peers.set(id, world.join(id, { ...options, incarnation: runs++ }));
    }
    await advanceHeard(world, peers, random.below(1_500));
    expectAlternating(peers, `seed ${seed}, step ${step}, ${id} and ${otherId}`);
  }

  for (const one of peers.values()) {
    for (const other of peers.values()) world.network.mend(one.url, other.url);
  }
  // The longest: a dial into the dark, its wait, and a double's half lease.
  await advanceHeard(world, peers, 12_000);
  for (const [id, peer] of peers) {
    expect(linkedTo(peer), `seed ${seed}: links of ${id}`).toHaveLength(2);
    for (const [, other] of peers) {
      if (other === peer) continue;
      expect(world.network.connectionCount(peer.url, other.url), `seed ${seed}`).toBe(1);
      const status = peer.links.status().find((link) => link.peer === other.id);
      expect(status, `seed ${seed}`).toMatchObject({ incarnation: other.incarnation });
    }
    tally.links += peer.events.filter((event) => event.startsWith('up')).length;
    expect(peer.events, `seed ${seed}`).not.toContain('duplicate');
  }
}

/** Time passes; linked peers send heartbeats, and drop a link that brings none for half a lease. */
async function advanceHeard(
  world: LinksWorld,
  peers: ReadonlyMap<string, PeerOfWorld>,
  ms: number,
): Promise<void> {
  for (let left = ms; left > 0; left -= leaseMs / 5) {
    for (const { drop, links, heardAtMs } of peers.values()) {
      for (const status of links.status()) {
        if (status.state !== 'up') continue;
        const heard = Math.max(heardAtMs.get(status.peer) ?? 0, status.sinceMs);
        if (world.nowMs - heard > leaseMs / 2) drop(status.peer, 'Half open');
        else links.send(status.peer, new Uint8Array([0]));
      }
    }
    await world.advance(Math.min(left, leaseMs / 5));
  }
}

function expectAlternating(peers: ReadonlyMap<string, PeerOfWorld>, where: string): void {
  for (const peer of peers.values()) expect(peer.misordered, where).toEqual([]);
}
