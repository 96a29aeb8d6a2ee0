/**
 * Claims that wait in a circle: the youngest fails, and nobody else is disturbed.
 */

import { describe, expect, test } from 'vitest';
import { DeadlockError, type DeadlockedClaim, ReentrantError } from '../../src/peer/errors.ts';
import type { Lock } from '../../src/peer/lock.ts';
import type { MeshPeer } from '../../src/peer/mesh-peer.ts';
import { errorAfter, errorOf, held } from '../harness/waiting.ts';
import { isSettled, openPeer, openThree, urlOf, voterOptions, World } from '../harness/world.ts';

describe('acquire() with holding', () => {
  test('fails for the youngest of two that wait for each other', async () => {
    const world = new World();
    const [a, b] = await openThree(world);
    const [x, y] = [await held(world, a, 'x'), await held(world, b, 'y')];
    const older = a.acquire('y', { holding: [x] });
    await world.advance(10);
    const younger = errorOf(b.acquire('x', { holding: [y] }));
    await world.advance(900);
    expect(await isSettled(world, younger)).toBe(false);
    await world.advance(200);
    const error = await younger;
    expect(error).toBeInstanceOf(DeadlockError);
    expect(error).toMatchObject({
      code: 'ERR_DEADLOCK',
      names: ['x'],
      cycle: [
        { peer: 'b', holds: ['y'], wants: ['x'] },
        { peer: 'a', holds: ['x'], wants: ['y'] },
      ],
      message:
        'Cannot acquire "x": deadlock, b holds "y" and waits for "x"; a holds "x" and waits for ' +
        '"y"; ask for all in one call, or everywhere in the same order',
    });
    await world.advance(10_000);
    expect(await isSettled(world, older)).toBe(false);
    await y.release();
    await world.settle();
    expect((await older).held).toBe(true);
  });

  test('fails for the youngest of three, wherever in the circle it stands', async () => {
    for (const first of [0, 1, 2]) {
      const world = new World();
      const peers = await openThree(world);
      const names = ['x', 'y', 'z'];
      const locks: Lock[] = [];
      for (const [at, peer] of peers.entries()) {
        locks.push(await held(world, peer, names[at] ?? ''));
      }
      const outcomes: Promise<unknown>[] = [];
      for (const step of [0, 1, 2]) {
        const at = (first + step) % 3;
        const lock = locks[at];
        if (lock === undefined) throw new Error('There are three');
        const wanted = names[(at + 1) % 3] ?? '';
        outcomes.push(errorOf(peers[at]?.acquire(wanted, { holding: [lock] }) ?? Promise.reject()));
        await world.advance(5);
      }
      await world.advance(1_500);
      const settled = await Promise.all(outcomes.map((each) => isSettled(world, each)));
      expect(settled).toEqual([false, false, true]);
      expect(await outcomes[2]).toMatchObject({ code: 'ERR_DEADLOCK' });
    }
  });

  test('finds circles of one peer, and of members through voters', async () => {
    const world = new World();
    const voters = { a: urlOf('a') };
    const a = await openPeer(world, { ...voterOptions('a', ['a']), members: true });
    const m = await openPeer(world, { id: 'm', voters, members: true });
    const n = await openPeer(world, { id: 'n', voters, members: true });
    await world.advance(10_001);
    for (const [one, other] of [
      [a, a],
      [m, n],
      [m, a],
      [n, n],
    ] as const) {
      const [x, y] = [await held(world, one, 'x'), await held(world, other, 'y')];
      const older = one.acquire('y', { holding: [x] });
      const younger = errorOf(other.acquire('x', { holding: [y] }));
      await world.advance(1_100);
      expect(await younger).toMatchObject({ code: 'ERR_DEADLOCK' });
      await y.release();
      await world.settle();
      await (await older).release();
      await x.release();
      await world.settle();
    }
  });

  test('finds a circle through one who waits in another group', async () => {
    const world = new World();
    const ids = ['a', 'b', 'c', 'd', 'e'];
    const open = (id: string) => openPeer(world, { ...voterOptions(id, ids), replicas: 1 });
    const peers = await Promise.all(ids.map(open));
    await world.advance(10_001);
    const [a, b, c, d] = peers;
    if (!a || !b || !c || !d) throw new Error('There are five');
    const ways: string[] = [];
    for (const far of ['l', 'm', 'n', 'o', 'p', 'q', 'r']) {
      const reading = d.acquire('k', { mode: 'shared' });
      const [z, f] = [await held(world, a, 'z'), await held(world, b, far)];
      // c holds nothing, and keeps a from reading k, since it waits for what b holds.
      const between = c.acquire(['k', far]);
      await world.advance(5);
      const older = a.acquire('k', { mode: 'shared', holding: [z] });
      await world.advance(5);
      const younger = await errorAfter(world, b.acquire('z', { holding: [f] }), 1_100);
      expect(younger).toMatchObject({ code: 'ERR_DEADLOCK' });
      if (younger instanceof DeadlockError) ways.push(younger.cycle.map(inWords).join(', '));
      for (const lock of [f, await reading, z]) await lock.release();
      await world.advance(100);
      await (await between).release();
      await world.advance(100);
      await (await older).release();
      await world.advance(100);
    }
    // With all names in one group, its voter sees for whom c waits.
    expect(ways).toContain('b l → z, a z → k, c  → k l');
    expect(ways.some((way) => !way.includes('c'))).toBe(true);

    function inWords({ peer, holds, wants }: DeadlockedClaim): string {
      return `${peer} ${holds.join(' ')} → ${wants.join(' ')}`;
    }
  });

  test('finds one in which a reader waits behind a writer', async () => {
    const world = new World();
    const [a, b, c] = await openThree(world);
    const x = await held(world, a, 'x');
    const reading = b.acquire('y', { mode: 'shared' });
    await world.settle();
    const y = await reading;
    // a could read y, but for the writer that waits.
    const writer = c.acquire('y');
    await world.advance(5);
    const older = errorOf(b.acquire('x', { holding: [y] }));
    await world.advance(5);
    const younger = errorOf(a.acquire('y', { mode: 'shared', holding: [x] }));
    await world.advance(1_100);
    expect(await isSettled(world, older)).toBe(false);
    expect(await younger).toMatchObject({
      code: 'ERR_DEADLOCK',
      cycle: [
        { peer: 'a', holds: ['x'], wants: ['y'] },
        { peer: 'b', holds: ['y'], wants: ['x'] },
      ],
    });
    await x.release();
    await world.settle();
    await y.release();
    await world.settle();
    expect((await writer).held).toBe(true);
  });

  test('takes no circle for one of which a lock was released, or lost', async () => {
    const world = new World();
    const [a, b] = await openThree(world);
    const [x, y] = [await held(world, a, 'x'), await held(world, b, 'y')];
    const short = b.acquire('z', { maxHold: 50 });
    await world.settle();
    const z = await short;
    const forZ = a.acquire('z', { holding: [x], timeout: 5_000 });
    const forX = b.acquire('x', { holding: [y, z], timeout: 5_000 });
    await world.advance(500);
    expect((await forZ).held).toBe(true);
    await world.advance(2_000);
    expect(await isSettled(world, forX)).toBe(false);
    const forY = a.acquire('y', { holding: [x], timeout: 20_000 });
    await world.advance(10);
    await y.release();
    await x.release();
    await world.advance(10);
    expect([(await forY).held, (await forX).held]).toEqual([true, true]);
  });

  test('leaves out what it waits for no more, after its timeout or signal', async () => {
    const world = new World();
    const [a, b] = await openThree(world);
    const [x, y] = [await held(world, a, 'x'), await held(world, b, 'y')];
    const older = errorOf(a.acquire('y', { holding: [x], timeout: 900 }));
    const younger = b.acquire('x', { holding: [y], timeout: 60_000 });
    await world.advance(5_000);
    expect(await older).toMatchObject({ code: 'ERR_LOCK_TIMEOUT' });
    expect(await isSettled(world, younger)).toBe(false);
    await x.release();
    await world.settle();
    expect((await younger).held).toBe(true);
  });

  test('never looks where deadlockProbeAfter is Infinity', async () => {
    const world = new World();
    const options = { deadlockProbeAfter: Number.POSITIVE_INFINITY };
    const [a, b] = await openThree(world, options);
    const [x, y] = [await held(world, a, 'x'), await held(world, b, 'y')];
    const all = [a.acquire('y', { holding: [x] }), b.acquire('x', { holding: [y] })];
    await world.advance(60_000);
    expect(await isSettled(world, Promise.race(all))).toBe(false);
  });

  test('finds it once the voters that know of it can be reached', async () => {
    const world = new World();
    const [a, b] = await openThree(world);
    const [x, y] = [await held(world, a, 'x'), await held(world, b, 'y')];
    world.network.cut(urlOf('a'), urlOf('b'));
    await world.settle();
    void a.acquire('y', { holding: [x] });
    await world.advance(5);
    const younger = errorOf(b.acquire('x', { holding: [y] }));
    await world.advance(3_000);
    expect(await younger).toMatchObject({ code: 'ERR_DEADLOCK' });
  });

  test.each([
    ['no array', 'x', 'holding must be an array of locks, received "x"'],
    ['no locks', ['x'], 'holding must be locks of this peer, received "x"'],
  ])('refuses %s', async (_, holding, why) => {
    const peer = await openPeer(new World());
    await expect(peer.acquire('y', { holding } as never)).rejects.toThrow(TypeError);
    await expect(peer.locks.request('y', { holding } as never, () => {})).rejects.toThrow(why);
  });

  test('refuses locks of another peer, and of itself what a lock in it has', async () => {
    const [one, other] = [await openPeer(new World()), await openPeer(new World())];
    const lock = await one.acquire('x');
    const foreign = other.acquire('y', { holding: [lock] });
    await expect(foreign).rejects.toThrow('received a lock of another');
    await expect(one.acquire('x', { holding: [lock] })).rejects.toBeInstanceOf(ReentrantError);
    const any = { holding: [lock] } as object;
    await expect(one.acquireAny(['x', 'y'], any)).rejects.toThrow('received "holding"');
    await lock.release();
    expect(await one.acquire('x', { holding: [lock] })).toMatchObject({ held: true });
  });
});

