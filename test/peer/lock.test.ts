/**
 * The lock that a holder has in hand: how it ends, and what it says then.
 */

import { describe, expect, test, vi } from 'vitest';
import { LockLostError } from '../../src/peer/errors.ts';
import { isSettled, openPeer, openThree, urlOf, World } from '../harness/world.ts';

/** A voter of three that holds x, and cannot hear the others any more. */
async function cutOffHolder() {
  const world = new World();
  const [a, b] = await openThree(world);
  const holding = a.acquire('x');
  await world.settle();
  const lock = await holding;
  const waiting = b.acquire('x');
  await world.settle();
  world.network.silence(urlOf('a'), urlOf('b'));
  world.network.silence(urlOf('a'), urlOf('c'));
  return { world, lock, waiting };
}

describe('release()', () => {
  test('gives the lock back once, however often it is called', async () => {
    const peer = await openPeer(new World());
    const lock = await peer.acquire('x');
    await lock.release();
    const next = await peer.acquire('x');
    await lock.release();
    expect(lock.held).toBe(false);
    expect(next.held).toBe(true);
  });

  test('does not abort the signal: the holder knows', async () => {
    const peer = await openPeer(new World());
    const lock = await peer.acquire('x');
    const { signal } = lock;
    await lock.release();
    expect(signal.aborted).toBe(false);
    expect(() => lock.throwIfLost()).not.toThrow();
  });

  test('is what await using calls', async () => {
    const peer = await openPeer(new World());
    {
      await using lock = await peer.acquire('x');
      expect(lock.held).toBe(true);
    }
    expect(peer.status().held).toBe(0);
  });
});

describe('a lock whose lease runs out', () => {
  test('is told so before another is granted', async () => {
    const { world, lock, waiting } = await cutOffHolder();
    const order: string[] = [];
    lock.signal.addEventListener('abort', () => order.push('lost'));
    waiting.then(() => order.push('granted'));
    await world.advance(25_000);
    expect(order).toEqual(['lost', 'granted']);
    expect(lock.signal.reason).toBeInstanceOf(LockLostError);
    expect(lock.signal.reason).toMatchObject({ reason: 'lease', token: lock.token, names: ['x'] });
    expect((await waiting).token).toBeGreaterThan(lock.token);
  });

  test('is held until its deadline, by the clock of each look', async () => {
    const { world, lock } = await cutOffHolder();
    const wall = (): number => world.wallAtZero + world.now;
    await world.advance(2_000);
    const { deadline } = lock;
    expect(deadline - wall()).toBeGreaterThan(5_000);
    // No timer rings from here on.
    world.stall(deadline - wall() - 1);
    expect(lock.held).toBe(true);
    world.stall(2);
    expect(lock.held).toBe(false);
    expect(lock.deadline).toBe(0);
    expect(lock.signal.aborted).toBe(false);
  });

  test('throwIfLost() throws even where no timer could ring yet, and aborts', async () => {
    const { world, lock } = await cutOffHolder();
    const { signal } = lock;
    expect(() => lock.throwIfLost()).not.toThrow();
    world.stall(60_000);
    expect(() => lock.throwIfLost()).toThrow(LockLostError);
    expect(signal.aborted).toBe(true);
    expect(() => lock.throwIfLost()).toThrow(signal.reason);
  });

  test('stays lost when the others are heard again', async () => {
    const { world, lock } = await cutOffHolder();
    world.stall(60_000);
    world.network.mend(urlOf('a'), urlOf('b'));
    world.network.mend(urlOf('a'), urlOf('c'));
    await world.advance(5_000);
    expect(lock.held).toBe(false);
    await lock.release();
    expect(() => lock.throwIfLost()).toThrow(LockLostError);
  });

  test('has an aborted signal also for who asks for it only afterwards', async () => {
    const { world, lock } = await cutOffHolder();
    await world.advance(25_000);
    expect(lock.signal.reason).toBeInstanceOf(LockLostError);
  });

  test('ends with a wall clock set forward, as if suspended, not with one set back', async () => {
    const { world, lock } = await cutOffHolder();
    world.wallAtZero -= 3_600_000;
    expect(lock.held).toBe(true);
    world.wallAtZero += 2 * 3_600_000;
    expect(lock.held).toBe(false);
  });
});

describe('a lock with a maxHold', () => {
  test('is lost when that has passed, also in a mesh of one', async () => {
    const world = new World();
    const peer = await openPeer(world);
    const lock = await peer.acquire('x', { maxHold: 1_000 });
    expect(lock.deadline).toBeLessThanOrEqual(lock.acquiredAt + 1_000);
    const next = peer.acquire('x');
    await world.advance(900);
    expect(await isSettled(world, next)).toBe(false);
    await world.advance(200);
    expect(lock.signal.reason).toMatchObject({ reason: 'max-hold' });
    expect((await next).token).toBeGreaterThan(lock.token);
  });
});

test('a listener of the signal may close the peer', async () => {
  const world = new World();
  const peer = await openPeer(world);
  const lock = await peer.acquire('x', { maxHold: 100 });
  const onClose = vi.fn();
  peer.on('close', onClose);
  lock.signal.addEventListener('abort', () => void peer.close());
  await world.advance(200);
  expect(onClose).toHaveBeenCalledTimes(1);
});
