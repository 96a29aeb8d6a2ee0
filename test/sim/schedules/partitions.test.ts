/**
 * Meshes that are divided, in the ways in which lock services were caught by it.
 */

import { describe, expect } from 'vitest';
import type { Sim } from '../../../src/sim/sim.ts';
import { simTest } from '../../../src/sim/vitest.ts';
import { type Asked, ask, cut, failed, granted, lossOf } from './asked.ts';

// dsync and others: a holder keeps its lock alive by refreshing it, and takes silence, or its own
// sending, for success. Cut off, it refreshes into the void; the majority ends its lock, and grants
// it again.
//
// Here what counts is what has come back: a vote counts until a lease after the newest stamp of
// this holder that the voter has *echoed* (rule 6.4), and the holder ends earlier than any voter
// does (6.3). Where frames get through one way only, no echoes come either (6.2).
describe('schedule 2: a holder that refreshes into the void', () => {
  for (const shape of ['isolate', 'one-way'] as const) {
    simTest(`it knows before another is granted: ${shape}`, { network: 1 }, async (sim) => {
      const { lease } = sim.mesh;
      const first = await sim.node('a').peer.acquire('x');
      const loss = lossOf(sim, first);
      const second = ask(sim, 'b', 'x');
      await sim.sleep(1_000);
      const cutAt = sim.now;
      const partition = sim.partition(shape, { order: ['a', 'b', 'c'] });

      const lock = await granted(sim, second);
      expect(sim.effects['messages held']).toBeGreaterThan(0);
      expect(sim.effects['leases expired']).toBeGreaterThanOrEqual(2);
      expect(loss).toMatchObject({ code: 'ERR_LOCK_LOST' });
      expect(loss.at).toBeLessThan(second.grantedAt);
      // What was heard last may be as old as two frames without a message are apart.
      expect(loss.at - cutAt).toBeGreaterThan(0.5 * lease);
      expect(second.grantedAt - cutAt).toBeLessThan(lease + 5);
      expect(lock.token).toBeGreaterThan(first.token);

      partition.heal();
      await sim.sleep(lease);
      expect([first.held, lock.held]).toEqual([false, true]);
    });
  }
});

// JGroups and others count votes "of the members that I see": when the group splits, each half is
// unanimous over its survivors, both grant, and the merge finds two holders.
//
// Here N is configured, and never what can be seen (section 2, "voter"; section 10).
describe('schedule 4: two halves, each unanimous over its survivors', () => {
  const asked = (sim: Sim): readonly [Asked, Asked] => [ask(sim, 'a', 'x'), ask(sim, 'c', 'x')];

  for (const quorum of ['unanimous', 'majority'] as const) {
    const options = { nodes: 4, network: 1, peer: { quorum } };
    simTest(
      `neither half grants, and the merge has one holder: ${quorum}`,
      options,
      async (sim) => {
        const partition = sim.partition('halves');
        for (const each of asked(sim)) {
          expect(await failed(sim, each)).toBe('ERR_NO_QUORUM');
          expect(each.failedAt - each.askedAt).toBeLessThan(2_000 + 100);
        }
        expect(sim.effects['messages held']).toBeGreaterThan(0);

        partition.heal();
        await expect(sim).toConvergeWithin(sim.mesh.lease);
        const [one, other] = asked(sim);
        await sim.until(() => one.lock !== null || other.lock !== null, { timeout: 50 });
        await sim.sleep(1_000);
        const [first, second] = one.lock === null ? [other, one] : [one, other];
        expect(second.lock).toBe(null);
        await first.lock?.release();
        expect((await granted(sim, second, 10)).token).toBeGreaterThan(first.lock?.token ?? 0);
      },
    );
  }

  const options = { nodes: 4, network: 1, peer: { quorum: 'unanimous' } } as const;
  simTest('what was held before stays held, and is respected after', options, async (sim) => {
    const first = await sim.node('a').peer.acquire('x');
    const partition = sim.partition('halves');
    expect(await failed(sim, ask(sim, 'c', 'x'))).toBe('ERR_NO_QUORUM');
    await sim.sleep(3 * sim.mesh.lease);
    // Nobody can pass a voter that is the holder itself (rule 6.4).
    expect(first.held).toBe(true);

    partition.heal();
    await expect(sim).toConvergeWithin(sim.mesh.lease);
    expect(await sim.node('c').peer.tryAcquire('x')).toBe(null);
    const second = ask(sim, 'd', 'x');
    await first.release();
    expect((await granted(sim, second, 10)).token).toBeGreaterThan(first.token);
  });
});

// Erlang/OTP 5611 (`global`): a hears b, b hears c, a does not hear c; each agrees with b on who
// the cluster is, and locks are granted by two overlapping ones.
//
// Here both need a quorum of the one configured set, and any two have a voter in common: b, which
// keeps one order (section 4). It also carries the news of a release to whom the holder does not
// reach (rule 4.6: its newer vote).
simTest('schedule 11: overlapping partitions, a–b–c with a–c cut', { network: 1 }, async (sim) => {
  cut(sim, 'a', 'c');
  let last = 0;
  for (const [holder, waiter] of [
    ['a', 'c'],
    ['c', 'a'],
    ['a', 'c'],
  ] as const) {
    const first = await sim.node(holder).peer.acquire('x');
    expect(first.token).toBeGreaterThan(last);
    const second = ask(sim, waiter, 'x');
    await sim.sleep(1_500 + sim.mesh.lease);
    expect([first.held, second.lock]).toEqual([true, null]);

    await first.release();
    const releasedAt = sim.now;
    const lock = await granted(sim, second);
    expect(second.grantedAt - releasedAt).toBeLessThan(5);
    expect(lock.token).toBeGreaterThan(first.token);
    await lock.release();
    last = lock.token;
    await sim.sleep(10);
  }
  expect(sim.effects['messages held']).toBeGreaterThan(0);
  expect(
    sim
      .node('a')
      .peer.status()
      .voters.map(({ state }) => state),
  ).toEqual(['voting', 'voting', 'unreachable']);
});
