/**
 * Locks that are stolen, as those see it who steal, who are stolen from, and who wait.
 */

import { describe, expect, test } from 'vitest';
import { LockLostError, LockStolenError } from '../../src/peer/errors.ts';
import type { AcquireOptions, Lock, LockRequest } from '../../src/peer/lock.ts';
import type { MeshPeer } from '../../src/peer/mesh-peer.ts';
import { isSettled, openPeer, openThree, urlOf, voterOptions, World } from '../harness/world.ts';

const ids = ['a', 'b', 'c'];

async function openMesh(): Promise<readonly [World, ...(readonly MeshPeer[])]> {
  const world = new World();
  return [world, ...(await openThree(world, { allowSteal: true, lease: 1_000 }))];
}

async function take(
  world: World,
  peer: MeshPeer | undefined,
  request: LockRequest,
  options?: AcquireOptions,
): Promise<Lock> {
  if (peer === undefined) throw new Error('There are three peers');
  const granted = peer.acquire(request, options);
  await world.settle();
  return await granted;
}

describe('acquire() with steal', () => {
  test('tells the holder that it lost, then grants with a greater token', async () => {
    const [world, a, b] = await openMesh();
    const held = await take(world, a, 'x');
    const order: unknown[] = [];
    held.signal.addEventListener('abort', () => order.push('aborted', held.held));
    a?.on('lost', (lock, error) => order.push(lock === held, error.reason));
    const stealing = b?.acquire('x', { steal: true }).then((lock) => {
      order.push('granted');
      return lock;
    });
    await world.settle();
    expect(order).toEqual(['aborted', false, true, 'stolen', 'granted']);
    const stolen = await stealing;
    expect(stolen?.token).toBeGreaterThan(held.token);
    expect(held.signal.reason).toBeInstanceOf(LockStolenError);
    expect(held.signal.reason).toBeInstanceOf(LockLostError);
    expect(held.signal.reason).toMatchObject({
      code: 'ERR_LOCK_STOLEN',
      name: 'AbortError',
      reason: 'stolen',
      names: ['x'],
      token: held.token,
      message: 'Lost "x": another claim has stolen it',
    });
    expect(() => held.throwIfLost()).toThrow(LockStolenError);
  });

  test('takes what nobody holds as any claim does', async () => {
    const [world, a] = await openMesh();
    expect(await take(world, a, 'x', { steal: true })).toMatchObject({ held: true });
  });

  test('goes before those that wait, who are granted afterwards, in their order', async () => {
    const [world, a, b, c] = await openMesh();
    await take(world, a, 'x');
    const order: string[] = [];
    const waiting = [a, b, c].map(async (peer) => {
      const lock = await peer?.acquire('x');
      order.push(peer?.id ?? '');
      await lock?.release();
    });
    await world.settle();
    const stolen = await take(world, b, 'x', { steal: true });
    await world.settle();
    expect(order).toEqual([]);
    await stolen.release();
    await world.settle();
    await Promise.all(waiting);
    expect(order).toEqual(['a', 'b', 'c']);
  });

  test('takes the lock of the same peer, also one that lingers', async () => {
    const [world, a] = await openMesh();
    const held = await take(world, a, 'x', { linger: 60_000 });
    const stolen = await take(world, a, 'x', { steal: true });
    expect([held.held, stolen.held]).toEqual([false, true]);
    await stolen.release();
    const kept = await take(world, a, 'x', { linger: 60_000 });
    await kept.release();
    const again = await take(world, a, 'x', { steal: true });
    expect(again.token).toBeGreaterThan(kept.token);
    expect(kept.signal.aborted).toBe(false);
  });

  test('hears that one waits which it has passed', async () => {
    const [world, a] = await openMesh();
    await take(world, a, 'x');
    void a?.acquire('x');
    await world.settle();
    const stolen = await take(world, a, 'x', { steal: true });
    const { contended } = stolen;
    await world.settle();
    expect(contended.aborted).toBe(true);
  });

  test('takes what lingers on another peer', async () => {
    const [world, a, b] = await openMesh();
    const kept = await take(world, a, 'x', { linger: 60_000 });
    await kept.release();
    const stolen = await take(world, b, 'x', { steal: true });
    expect(stolen.held).toBe(true);
  });

  test('takes it from all who share it, with all that they hold by that lock', async () => {
    const [world, a, b, c] = await openMesh();
    const shared = { name: 'x', mode: 'shared' } as const;
    const readers = [await take(world, a, shared), await take(world, b, [shared, 'y'])];
    const other = await take(world, b, 'z');
    const stolen = await take(world, c, 'x', { steal: true });
    expect([...readers, other, stolen].map(({ held }) => held)).toEqual([false, false, true, true]);
    expect((await take(world, a, 'y')).held).toBe(true);
  });

  test('several at once end with the last, which takes it from the others', async () => {
    const [world, a, b, c] = await openMesh();
    const all = [a, b, c, a].map((peer) => peer?.acquire('x', { steal: true }));
    await world.settle();
    const locks = await Promise.all(all);
    const tokens = locks.map((lock) => lock?.token ?? 0);
    expect(locks.filter((lock) => lock?.held)).toHaveLength(1);
    const last = tokens.indexOf(Math.max(...tokens));
    expect(locks[last]?.held).toBe(true);
    expect(new Set(tokens).size).toBe(4);
  });

  test('waits for a holder that cannot be told until its lease has run out', async () => {
    const [world, a, b] = await openMesh();
    const held = await take(world, a, 'x');
    world.network.cut(urlOf('a'), urlOf('b'));
    world.network.cut(urlOf('a'), urlOf('c'));
    const stealing = b?.acquire('x', { steal: true }) ?? Promise.resolve();
    await world.advance(500);
    expect(held.held).toBe(true);
    expect(await isSettled(world, stealing)).toBe(false);
    await world.advance(1_500);
    expect(await isSettled(world, stealing)).toBe(true);
    expect(held.signal.reason).toMatchObject({ reason: 'lease', code: 'ERR_LOCK_LOST' });
  });

  test('gives up after its timeout, when the holder may be told and have lost it', async () => {
    const [world, a, b] = await openMesh();
    await take(world, a, 'x');
    world.network.cut(urlOf('a'), urlOf('b'));
    world.network.cut(urlOf('a'), urlOf('c'));
    const stealing = b?.acquire('x', { steal: true, timeout: 100 });
    const failing = expect(stealing).rejects.toMatchObject({ code: 'ERR_LOCK_TIMEOUT' });
    await world.advance(200);
    await failing;
  });

  test('is what members do, and bear, as well', async () => {
    const world = new World();
    const options = { allowSteal: true, members: true };
    const { voters = {} } = voterOptions('a', ids);
    const [a, , , m, n] = await Promise.all([
      ...ids.map((id) => openPeer(world, { ...voterOptions(id, ids), ...options })),
      ...['m', 'n'].map((id) => openPeer(world, { id, voters, ...options })),
    ]);
    // Voters cannot know all members: they begin to vote after a lease.
    await world.advance(10_100);
    const first = await take(world, m, 'x');
    const second = await take(world, n, 'x', { steal: true });
    expect([first.held, second.held]).toEqual([false, true]);
    const third = await take(world, a, 'x', { steal: true });
    expect([second.held, third.held]).toEqual([false, true]);
  });

  test.each<[string, LockRequest, object, string]>([
    ['a timeout of 0', 'x', { timeout: 0 }, 'steal waits until the holder was told'],
    ['the mode shared', 'x', { mode: 'shared' }, 'steal takes exclusive locks, received the mode'],
    [
      'one name that is shared',
      ['x', { name: 'y', mode: 'shared' }],
      {},
      "steal takes exclusive locks, received the mode 'shared'",
    ],
    ['what is neither true nor false', 'x', { steal: 'yes' }, 'steal must be true or false, rec'],
  ])('refuses %s', async (_, request, options, message) => {
    const peer = await openPeer(new World(), { allowSteal: true });
    const asked = peer.acquire(request, { steal: true, ...options });
    await expect(asked).rejects.toThrow(TypeError);
    await expect(asked).rejects.toThrow(`Cannot acquire: ${message}`);
  });

  test('is refused where the mesh does not allow it', async () => {
    const peer = await openPeer(new World());
    const asked = peer.acquire('x', { steal: true });
    await expect(asked).rejects.toThrow(TypeError);
    await expect(asked).rejects.toThrow('allowSteal: true on all its peers');
    expect((await peer.acquire('x', { steal: false })).held).toBe(true);
  });

  test('is no option of a try, of any of several, or of a permit', async () => {
    const peer = await openPeer(new World(), { allowSteal: true });
    const options: object = { steal: true };
    const calls = [
      peer.tryAcquire('x', options),
      peer.acquireAny(['x', 'y'], options),
      peer.tryAcquireAny(['x', 'y'], options),
      peer.semaphore('s', 2).acquire(options),
    ];
    for (const call of calls) {
      await expect(call).rejects.toThrow(TypeError);
      await expect(call).rejects.toThrow('"steal"');
    }
  });
});
