/**
 * Elections, as those see them who lead.
 */

import { describe, expect, test } from 'vitest';
import { lead, part, three } from '../harness/elections.ts';
import { gate } from '../harness/pages.ts';
import { isSettled, openPeer, urlOf, World } from '../harness/world.ts';

describe('run()', () => {
  test('resolves with what the work returns, and leads no more', async () => {
    const { world, elections } = await three();
    const ran = elections[0].run((signal, lock) => [signal.aborted, lock.held, lock.name]);
    await world.settle();
    expect(await ran).toEqual([false, true, 'chief']);
    await world.settle();
    expect(elections.map(({ current }) => current)).toEqual([null, null, null]);
    expect(elections[0].isLeader).toBe(false);
  });

  test('rejects with what the work throws, and leads no more', async () => {
    const { world, elections, peers } = await three();
    const failed = elections[0].run(() => {
      throw new Error('no disk');
    });
    const why = failed.catch((error: unknown) => error);
    await world.settle();
    expect(await why).toMatchObject({ message: 'no disk' });
    expect(peers[0]?.status().held).toBe(0);
  });

  test('waits for the work that has lost, and campaigns again', async () => {
    const { world, elections, peers } = await three();
    const [a] = elections;
    const { opened, open } = gate();
    const log: string[] = [];
    const ran = a.run(async (signal, { token }) => {
      log.push(`begins, ${signal.aborted}`);
      if (log.length > 1) return token;
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      log.push(signal.reason.code);
      await opened;
      log.push('ends');
      throw new Error('nobody hears of this');
    });
    await world.settle();
    const before = a.current?.token ?? 0;
    part(world, 'cut');
    await world.advance(20_000);
    expect(log).toEqual(['begins, false', 'ERR_LOCK_LOST']);
    expect(a.isLeader).toBe(false);
    part(world, 'mend');
    await world.advance(5_000);
    expect(log).toHaveLength(2);
    open();
    await world.advance(5_000);
    expect(log).toEqual(['begins, false', 'ERR_LOCK_LOST', 'ends', 'begins, false']);
    expect(await ran).toBeGreaterThan(before);
    expect(peers[0]?.status().held).toBe(0);
  });

  test('goes on while no quorum votes', async () => {
    const { world, elections } = await three();
    part(world, 'cut');
    await world.advance(1);
    const ran = elections[0].run(() => 'led');
    await world.advance(30_000);
    expect(await isSettled(world, ran)).toBe(false);
    part(world, 'mend');
    await world.advance(5_000);
    expect(await ran).toBe('led');
  });

  test('ends with the reason of its signal, before and while it leads', async () => {
    const { world, elections, peers } = await three();
    const [a, b] = elections;
    const stop = new AbortController();
    const { opened, open } = gate();
    void lead(a, opened);
    await world.settle();
    const reasons = [new Error('one'), new Error('two')];
    const waits = b.run(() => {}, { signal: stop.signal }).catch((error: unknown) => error);
    await world.settle();
    stop.abort(reasons[0]);
    expect(await waits).toBe(reasons[0]);
    expect(peers[1]?.status().pending).toBe(0);
    await expect(b.run(() => {}, { signal: stop.signal })).rejects.toBe(reasons[0]);
    void a.close();
    open();
    await world.settle();
    const again = new AbortController();
    const { opened: done, open: finish } = gate();
    let seen: unknown;
    const leads = b
      .run(
        async (signal) => {
          signal.addEventListener('abort', () => {
            seen = signal.reason;
          });
          await done;
        },
        { signal: again.signal },
      )
      .catch((error: unknown) => error);
    await world.settle();
    expect(b.isLeader).toBe(true);
    again.abort(reasons[1]);
    expect(seen).toBe(reasons[1]);
    expect([await isSettled(world, leads), b.isLeader]).toEqual([false, true]);
    finish();
    expect(await leads).toBe(reasons[1]);
    expect(b.isLeader).toBe(false);
  });

  test('is refused in a run, when closed, and where it would wait for itself', async () => {
    const { world, elections, peers } = await three();
    const [a, b] = elections;
    void lead(a);
    await world.settle();
    const twice = a.run(() => {});
    await expect(twice).rejects.toThrow('Cannot run: the election "chief" is in a run already');
    await expect(twice).rejects.toMatchObject({ name: 'InvalidStateError' });
    await b.close();
    await expect(b.run(() => {})).rejects.toThrow('Cannot run: the election "chief" is closed');
    const closing = a.close();
    await world.settle();
    await closing;
    const other = peers[2]?.elect('chief');
    const within = peers[2]?.locks.request('chief', () => other?.run(() => {}));
    const why = within?.catch((error: unknown) => error);
    await world.settle();
    expect(await why).toMatchObject({ code: 'ERR_REENTRANT' });
  });

  test.each([
    [undefined, undefined, 'Cannot run: the work must be a function, received undefined'],
    [() => {}, 5, 'Cannot run: options must be an object, received 5'],
    [() => {}, { timeout: 5 }, 'Cannot run: options may have signal, received "timeout"'],
    [() => {}, { signal: {} }, 'Cannot run: signal must be an AbortSignal, received an object'],
  ])('refuses %o with %o', async (work, options, why) => {
    const peer = await openPeer(new World());
    const ran = peer.elect('x').run(work as () => void, options as object);
    await expect(ran).rejects.toThrow(TypeError);
    await expect(ran).rejects.toThrow(why);
  });
});

