/**
 * Readers and writers.
 */

import { describe, expect } from 'vitest';
import { simTest } from '../../../src/sim/vitest.ts';
import { type Asked, ask, granted } from './asked.ts';

// Curator 796 and 1138: a writer downgrades to a reader while another writer is queued; the new
// reader stands behind that writer, which waits for it. Redisson 4796: two readers both ask for the
// writer's place and keep their own: each waits for the other.
//
// lockmesh does not downgrade or upgrade a lock that is held: who wants another mode releases, and
// asks anew. What can be shown is what such calls will have to keep: a reader that comes after a
// waiting writer waits (section 8: writers do not starve), and two readers who both become writers
// get there, one after the other.
describe('schedule 10: readers and a queued writer', () => {
  const shared = { mode: 'shared' } as const;

  simTest('a reader behind a waiting writer waits', { network: 1 }, async (sim) => {
    const first = await sim.node('a').peer.acquire('x', shared);
    const writer = ask(sim, 'b', 'x');
    await sim.sleep(10);
    const reader = ask(sim, 'c', 'x', shared);
    await sim.sleep(1_000);
    expect([writer.lock, reader.lock]).toEqual([null, null]);

    await first.release();
    const written = await granted(sim, writer, 10);
    await sim.sleep(1_000);
    expect(reader.lock).toBe(null);
    await written.release();
    const read = await granted(sim, reader, 10);
    expect(written.token).toBeGreaterThan(first.token);
    expect(read.token).toBeGreaterThan(written.token);
  });

  simTest('a writer becomes a reader while another is queued', { network: 1 }, async (sim) => {
    const first = await sim.node('a').peer.acquire('x');
    const writer = ask(sim, 'b', 'x');
    await sim.sleep(10);
    await first.release();
    const reader = ask(sim, 'a', 'x', shared);
    await (await granted(sim, writer, 10)).release();
    await granted(sim, reader, 10);
    expect(reader.grantedAt).toBeGreaterThan(writer.grantedAt);
  });

  simTest('two readers who both become writers do not deadlock', { network: 1 }, async (sim) => {
    const readers = await Promise.all(
      ['a', 'b'].map((id) => sim.node(id).peer.acquire('x', shared)),
    );
    expect(readers.map(({ held }) => held)).toEqual([true, true]);
    expect(sim).toHaveWitnessed('a shared claim was held by two at once');
    const writers: Asked[] = ['a', 'b'].map((id, index) => {
      void readers[index]?.release();
      return ask(sim, id, 'x');
    });
    const [one, other] = writers;
    if (one === undefined || other === undefined) throw new Error('There are two writers');
    await sim.until(() => one.lock !== null || other.lock !== null, { timeout: 20 });
    const [first, second] = one.lock === null ? [other, one] : [one, other];
    await sim.sleep(500);
    expect(second.lock).toBe(null);
    const before = await granted(sim, first);
    await before.release();
    const after = await granted(sim, second, 10);
    for (const { token } of readers) expect(before.token).toBeGreaterThan(token);
    expect(after.token).toBeGreaterThan(before.token);
  });
});
