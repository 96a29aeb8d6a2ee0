/**
 * Claims that outlive themselves, or stand in their own way.
 */

import { describe, expect } from 'vitest';
import { simTest } from '../../../src/sim/vitest.ts';
import { ask, failed, granted } from './asked.ts';

// etcd 11456 and 16221: a client waits in the queue of a mutex, its lease expires meanwhile, the
// key ahead of its own is deleted, and it takes that for its turn: the lock is "granted" to a
// session that there is no more, and to another besides.
//
// Here a waiting claim lives on the same sessions as a held one (rule 6.9): its votes stop counting
// before any voter drops it (6.3, 6.4), whatever ends ahead of it.
simTest(
  'schedule 6: a waiter whose session expired is not granted by a release',
  { network: 1, seeds: 10 },
  async (sim) => {
    const held = await sim.node('b').peer.acquire('x');
    const waiter = ask(sim, 'a', 'x');
    await sim.sleep(20);
    const next = ask(sim, 'c', 'x');
    await sim.sleep(20);
    // With the votes that a has, this is all that it waits for; it is the first in its buffer.
    const sent = sim.at('release sent', { node: 'b', with: 'a' });
    await held.release();
    await sent;
    sim.node('a').pause();
    const pausedAt = sim.now;
    const lock = await granted(sim, next);
    expect(next.grantedAt - pausedAt).toBeGreaterThan(0.7 * sim.mesh.lease);
    expect(sim.effects['leases expired']).toBeGreaterThanOrEqual(2);

    const read = sim.at('release delivered', { node: 'a', timeout: 1 });
    sim.node('a').resume();
    sim.sometimes('the release is read', await read.then(Boolean, () => false));
    await sim.sleep(2_000);
    expect([waiter.lock, waiter.code, lock.held]).toEqual([null, null, true]);

    await lock.release();
    expect((await granted(sim, waiter, 10)).token).toBeGreaterThan(lock.token);
  },
);

// node-redlock 369: an attempt gets some votes, not enough, and gives up without taking them back
// in time; the next attempt of the same caller finds its own votes in its way, and so on for ever.
//
// Here the votes of an attempt that has ended are ended, too: by ABORT (rule 5.5), on the same link
// and so before the next PREPARE; and where the link breaks, by LIVE, which does not name it (3.4).
describe('schedule 9: the next attempt of the same peer', () => {
  simTest('is not stopped by the votes of the one before', { network: 1 }, async (sim) => {
    const partition = sim.partition('isolate');
    expect(await failed(sim, ask(sim, 'a', 'x', { timeout: 500 }))).toBe('ERR_LOCK_TIMEOUT');
    const again = ask(sim, 'a', 'x', { timeout: 500 });
    expect(await failed(sim, again)).toBe('ERR_LOCK_TIMEOUT');
    // Of b and c no answer came; what a asked of them, and took back, is still on its way.
    expect(sim.effects['messages held']).toBeGreaterThanOrEqual(4);
    const voted = sim.at('vote delivered', { node: 'a', timeout: 10 });
    partition.heal();
    const lock = await granted(sim, ask(sim, 'a', 'x'), 10);
    await voted;

    await lock.release();
    await sim.sleep(10);
    await granted(sim, ask(sim, 'b', 'x'), 5);
    expect(sim.node('a').peer.status()).toMatchObject({ held: 0, pending: 0 });
  });

  simTest('is not stopped by votes that a broken link kept', { network: 1 }, async (sim) => {
    const lost = ['b', 'c'].map((id) => sim.link('a', id).drop('abort').once());
    for (const id of ['b', 'c']) sim.link(id, 'a').hold();
    expect(await failed(sim, ask(sim, 'a', 'x', { timeout: 500 }))).toBe('ERR_LOCK_TIMEOUT');
    for (const id of ['b', 'c']) sim.link(id, 'a').release();
    await sim.sleep(5);
    expect(lost.map(({ count }) => count)).toEqual([1, 1]);

    const again = ask(sim, 'a', 'x');
    await granted(sim, again);
    // Its first frame shows the gap; the links are made anew.
    expect(again.grantedAt - again.askedAt).toBeLessThan(200);
    expect(sim).toHaveWitnessed('a link was closed for a gap in its frames');
    expect(sim).toHaveWitnessed('an entry was ended by not being named');
  });
});

// Several clients race their own timeout against the answer: the call has failed, and a moment
// later the lock is granted to nobody, who never releases it.
//
// Here the core decides which came first: a round that was given up is aborted, and what is heard
// of it later is ignored (rules 5.4, 5.5).
describe('schedule 9: a timed-out acquire that completes later', () => {
  const exact = { drift: 0, offset: 0 };
  const nodes = ['a', 'b', 'c'].map((id) => ({ id, clock: exact }));

  for (const early of [2, 0.5]) {
    simTest(`the release is sent ${early} ms before`, { nodes, network: 1 }, async (sim) => {
      const held = await sim.node('b').peer.acquire('x');
      const waiter = ask(sim, 'a', 'x', { timeout: 500 });
      await sim.sleep(500 - early);
      const sent = sim.at('release sent', { node: 'b', with: 'a', timeout: 0.1 });
      await held.release();
      await sent;
      await sim.sleep(5);

      // It takes a millisecond.
      const isInTime = early > 1;
      expect(waiter.code).toBe(isInTime ? null : 'ERR_LOCK_TIMEOUT');
      const { held: count, pending } = sim.node('a').peer.status();
      expect({ count, pending }).toEqual({ count: isInTime ? 1 : 0, pending: 0 });
      const tried = await sim.node('c').peer.tryAcquire('x');
      expect(tried === null).toBe(isInTime);
    });
  }
});
