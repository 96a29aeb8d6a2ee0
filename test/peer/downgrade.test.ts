/**
 * Locks that their holders share after a while.
 */

import { describe, expect, test } from 'vitest';
import { LockLostError } from '../../src/peer/errors.ts';
import type { AcquireOptions, Lock, LockRequest } from '../../src/peer/lock.ts';
import type { MeshPeer } from '../../src/peer/mesh-peer.ts';
import { isSettled, openPeer, openThree, urlOf, World } from '../harness/world.ts';

const reader = { name: 'x', mode: 'shared' } as const;

async function take(
  world: World,
  peer: MeshPeer,
  request: LockRequest,
  options?: AcquireOptions,
): Promise<Lock> {
  const granted = peer.acquire(request, options);
  await world.settle();
  return await granted;
}

describe('downgrade()', () => {
  test('lets readers in, of all peers, with greater tokens, and is held on', async () => {
    const world = new World();
    const peers = await openThree(world);
    const lock = await take(world, peers[0], 'x');
    const waiting = peers.map((peer) => peer.acquire(reader));
    await world.settle();
    await lock.downgrade();
    await world.settle();
    const readers = await Promise.all(waiting);
    expect([lock.mode, lock.held, lock.signal.aborted]).toEqual(['shared', true, false]);
    for (const { held, token } of readers) {
      expect(held).toBe(true);
      expect(token).toBeGreaterThan(lock.token);
    }
  });

  test('lets readers of its own peer in at once', async () => {
    const world = new World();
    const [a] = await openThree(world);
    const lock = await take(world, a, 'x');
    let isIn = false;
    void a.acquire(reader).then(() => {
      isIn = true;
    });
    await world.settle();
    await lock.downgrade();
    await Promise.resolve();
    expect(isIn).toBe(true);
  });

  test('keeps writers waiting until all who share it are done', async () => {
    const world = new World();
    const [a, b, c] = await openThree(world);
    const lock = await take(world, a, 'x');
    const writing = c.acquire('x');
    await world.settle();
    await lock.downgrade();
    expect(await isSettled(world, writing)).toBe(false);
    // It comes after the writer.
    const late = b.acquire(reader);
    expect(await isSettled(world, late)).toBe(false);
    await lock.release();
    await world.settle();
    const written = await writing;
    expect(written.token).toBeGreaterThan(lock.token);
    await written.release();
    await world.settle();
    expect((await late).token).toBeGreaterThan(written.token);
  });

  test('shares all the names of the lock', async () => {
    const world = new World();
    const [a, b] = await openThree(world);
    const lock = await take(world, a, ['x', 'y', { name: 'z', mode: 'shared' }]);
    expect(lock.mode).toBe('exclusive');
    await lock.downgrade();
    await world.settle();
    const all = ['x', 'y', 'z'].map((name) => ({ name, mode: 'shared' }) as const);
    expect((await take(world, b, all)).token).toBeGreaterThan(lock.token);
    const { held } = await a.locks.query();
    expect(held.map(({ mode }) => mode)).toEqual(['shared', 'shared', 'shared']);
  });

  test('of a lock that would linger lets it go when it is released', async () => {
    const world = new World();
    const [a, b] = await openThree(world);
    const lock = await take(world, a, 'x', { linger: 60_000 });
    const next = a.acquire('x', { linger: 60_000 });
    await lock.downgrade();
    expect(await isSettled(world, next)).toBe(false);
    const trying = b.tryAcquire(reader);
    await world.settle();
    expect(await trying).toBe(null);
    await lock.release();
    await world.settle();
    expect((await next).token).toBeGreaterThan(lock.token);
  });

  test('is told again on a link that has broken', async () => {
    const world = new World();
    const [a, b, c] = await openThree(world, { lease: 1_000 });
    const lock = await take(world, a, 'x');
    const waiting = b.acquire(reader);
    await world.settle();
    for (const other of [b, c]) world.network.cut(urlOf('a'), urlOf(other.id));
    await lock.downgrade();
    expect(await isSettled(world, waiting)).toBe(false);
    for (const other of [b, c]) world.network.mend(urlOf('a'), urlOf(other.id));
    await world.advance(700);
    expect(await isSettled(world, waiting)).toBe(true);
    expect(lock.held).toBe(true);
  });

  test('has the holder told only of those that cannot share it', async () => {
    const world = new World();
    const [a, b, c] = await openThree(world);
    const lock = await take(world, a, 'x');
    await lock.downgrade();
    const { contended } = lock;
    await world.settle();
    await take(world, b, reader);
    expect(contended.aborted).toBe(false);
    void c.acquire('x');
    await world.settle();
    expect(contended.aborted).toBe(true);
  });

  test('does nothing to a lock that is shared, or was released', async () => {
    const world = new World();
    const peer = await openPeer(world);
    const shared = await peer.acquire(reader);
    await shared.downgrade();
    await shared.downgrade();
    expect([shared.mode, shared.held]).toEqual(['shared', true]);
    const lock = await peer.acquire('y');
    await lock.release();
    await lock.downgrade();
    expect(lock.mode).toBe('exclusive');
    expect((await peer.acquire('y')).held).toBe(true);
  });

  test('rejects with the loss of a lock that is lost', async () => {
    const world = new World();
    const peer = await openPeer(world);
    const lock = await peer.acquire('x', { maxHold: 100 });
    world.stall(200);
    await expect(lock.downgrade()).rejects.toThrow(LockLostError);
    expect(lock.mode).toBe('exclusive');
    const other = await peer.acquire('y');
    await peer.close();
    await expect(other.downgrade()).rejects.toMatchObject({ code: 'ERR_PEER_CLOSED' });
  });
});
