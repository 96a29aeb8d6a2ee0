/**
 * Messages that come late, twice or not at all.
 */

import { describe, expect } from 'vitest';
import { type Plan, planVersion } from '../../../src/sim/plan.ts';
import { simTest } from '../../../src/sim/vitest.ts';
import { ask, failed, granted } from './asked.ts';

// etcd 22082: an unlock names the session of its owner rather than the lock that it ends. Repeated,
// by a client that retries or by the network, it ends the lock that the same owner holds by now.
//
// Here RELEASE names a round, and no round's number is used twice (section 2); a frame that is
// repeated closes its link (rule 3.2); and a lock object ends what it stands for, once.
describe('schedule 7: a repeated release and a newer hold of the same peer', () => {
  simTest('the holder releases twice', { network: 1 }, async (sim) => {
    const { peer } = sim.node('a');
    const first = await peer.acquire('x');
    await first.release();
    const second = await peer.acquire('x');
    await first.release();
    await sim.sleep(10);
    expect([first.held, second.held]).toEqual([false, true]);
    expect(second.token).toBeGreaterThan(first.token);
    expect(await sim.node('b').peer.tryAcquire('x')).toBe(null);
  });

  const hostile: Plan = {
    ...{ version: planVersion, seed: 1, healAtMs: 10_000 },
    mesh: {
      ...{ voters: 3, members: 0, quorum: 2, leaseMs: 10_000, prepareTimeoutMs: 2_000 },
      ...{ hasDisk: false, isWarm: true, latency: { kind: 'constant', us: 1_000 } },
      clocks: [0, 1, 2].map(() => ({ offsetMs: 0, driftPpm: 0 })),
      limits: { endingsMax: 1_000, idleResourcesMax: 1_000, lookAhead: 8, waitersMax: 1_000 },
    },
    steps: ([1, 2] as const).map((to) => ({
      when: { atMs: 50 },
      act: { do: 'hostile', from: 0, to, mishap: 'repeated', ppm: 1_000_000, forMs: 10 },
    })),
  };

  simTest('the network repeats it', { network: 1, faults: hostile }, async (sim) => {
    const { peer } = sim.node('a');
    const first = await peer.acquire('x');
    await sim.sleep(55);
    const sent = sim.at('release sent', { node: 'a', timeout: 1 });
    const second = first.release().then(() => peer.acquire('x'));
    await sent;
    const lock = await second;
    await sim.sleep(2 * sim.mesh.lease);
    expect(sim.effects['messages repeated']).toBeGreaterThanOrEqual(2);
    expect(sim).toHaveWitnessed('a link was closed for a gap in its frames');
    expect(lock.held).toBe(true);
    expect(await sim.node('b').peer.tryAcquire('x')).toBe(null);
    expect(await sim.node('c').peer.tryAcquire('x')).toBe(null);
  });

  simTest('it is lost, and the newer hold makes the link anew', { network: 1 }, async (sim) => {
    const { peer } = sim.node('a');
    const first = await peer.acquire('x');
    await sim.sleep(5);
    const lost = sim.link('a', 'b').drop('release').once();
    await first.release();
    await sim.sleep(5);
    expect(lost.count).toBe(1);
    const second = await peer.acquire('x');
    const ended = sim.at('live delivered', { node: 'b', with: 'a', timeout: 500 });
    await ended;
    expect(sim).toHaveWitnessed('an entry was ended by not being named');

    expect(await sim.node('c').peer.tryAcquire('x')).toBe(null);
    await sim.sleep(2 * sim.mesh.lease);
    expect(second.held).toBe(true);
    expect(await sim.node('b').peer.tryAcquire('x')).toBe(null);
  });
});

// Textbook two-phase commit, as first written down for locks: (1) the COMMIT to one voter is lost;
// to that voter the round is still open, and it gives its vote to another who asks. (2) A yes
// arrives after the coordinator has aborted; nobody answers it, and the voter keeps the lock for
// nobody.
//
// Here a voter never takes a vote back by itself: it asks (INQUIRE), and a coordinator that has
// decided does not give it (rule 5.4). And an ABORT goes to every voter, whether or not it has been
// heard from (5.5), behind the PREPARE on a link that keeps the order, or breaks (3.2).
describe('schedule 8: COMMIT is lost to one voter', () => {
  // c's ticket is to be the smaller one, though it asks at the same time.
  const nodes = [
    { id: 'a', clock: { drift: 0, offset: 40 } },
    { id: 'b', clock: { drift: 0, offset: 0 } },
    { id: 'c', clock: { drift: 0, offset: -40 } },
  ];

  simTest('and that voter is asked by another', { nodes, network: 1 }, async (sim) => {
    await sim.sleep(500);
    const lost = sim.link('a', 'b').drop('commit').once();
    for (const id of ['a', 'b']) sim.link('c', id).hold();
    const first = ask(sim, 'a', 'x');
    const second = ask(sim, 'c', 'x');
    const lock = await granted(sim, first, 10);
    await sim.sleep(5);
    expect(lost.count).toBe(1);

    const asked = sim.at('inquire delivered', { node: 'a', with: 'b', timeout: 5 });
    for (const id of ['a', 'b']) sim.link('c', id).release();
    await asked;
    expect(sim).toHaveWitnessed('a question came too late to be answered');
    await sim.sleep(3 * sim.mesh.lease);
    expect([lock.held, second.lock]).toEqual([true, null]);

    await lock.release();
    expect((await granted(sim, second, 10)).token).toBeGreaterThan(lock.token);
  });
});

describe('schedule 8: a late yes after ABORT', () => {
  simTest('is freed', { network: 1 }, async (sim) => {
    for (const id of ['b', 'c']) sim.link(id, 'a').hold();
    const aborted = sim.at('abort sent', { node: 'a' });
    const first = ask(sim, 'a', 'x', { timeout: 50 });
    await aborted;
    const late = sim.at('vote delivered', { node: 'a', nth: 2, timeout: 10 });
    for (const id of ['b', 'c']) sim.link(id, 'a').release();
    await late;
    expect(await failed(sim, first)).toBe('ERR_LOCK_TIMEOUT');

    const second = ask(sim, 'b', 'x');
    await granted(sim, second, 10);
    expect(sim.node('a').peer.status()).toMatchObject({ held: 0, pending: 0 });
  });

  simTest('is freed though ABORT is lost', { network: 1 }, async (sim) => {
    const lost = ['b', 'c'].map((id) => sim.link('a', id).drop('abort').once());
    for (const id of ['b', 'c']) sim.link(id, 'a').hold();
    const first = ask(sim, 'a', 'x', { timeout: 50 });
    await failed(sim, first);
    for (const id of ['b', 'c']) sim.link(id, 'a').release();
    await sim.sleep(5);
    expect(lost.map(({ count }) => count)).toEqual([1, 1]);

    // Until the next frame from a, at the latest after a fifth of a lease, nobody knows of the gap.
    const second = ask(sim, 'b', 'x');
    await granted(sim, second);
    expect(second.grantedAt - second.askedAt).toBeLessThan(sim.mesh.lease / 5 + 100);
    expect(sim).toHaveWitnessed('an entry was ended by not being named');
  });
});
