/**
 * What a leader does with the lock that its work is given.
 */

import { describe, expect, test } from 'vitest';
import type { PeerWarning } from '../../src/peer/events.ts';
import { lead, three } from '../harness/elections.ts';
import { gate } from '../harness/pages.ts';
import { isSettled, openPeer, voterOptions, World } from '../harness/world.ts';

describe('release() of the lock of a leader', () => {
  test('resigns: the work is told, and all see the next one lead', async () => {
    const { world, elections } = await three();
    const [a, b, c] = elections;
    const { opened, open } = gate();
    const log: unknown[] = [];
    const ran = a.run(async (signal, lock) => {
      if (log.length > 0) return 'the second time';
      log.push(signal.aborted, a.isLeader);
      await lock.release();
      log.push(signal.aborted, signal.reason, a.isLeader);
      await opened;
      return 'the first time';
    });
    void lead(b);
    await world.settle();
    const resigned = { name: 'AbortError', message: 'Resigned from "chief"' };
    expect(log).toEqual([false, true, true, expect.objectContaining(resigned), false]);
    expect(elections.map(({ current }) => current?.peer)).toEqual(['b', 'b', 'b']);
    void b.close();
    await world.settle();
    // Never two works of an election in one process.
    expect([await isSettled(world, ran), c.current]).toEqual([false, null]);
    open();
    await world.settle();
    expect(await ran).toBe('the second time');
  });

  test('after resign() lets go before the work has settled', async () => {
    const { world, elections } = await three();
    const [a, b] = elections;
    const { opened, open } = gate();
    void a.run(async (signal, lock) => {
      signal.addEventListener('abort', () => void lock.release());
      await opened;
    });
    await world.settle();
    void lead(b);
    await world.settle();
    const resigned = a.resign();
    await world.settle();
    expect([a.isLeader, b.isLeader]).toEqual([false, true]);
    open();
    await resigned;
    expect(b.isLeader).toBe(true);
  });

  test('is nothing new once the work has returned', async () => {
    const { world, elections } = await three();
    let seen: AbortSignal | undefined;
    const ran = elections[0].run((signal, lock) => {
      seen = signal;
      return lock;
    });
    await world.settle();
    await (await ran).release();
    expect(seen?.aborted).toBe(false);
  });

  test('of a singleton that runs always has it run again after a pause', async () => {
    const world = new World();
    const peer = await openPeer(world, voterOptions('a', ['a']));
    const warnings: PeerWarning[] = [];
    peer.on('warning', (warning) => warnings.push(warning));
    const starts: number[] = [];
    const running = peer.singleton(
      'poller',
      async (_signal, lock) => {
        starts.push(world.now);
        await lock.release();
      },
      { per: 'always' },
    );
    await world.advance(1_000);
    expect(starts.length).toBeGreaterThan(1);
    expect((starts[1] ?? 0) - (starts[0] ?? 0)).toBeGreaterThanOrEqual(50);
    expect(starts.length).toBeLessThan(10);
    expect(warnings).toEqual([]);
    await running.stop();
    expect(peer.status()).toMatchObject({ held: 0, pending: 0 });
  });
});

describe('downgrade() of the lock of a leader', () => {
  test('is refused, and it leads on', async () => {
    const { world, elections, peers } = await three();
    const [a] = elections;
    const { opened, open } = gate();
    let why: unknown;
    const ran = a.run(async (signal, lock) => {
      why = await lock.downgrade().catch((error: unknown) => error);
      await opened;
      return [signal.aborted, lock.mode, lock.held];
    });
    await world.settle();
    const message = 'Cannot downgrade "chief": whoever leads holds it alone';
    expect(why).toMatchObject({ name: 'InvalidStateError', message });
    const reading = peers[1]?.acquire({ name: 'chief', mode: 'shared' });
    expect(await isSettled(world, reading ?? Promise.resolve())).toBe(false);
    open();
    await world.settle();
    expect(await ran).toEqual([false, 'exclusive', true]);
    expect((await reading)?.held).toBe(true);
  });

  test('does nothing once it has resigned', async () => {
    const { world, elections } = await three();
    let runs = 0;
    const ran = elections[0].run(async (_signal, lock) => {
      runs += 1;
      if (runs === 2) return 'again';
      await lock.release();
      await lock.downgrade();
      return lock.mode;
    });
    await world.settle();
    expect(await ran).toBe('again');
  });
});
