/**
 * A lock that stays with its peer after the release, as an application sees it.
 */

import { describe, expect, test } from 'vitest';
import { openPeer, openThree, urlOf, voterOptions, World } from '../harness/world.ts';

/** Three peers, and how many frames have left a since they met. */
async function met(): Promise<{
  world: World;
  peers: Awaited<ReturnType<typeof openThree>>;
  sent: () => number;
}> {
  const world = new World();
  const peers = await openThree(world);
  let count = 0;
  world.network.onSend = ({ from, bytes }) => {
    if (from === urlOf('a')) count += 1;
    return bytes;
  };
  return { world, peers, sent: () => count };
}

describe('a lock that lingers', () => {
  test('is granted again at no message, with a greater token', async () => {
    const { world, peers, sent } = await met();
    const [a] = peers;
    const first = a.acquire('x', { linger: 1_000 });
    await world.settle();
    const lock = await first;
    await world.settle();
    const before = sent();
    await lock.release();
    expect(lock.held).toBe(false);
    const again = await a.acquire('x');
    await world.settle();
    expect(again.held).toBe(true);
    expect(again.token).toBeGreaterThan(lock.token);
    expect(sent()).toBe(before);
  });

  test('is waited for at no message by claims of its peer, in the order asked', async () => {
    const { world, peers, sent } = await met();
    const [a] = peers;
    const first = a.acquire('x', { linger: 1_000 });
    await world.settle();
    const before = sent();
    const order: number[] = [];
    const waiting = [0, 1, 2, 3, 4].map(async (index) => {
      const lock = await a.acquire('x', { linger: 1_000 });
      order.push(index);
      await lock.release();
    });
    const busy = await a.tryAcquire('x', { linger: 1_000 });
    expect(busy).toBe(null);
    await (await first).release();
    await Promise.all(waiting);
    expect(order).toEqual([0, 1, 2, 3, 4]);
    expect(sent()).toBe(before);
  });

  test('is said to be held by whoever waited in vain for it', async () => {
    const { world, peers } = await met();
    const [a] = peers;
    const first = a.acquire('x', { linger: 1_000 });
    await world.settle();
    await first;
    const waiting = [50, 40].map((timeout) => a.acquire('x', { linger: 1_000, timeout }));
    const failed = Promise.allSettled(waiting);
    await world.advance(50);
    const why = (ms: number): string =>
      `Cannot acquire "x": not granted within ${ms} ms, held by a`;
    expect(await failed).toMatchObject([
      { reason: { code: 'ERR_LOCK_TIMEOUT', message: why(50), ahead: 1 } },
      { reason: { code: 'ERR_LOCK_TIMEOUT', message: `${why(40)}, 1 waiting ahead`, ahead: 2 } },
    ]);
  });

  test('goes to another peer that asks, and so does it to a try', async () => {
    const { world, peers } = await met();
    const [a, b, c] = peers;
    const first = a.acquire('x', { linger: Number.POSITIVE_INFINITY });
    await world.settle();
    await (await first).release();
    const second = b.tryAcquire('x', { linger: 60_000 });
    await world.settle();
    const lock = await second;
    expect(lock?.held).toBe(true);
    expect(lock?.token).toBeGreaterThan((await first).token);
    const third = c.tryAcquire('x');
    await world.settle();
    expect(await third).toBe(null);
  });

  test('is let go when its peer closes', async () => {
    const { world, peers } = await met();
    const [a, b] = peers;
    const first = a.acquire('x', { linger: Number.POSITIVE_INFINITY });
    await world.settle();
    await (await first).release();
    const closed = a.close();
    await world.settle();
    await closed;
    const second = b.acquire('x');
    await world.settle();
    expect((await second).held).toBe(true);
  });

  test('does so by the option of its peer, and not where the claim says otherwise', async () => {
    const world = new World();
    const peer = await openPeer(world, { ...voterOptions('a', ['a']), linger: 1_000 });
    const waitFor = async (options: { linger?: number }): Promise<number> => {
      const lock = await peer.acquire('x', options);
      await lock.release();
      return lock.token;
    };
    const token = await waitFor({});
    expect(await waitFor({ linger: 0 })).toBe(token + 1);
    expect(await waitFor({})).toBeGreaterThan(token + 2);
  });

  test.each([-1, Number.NaN, '5'])('is refused to last %s', async (linger) => {
    const { peers } = await met();
    const options = { linger: linger as number };
    await expect(peers[0].acquire('x', options)).rejects.toThrow(
      'Cannot acquire: linger must be 0 or more milliseconds, received',
    );
    const opened = openPeer(new World(), { ...voterOptions('a', ['a']), linger: linger as number });
    await expect(opened).rejects.toMatchObject({ code: 'ERR_CONFIG' });
  });
});
