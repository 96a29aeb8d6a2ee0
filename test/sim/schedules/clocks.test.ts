/**
 * Clocks that jump, stop or run wrong, and processes that do not see the time go by.
 */

import { describe, expect } from 'vitest';
import type { Sim } from '../../../src/sim/sim.ts';
import { simTest } from '../../../src/sim/vitest.ts';
import { ask, cut, granted, lossOf } from './asked.ts';

// Kleppmann, "How to do distributed locking", on Redlock: (1) the clock of one node jumps ahead, it
// drops a lock early, and with those that never had it makes a second majority; (2) a client stands
// still for longer than the lock lasts, finds the answers in its buffers when it goes on, and
// believes them.
describe('schedule 5: a clock that jumps', () => {
  // Rule 6.8: a voter expires by its monotonic clock alone.
  simTest('a voter between two that do not hear each other', { network: 1 }, async (sim) => {
    cut(sim, 'a', 'c');
    const first = await sim.node('a').peer.acquire('x');
    sim.node('b').clock.jump(3 * sim.mesh.lease);
    expect(sim.effects['clocks jumped']).toBe(1);

    const second = ask(sim, 'c', 'x');
    await sim.sleep(2 * sim.mesh.lease);
    expect([first.held, second.lock]).toEqual([true, null]);
    await first.release();
    expect((await granted(sim, second, 10)).token).toBeGreaterThan(first.token);
  });

  // Rule 6.7: a holder cannot tell that from having been suspended, and ends early, which is safe.
  simTest('the holder itself', { network: 1 }, async (sim) => {
    const first = await sim.node('a').peer.acquire('x');
    const loss = lossOf(sim, first);
    const second = ask(sim, 'c', 'x');
    await sim.sleep(100);
    sim.node('a').clock.jump(3 * sim.mesh.lease);
    expect(first.held).toBe(false);

    const lock = await granted(sim, second, sim.mesh.lease);
    expect(loss.at).toBeLessThan(second.grantedAt);
    expect(lock.token).toBeGreaterThan(first.token);
  });
});

describe('schedule 5: a pause past the lease, with answers in the buffer', () => {
  // Rule 6.4: the votes that wait in the buffer echo a stamp that is older than a lease.
  simTest('of one who asks', { network: 1, seeds: 10 }, async (sim) => {
    const first = ask(sim, 'a', 'x');
    await sim.at('vote sent', { node: 'c', with: 'a' });
    sim.node('a').pause();
    const pausedAt = sim.now;
    await sim.sleep(5);
    const second = ask(sim, 'c', 'x');
    const lock = await granted(sim, second);
    expect(second.grantedAt - pausedAt).toBeLessThan(sim.mesh.lease + 5);

    const read = sim.at('vote delivered', { node: 'a', timeout: 1 });
    sim.node('a').resume();
    // What arrived may be lost with the connections that the others have given up meanwhile.
    sim.sometimes('the answers are read', await read.then(Boolean, () => false));
    await sim.sleep(1_000);
    expect([first.lock, lock.held]).toEqual([null, true]);
    await lock.release();
    expect((await granted(sim, first, 10)).token).toBeGreaterThan(lock.token);
  });

  // Rule 6.6, "lost is final": the deadline is looked at before anything that has arrived.
  simTest('of one who holds', { network: 1 }, async (sim) => {
    const store = { token: 0 };
    const write = (token: number): boolean => {
      if (token < store.token) return false;
      store.token = token;
      return true;
    };
    const first = await sim.node('a').peer.acquire('x');
    const loss = lossOf(sim, first);
    const second = ask(sim, 'c', 'x');
    await sim.sleep(1_000);
    expect(write(first.token)).toBe(true);
    sim.node('a').pause();
    const lock = await granted(sim, second);
    expect(write(lock.token)).toBe(true);

    sim.node('a').resume();
    // At the first look, before any timer or message: the signal could not abort meanwhile.
    expect([first.held, loss.at]).toEqual([false, Number.POSITIVE_INFINITY]);
    expect(write(first.token)).toBe(false);
    await sim.until(() => loss.at <= sim.now, { timeout: 1 });
    expect(loss.code).toBe('ERR_LOCK_LOST');
    await sim.sleep(1_000);
    expect([first.held, lock.held]).toEqual([false, true]);
    expect(sim).toHaveWitnessed('a claim was granted while a holder that had lost it stood still');
  });
});

