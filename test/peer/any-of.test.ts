/**
 * One of several locks, and semaphores, as an application sees them.
 */

import { describe, expect, test } from 'vitest';
import { parseFrame } from '../../src/peer/frame-codec.ts';
import type { Lock } from '../../src/peer/lock.ts';
import { isSettled, openPeer, openThree, urlOf, voterOptions, World } from '../harness/world.ts';

async function three(): Promise<{ world: World; peers: Awaited<ReturnType<typeof openThree>> }> {
  const world = new World();
  return { world, peers: await openThree(world) };
}

describe('acquireAny()', () => {
  test('grants one, and says which', async () => {
    const { world, peers } = await three();
    const [a, b] = peers;
    const [first, second] = [a.acquireAny(['x', 'y']), b.acquireAny(['x', 'y'])];
    await world.settle();
    const names = [(await first).name, (await second).name];
    expect(names.toSorted()).toEqual(['x', 'y']);
    expect((await first).names).toHaveLength(1);
  });

  test('keeps nothing of the others', async () => {
    const { world, peers } = await three();
    const [a, b] = peers;
    const granted = a.acquireAny(['x', 'y', 'z']);
    await world.settle();
    const { name } = await granted;
    const rest = ['x', 'y', 'z'].filter((other) => other !== name);
    const others = Promise.all(rest.map((other) => b.tryAcquire(other)));
    await world.settle();
    expect((await others).map((lock) => lock?.held)).toEqual([true, true]);
    expect(a.status()).toMatchObject({ held: 1, pending: 0 });
  });

  test('never says to anybody that it holds more than one', async () => {
    const { world, peers } = await three();
    const committed = new Set<number>();
    world.network.onSend = ({ from, bytes }) => {
      const parsed = from === urlOf('a') ? parseFrame(bytes) : null;
      for (const message of parsed?.ok ? parsed.frame.messages : []) {
        if (message.type === 'commit') committed.add(message.round);
      }
      return bytes;
    };
    const granted = peers[0].acquireAny(['x', 'y', 'z']);
    await world.settle();
    await (await granted).release();
    await world.settle();
    expect(committed.size).toBe(1);
  });

  test('keeps none of the others lingering', async () => {
    const { world, peers } = await three();
    const granted = peers[0].acquireAny(['x', 'y', 'z'], { linger: 5_000 });
    await world.settle();
    await granted;
    const answer = peers[1].query({ scope: 'mesh' });
    await world.settle();
    expect((await answer).held.map(({ name }) => name)).toEqual([(await granted).name]);
  });

  test('gives one each to two who wait, when both are free at once', async () => {
    const { world, peers } = await three();
    const [a, b] = peers;
    const held = [b.acquire('x'), b.acquire('y')];
    await world.settle();
    const waiting = a.acquireAny(['x', 'y']);
    await world.settle();
    expect(await isSettled(world, waiting)).toBe(false);
    const holders = b.acquireAny(['x', 'y']);
    // Both are free at once, and the two who wait get one each.
    for (const lock of await Promise.all(held)) void lock.release();
    await world.settle();
    expect([(await waiting).name, (await holders).name].toSorted()).toEqual(['x', 'y']);
  });

  test('waits until one of them is free', async () => {
    const { world, peers } = await three();
    const [a, b, c] = peers;
    const held: Promise<Lock>[] = [a.acquire('x'), b.acquire('y')];
    await world.settle();
    const waiting = c.acquireAny(['x', 'y']);
    await world.settle();
    await (await held[1])?.release();
    await world.settle();
    expect((await waiting).name).toBe('y');
    expect(c.status()).toMatchObject({ held: 1, pending: 0 });
  });

  test('tells who is in the way when time is over', async () => {
    const { world, peers } = await three();
    const [a, b, c] = peers;
    const held = [a.acquire('x'), b.acquire('y')];
    await world.settle();
    await Promise.all(held);
    const failed = c.acquireAny(['x', 'y'], { timeout: 100 }).catch((error: unknown) => error);
    await world.advance(100);
    expect(await failed).toMatchObject({
      code: 'ERR_LOCK_TIMEOUT',
      message: expect.stringMatching(
        /^Cannot acquire any of "x" and "y": not granted within 100 ms, held by [ab] for/,
      ),
      names: ['x', 'y'],
    });
    const taken = c.tryAcquireAny(['x', 'y']);
    await world.settle();
    expect(await taken).toBe(null);
  });

  test('is given up by its signal, and leaves nothing behind', async () => {
    const { world, peers } = await three();
    const [a, b] = peers;
    const held = [a.acquire('x'), a.acquire('y')];
    await world.settle();
    const patience = new AbortController();
    const failed = b.acquireAny(['x', 'y'], { signal: patience.signal }).catch((why) => why);
    await world.settle();
    patience.abort('enough');
    expect(await failed).toBe('enough');
    for (const lock of await Promise.all(held)) await lock.release();
    await world.settle();
    for (const peer of peers) expect(peer.status()).toMatchObject({ held: 0, pending: 0 });
    const whole = b.tryAcquire(['x', 'y']);
    await world.settle();
    expect((await whole)?.held).toBe(true);
  });

  test('gives the first where the peer decides alone, and asks for no more', async () => {
    const world = new World();
    const peer = await openPeer(world, voterOptions('a', ['a']));
    const locks = [];
    for (let count = 0; count < 3; count += 1) locks.push(await peer.acquireAny(['x', 'y', 'z']));
    expect(locks.map(({ name }) => name)).toEqual(['x', 'y', 'z']);
    expect(await peer.tryAcquireAny(['x', 'y', 'z'])).toBe(null);
  });

  test.each([
    ['x', 'any of several must be given as an array, received "x"'],
    [[], 'any of 1 to 32 names may be asked for, received 0'],
    [Array.from({ length: 33 }, (_, at) => `n${at}`), 'any of 1 to 32 names may be asked for'],
    [['x', 5], 'a name must be a string, received 5'],
  ])('refuses %j', async (names, why) => {
    const peer = await openPeer(new World(), voterOptions('a', ['a']));
    await expect(peer.acquireAny(names as string[])).rejects.toThrow(`Cannot acquire: ${why}`);
    await expect(peer.tryAcquireAny(names as string[])).rejects.toThrow(TypeError);
  });

  test('is told when its callback holds all of them, and not when it holds some', async () => {
    const peer = await openPeer(new World(), voterOptions('a', ['a']));
    await peer.locks.request('x', async () => {
      await expect(peer.acquireAny(['x'])).rejects.toMatchObject({ code: 'ERR_REENTRANT' });
      expect((await peer.acquireAny(['x', 'y'])).name).toBe('y');
    });
  });
});