describe('locks.request()', () => {
  test('fails with a DeadlockError within callbacks that wait for each other', async () => {
    const world = new World();
    const [a, b] = await openThree(world);
    const nested = (peer: MeshPeer, outer: string, inner: string): Promise<unknown> => {
      return errorOf(
        peer.locks.request(outer, async () => {
          await new Promise((resolve) => setImmediate(resolve));
          return await peer.locks.request(inner, () => 'both');
        }),
      );
    };
    const outcomes = [nested(a, 'x', 'y'), nested(b, 'y', 'x')];
    await world.advance(2_500);
    const [one, other] = await Promise.all(outcomes);
    expect([one, other]).toContain('both');
    expect([one, other]).toContainEqual(expect.any(DeadlockError));
  });

  test('waits for its own callback as in browsers, and with holding: [] for others', async () => {
    const world = new World();
    const [a, b] = await openThree(world);
    const y = await held(world, b, 'y');
    let again: Promise<unknown> = Promise.resolve();
    let other: Promise<unknown> = Promise.resolve();
    const callback = a.locks.request('x', async () => {
      again = errorOf(a.locks.request('x', () => 'again'));
      other = errorOf(a.locks.request('y', { holding: [] }, () => 'other'));
      await new Promise((resolve) => setTimeout(resolve, 50));
    });
    await world.settle();
    const forX = errorOf(b.acquire('x', { holding: [y] }));
    await world.advance(3_000);
    expect(await isSettled(world, Promise.race([again, other, forX]))).toBe(false);
    await callback;
    await world.settle();
    expect(await again).toBe('again');
    await world.settle();
    expect(await forX).toMatchObject({ name: 'x' });
    await y.release();
    await world.settle();
    expect(await other).toBe('other');
  });
});
