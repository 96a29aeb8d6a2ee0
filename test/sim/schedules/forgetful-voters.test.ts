/**
 * Voters that restart have forgotten whom they voted for.
 */

import { describe, expect } from 'vitest';
import { simTest } from '../../../src/sim/vitest.ts';
import { ask, cut, granted, lossOf } from './asked.ts';

// dsync (MinIO) tells of this in its README: lock servers keep their votes in memory. Of eight,
// three are down; a lock is taken with the votes of 1 to 5; 4 and 5 crash; 4 to 8 start, and are
// five that know of nothing: the lock is granted a second time, while the first holder lives.
//
// Here a voter that has restarted casts no vote (rule 7.1) before every other voter has told it
// what it holds (7.2, 7.3) or nobody can count any more what it forgot: one lease.
describe('schedule 1: volatile votes, eight voters', () => {
  simTest('the five that restart are told what is held', { nodes: 8, network: 1 }, async (sim) => {
    for (const id of ['f', 'g', 'h']) sim.node(id).crash();
    const first = await sim.node('a').peer.acquire('x');
    for (const id of ['d', 'e']) sim.node(id).crash();
    expect(sim.effects['votes forgotten']).toBe(2);
    await Promise.all(['d', 'e', 'f', 'g', 'h'].map((id) => sim.node(id).restart()));

    const second = ask(sim, 'h', 'x');
    await sim.sleep(3 * sim.mesh.lease);
    expect(first.held).toBe(true);
    expect(second).toMatchObject({ lock: null, code: null });
    expect(sim).toHaveWitnessed('a held claim was told to a voter in recovery');

    await first.release();
    const releasedAt = sim.now;
    expect((await granted(sim, second)).token).toBeGreaterThan(first.token);
    expect(second.grantedAt - releasedAt).toBeLessThan(10);
  });

  simTest(
    'cut off from the holder, they wait for a lease',
    { nodes: 8, network: 1 },
    async (sim) => {
      for (const id of ['f', 'g', 'h']) sim.node(id).crash();
      const first = await sim.node('a').peer.acquire('x');
      const loss = lossOf(sim, first);
      sim.partition([['a', 'b', 'c']]);
      for (const id of ['d', 'e']) sim.node(id).crash();
      const restartedAt = sim.now;
      await Promise.all(['d', 'e', 'f', 'g', 'h'].map((id) => sim.node(id).restart()));

      const second = ask(sim, 'h', 'x');
      const lock = await granted(sim, second);
      expect(sim.effects['votes forgotten']).toBe(2);
      expect(loss).toMatchObject({ code: 'ERR_LOCK_LOST' });
      expect(loss.at).toBeLessThan(second.grantedAt);
      // Clocks differ by a hundred millionths.
      expect(second.grantedAt - restartedAt).toBeGreaterThan(sim.mesh.lease - 2);
      expect(second.grantedAt - restartedAt).toBeLessThan(sim.mesh.lease + 100);
      expect(lock.token).toBeGreaterThan(first.token);
    },
  );
});