describe('a semaphore', () => {
  test('lets so many in, on whatever peers, each to a slot of its own', async () => {
    const { world, peers } = await three();
    const all = [0, 1, 2, 3, 4].map((at) => peers[at % 3]?.semaphore('exports', 3).acquire());
    await world.settle();
    const states = await Promise.all(
      all.map(async (permit) => permit !== undefined && (await isSettled(world, permit))),
    );
    expect(states.filter(Boolean)).toHaveLength(3);
    const [one, two, third] = await Promise.all(all.filter((_, at) => states[at]));
    expect([one?.slot, two?.slot, third?.slot].toSorted()).toEqual([0, 1, 2]);
    await one?.release();
    await world.settle();
    const waiting = all.filter((_, at) => !states[at]);
    const now = await Promise.all(waiting.map((permit) => permit && isSettled(world, permit)));
    expect(now.filter(Boolean)).toHaveLength(1);
  });

  test('has no permit to try for when all are held, and tokens that grow', async () => {
    const { world, peers } = await three();
    const [a, b] = peers;
    const mine = a.semaphore('gpu', 2);
    const held = [mine.acquire(), mine.acquire()];
    await world.settle();
    const tried = b.semaphore('gpu', 2).tryAcquire();
    await world.settle();
    expect(await tried).toBe(null);
    const [first] = await Promise.all(held);
    await first?.release();
    const next = b.semaphore('gpu', 2).tryAcquire();
    await world.settle();
    expect(await next).toMatchObject({ slot: first?.slot, name: `gpu#${first?.slot}` });
    expect((await next)?.token).toBeGreaterThan(first?.token ?? Number.POSITIVE_INFINITY);
  });

  test.each([
    ['', 3],
    [5, 3],
    ['x', 0],
    ['x', 33],
    ['x', 1.5],
    ['x', '3'],
  ])('is refused at once for %j with %j permits', async (name, permits) => {
    const peer = await openPeer(new World(), voterOptions('a', ['a']));
    expect(() => peer.semaphore(name as string, permits as number)).toThrow(TypeError);
    expect(() => peer.semaphore(name as string, permits as number)).toThrow(
      'Cannot make a semaphore: ',
    );
  });

  test('has permits without a mode: shared, they would bound nobody', async () => {
    const peer = await openPeer(new World(), voterOptions('a', ['a']));
    const options = { mode: 'shared' } as object;
    const why = 'Cannot acquire: a permit must have no mode, received "shared"';
    await expect(peer.semaphore('x', 2).acquire(options)).rejects.toThrow(why);
    await expect(peer.semaphore('x', 2).tryAcquire(options)).rejects.toThrow(why);
  });

  test('is asked for in one frame to each voter', async () => {
    const { world, peers } = await three();
    let frames = 0;
    world.network.onSend = ({ from, bytes }) => {
      if (from === urlOf('a')) frames += 1;
      return bytes;
    };
    const granted = peers[0].semaphore('exports', 8).acquire();
    await world.settle();
    expect((await granted).held).toBe(true);
    // PREPAREs of all, and then the COMMIT of one and the ABORTs of the others.
    expect(frames).toBe(4);
  });
});