describe('resign()', () => {
  test('lets those lead that wait, and campaigns again behind them', async () => {
    const { world, elections } = await three();
    const [a, b, c] = elections;
    const { opened, open } = gate();
    const over = lead(a, opened);
    await world.settle();
    void lead(b);
    await world.settle();
    await c.resign();
    const resigned = a.resign();
    expect(await isSettled(world, resigned)).toBe(false);
    expect(c.current?.peer).toBe('a');
    open();
    await world.settle();
    await resigned;
    expect(c.current?.peer).toBe('b');
    const gaveUp = b.resign();
    await world.settle();
    await gaveUp;
    expect(c.current?.peer).toBe('a');
    const closed = a.close();
    await world.settle();
    await closed;
    expect(await over).toMatchObject({ name: 'AbortError' });
  });

  test('within the work does not wait for it', async () => {
    const { world, elections } = await three();
    const [a, b] = elections;
    let runs = 0;
    const ran = a.run(async (signal) => {
      runs += 1;
      if (runs === 2) return 'the second time';
      await a.resign();
      expect(signal.reason).toMatchObject({ name: 'AbortError' });
      return 'the first time';
    });
    void lead(b);
    await world.settle();
    expect(b.isLeader).toBe(true);
    await b.close();
    await world.settle();
    expect(await ran).toBe('the second time');
  });
});

describe('close()', () => {
  test('ends a run, and looks no more', async () => {
    const { world, elections, told } = await three();
    const [a, b, c] = elections;
    const over = lead(a);
    await world.settle();
    const closed = [a.close(), c.close(), c[Symbol.asyncDispose]()];
    await world.settle();
    await Promise.all(closed);
    expect(await over).toMatchObject({ name: 'AbortError' });
    void lead(b);
    await world.settle();
    expect(elections.map(({ current }) => current?.peer)).toEqual([undefined, 'b', undefined]);
    expect(told).toEqual([[urlOf('a')], [urlOf('a'), null, urlOf('b')], [urlOf('a')]]);
  });

  test('within the work does not wait for it', async () => {
    const { world, elections } = await three();
    const [a] = elections;
    const why = a.run(() => a.close()).catch((error: unknown) => error);
    await world.settle();
    expect(await why).toMatchObject({ name: 'AbortError' });
  });

  test('leaves nothing behind', async () => {
    const { world, elections, peers } = await three();
    for (const election of elections) void lead(election);
    await world.settle();
    const closed = elections.map((election) => election.close());
    await world.settle();
    await Promise.all(closed);
    for (const peer of peers) expect(peer.status()).toMatchObject({ held: 0, pending: 0 });
  });
});