// Redis's page on Redlock asks for "delayed restarts" for the same reason: a node that comes back
// empty within the time of a lock makes a second majority possible. Here: rules 7.1 to 7.3.
describe('schedule 12: a restarted voter that forgot', () => {
  simTest('it is between two that do not hear each other', { network: 1 }, async (sim) => {
    cut(sim, 'a', 'c');
    const first = await sim.node('a').peer.acquire('x');
    sim.node('b').crash();
    expect(sim.effects['votes forgotten']).toBe(1);
    const settled = sim.at('settled delivered', { node: 'b', with: 'a' });
    await sim.node('b').restart();
    await settled;

    const second = ask(sim, 'c', 'x');
    await sim.sleep(3 * sim.mesh.lease);
    // By its own vote and by the one that b, told of it, has cast again.
    expect(first.held).toBe(true);
    expect(second.lock).toBe(null);
    expect(sim).toHaveWitnessed('a held claim was told to a voter in recovery');
    expect(sim).toHaveWitnessed('a held claim gained a vote');

    await first.release();
    expect((await granted(sim, second, 10)).token).toBeGreaterThan(first.token);
  });

  simTest('it is all that the others reach', { network: 1 }, async (sim) => {
    cut(sim, 'a', 'c');
    const first = await sim.node('a').peer.acquire('x');
    const loss = lossOf(sim, first);
    sim.node('b').crash();
    cut(sim, 'a', 'b');
    const restartedAt = sim.now;
    await sim.node('b').restart();

    const second = ask(sim, 'c', 'x');
    const lock = await granted(sim, second);
    expect(loss.at).toBeLessThan(second.grantedAt);
    expect(second.grantedAt - restartedAt).toBeGreaterThan(sim.mesh.lease - 2);
    expect(lock.token).toBeGreaterThan(first.token);
    expect(sim).toHaveWitnessed('a voter left recovery after a lease');
  });

  simTest('two restart at once, and are told', { network: 1 }, async (sim) => {
    const first = await sim.node('a').peer.acquire('x');
    await sim.sleep(5);
    for (const id of ['b', 'c']) sim.node(id).crash();
    expect(sim.effects['votes forgotten']).toBe(2);
    const peers = await Promise.all(['b', 'c'].map((id) => sim.node(id).restart()));
    await Promise.all(peers.map((peer) => peer.ready()));
    expect(sim).toHaveWitnessed('a voter left recovery when all had settled');

    expect(await sim.node('c').peer.tryAcquire('x')).toBe(null);
    await sim.sleep(3 * sim.mesh.lease);
    expect(first.held).toBe(true);
    expect(await sim.node('b').peer.tryAcquire('x')).toBe(null);
  });

  simTest('two restart at once, cut off from the holder', { network: 1 }, async (sim) => {
    const first = await sim.node('a').peer.acquire('x');
    const loss = lossOf(sim, first);
    await sim.sleep(5);
    for (const id of ['b', 'c']) sim.node(id).crash();
    expect(sim.effects['votes forgotten']).toBe(2);
    sim.partition('isolate');
    const restartedAt = sim.now;
    await Promise.all(['b', 'c'].map((id) => sim.node(id).restart()));

    const second = ask(sim, 'c', 'x');
    const lock = await granted(sim, second);
    expect(loss.at).toBeLessThan(second.grantedAt);
    expect(second.grantedAt - restartedAt).toBeGreaterThan(sim.mesh.lease - 2);
    expect(lock.token).toBeGreaterThan(first.token);
  });
});

// An earlier recovery rule of lockmesh itself: a restarted voter asked the others for snapshots of
// what they knew, and voted again when a quorum had answered. It fails when a claim is held by a
// vote that it gained after the grant, together with one that was forgotten: five million random
// steps aimed at it did not find that (docs/protocol.md, end of section 11). Hence rule 7.3: all or
// a lease.
simTest(
  'schedule 12: five voters, snapshots from a quorum would not be enough',
  { nodes: 5, network: 1 },
  async (sim) => {
    const joinD = cut(sim, 'a', 'd');
    cut(sim, 'a', 'e');
    const first = await sim.node('a').peer.acquire('x');
    const loss = lossOf(sim, first);
    await sim.sleep(5);
    cut(sim, 'a', 'c');
    const lastHeardByC = sim.now;

    // Two seconds later b, which a has just heard from, restarts, and cannot reach a. It may ask c,
    // d and e: d and e know nothing of x.
    await sim.sleep(2_000);
    ask(sim, 'a', 'y', { timeout: 10 });
    await sim.at('vote delivered', { node: 'a', with: 'b', timeout: 5 });
    sim.node('b').crash({ network: 'reset' });
    cut(sim, 'a', 'b');
    expect(sim.effects['votes forgotten']).toBe(2);
    const restartedAt = sim.now;
    await sim.node('b').restart();
    await sim.at('settled delivered', { node: 'b', nth: 3, timeout: 500 });

    // Now d hears of x, and votes: a counts itself, d, and what b has forgotten.
    const told = sim.at('vote delivered', { node: 'a', with: 'd', timeout: 1_000 });
    joinD();
    await told;
    expect(sim).toHaveWitnessed('a held claim gained a vote');

    // e asks for x. When c has expired what it kept for a, it votes for e, as does e itself.
    const second = ask(sim, 'e', 'x');
    const voted = await sim.at('vote delivered', { node: 'e', with: 'c', nth: 2 });
    expect(voted.at - lastHeardByC).toBeGreaterThan(sim.mesh.lease - 10);
    expect(sim.effects['leases expired']).toBe(1);

    // b would be the third: it must not vote yet, since a still holds by what it forgot.
    expect(first.held).toBe(true);
    const b = sim
      .node('e')
      .peer.status()
      .voters.find(({ id }) => id === 'b');
    expect(b?.state).toBe('recovering');
    expect(second.lock).toBe(null);

    const lock = await granted(sim, second);
    expect(loss).toMatchObject({ code: 'ERR_LOCK_LOST' });
    expect(loss.at).toBeLessThan(second.grantedAt);
    expect(loss.at).toBeGreaterThan(voted.at);
    expect(loss.at - restartedAt).toBeLessThan(sim.mesh.lease);
    expect(lock.token).toBeGreaterThan(first.token);
  },
);