// redis-semaphore 24: the laptop lid closes on a whole set of virtual machines; monotonic clocks
// and timers stand still in all of them, and each believes, when it goes on, that no time went by.
//
// Here a holder adds to its monotonic clock what the wall clock has gained on it (rule 6.7).
describe('schedule 13: suspended virtual machines', () => {
  const suspendedMs = 90_000;

  simTest('all of them, and resumed together', { network: 1 }, async (sim) => {
    const first = await sim.node('a').peer.acquire('x');
    const loss = lossOf(sim, first);
    const second = ask(sim, 'b', 'x');
    await sim.sleep(500);
    for (const node of sim.nodes) node.suspend(suspendedMs);
    await sim.sleep(suspendedMs);
    expect(sim.effects['processes suspended']).toBe(3);
    expect(first.held).toBe(false);

    const lock = await granted(sim, second, sim.mesh.lease);
    expect(loss.at).toBeLessThanOrEqual(second.grantedAt);
    expect(lock.token).toBeGreaterThan(first.token);
  });

  simTest('the holder and one more, while the third goes on', { network: 1 }, async (sim) => {
    const first = await sim.node('a').peer.acquire('x');
    await sim.sleep(500);
    for (const id of ['a', 'b']) sim.node(id).suspend(suspendedMs);
    await sim.sleep(suspendedMs);
    expect(first.held).toBe(false);

    // As a voter, b has seen no time go by (rule 6.8), and a says itself that it has ended.
    const second = ask(sim, 'c', 'x');
    const lock = await granted(sim, second, 2 * sim.mesh.lease);
    expect(lock.token).toBeGreaterThan(first.token);
    await expect(sim).toConvergeWithin(sim.mesh.lease);
  });
});

// What Redlock, and every lease, stands on: clocks that run at about the same rate. lockmesh
// assumes that rates differ by `maxClockDrift` at most (section 1). A clock that stands still is as
// slow as can be: harmless at a voter, which then keeps what it could drop; and seen at a holder,
// by its wall clock. One that is too fast is beyond the assumption.
describe('schedule 16: clocks beyond the bound', () => {
  /** As close as it gets: the last that passes between the two is an answer of b's, to a. */
  const cutAfterAnEcho = async (sim: Sim): Promise<void> => {
    await sim.node('a').peer.acquire('y');
    cut(sim, 'a', 'b');
  };

  simTest('the clock of a voter stops', { network: 1 }, async (sim) => {
    cut(sim, 'a', 'c');
    const first = await sim.node('a').peer.acquire('x');
    const loss = lossOf(sim, first);
    sim.node('b').clock.freeze();
    cut(sim, 'a', 'b');
    const seen = sim.node('b').clock.monotonic;
    await sim.sleep(2 * sim.mesh.lease);
    expect(sim.node('b').clock.monotonic).toBe(seen);
    expect(loss.at).toBeLessThan(sim.now);
    // b would wait for ever before it expires what it keeps for a.
    expect(sim.effects['leases expired'] ?? 0).toBe(0);
    const early = ask(sim, 'c', 'x', { timeout: 1_000 });
    await sim.sleep(3_000);
    expect(early.lock).toBe(null);

    sim.node('b').clock.thaw();
    const second = ask(sim, 'c', 'x');
    const lock = await granted(sim, second);
    expect(second.grantedAt - second.askedAt).toBeLessThan(sim.mesh.lease + 2_000);
    expect(lock.token).toBeGreaterThan(first.token);
  });

  simTest('the clock of the holder stops', { network: 1 }, async (sim) => {
    const first = await sim.node('a').peer.acquire('x');
    const second = ask(sim, 'c', 'x');
    await sim.sleep(100);
    sim.node('a').clock.freeze();
    sim.partition('isolate');
    const lock = await granted(sim, second);
    expect(first.held).toBe(false);
    expect(lock.token).toBeGreaterThan(first.token);
  });

  simTest('a voter is 5 % fast: two holders, and tokens in order', { network: 1 }, async (sim) => {
    sim.node('b').clock.drift(50_000);
    cut(sim, 'a', 'c');
    const first = await sim.node('a').peer.acquire('x');
    const loss = lossOf(sim, first);
    await sim.sleep(3_000);
    const second = ask(sim, 'c', 'x');
    await cutAfterAnEcho(sim);
    const lock = await granted(sim, second);
    // The very thing that no clock within the bound can bring about.
    expect([first.held, lock.held]).toEqual([true, true]);
    expect(lock.token).toBeGreaterThan(first.token);
    await sim.until(() => !first.held, { timeout: 0.05 * sim.mesh.lease });
    expect(loss.at).toBeGreaterThan(second.grantedAt);
  });

  simTest('a voter is 0.9 % fast: one holder', { network: 1 }, async (sim) => {
    sim.node('b').clock.drift(9_000);
    cut(sim, 'a', 'c');
    const first = await sim.node('a').peer.acquire('x');
    const loss = lossOf(sim, first);
    await sim.sleep(3_000);
    const second = ask(sim, 'c', 'x');
    await cutAfterAnEcho(sim);
    const lock = await granted(sim, second);
    expect([first.held, lock.held]).toEqual([false, true]);
    expect(loss.at).toBeLessThan(second.grantedAt);
    expect(lock.token).toBeGreaterThan(first.token);
  });
});
