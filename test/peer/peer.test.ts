/**
 * What an application asks of a peer, over networks in memory and a clock that the test moves.
 */

import { describe, expect, test } from 'vitest';
import { LockTimeoutError, NoQuorumError, ReentrantError } from '../../src/peer/errors.ts';
import { isSettled, openPeer, openThree, urlOf, voterOptions, World } from '../harness/world.ts';

const ids = ['a', 'b', 'c'] as const;

describe('a mesh of one', () => {
  test('grants at once, with nothing else started', async () => {
    const peer = await openPeer(new World());
    const lock = await peer.acquire('x');
    expect(lock.held).toBe(true);
    expect(peer.url).toBeNull();
    expect(peer.status()).toMatchObject({ id: 'local', state: 'ready', quorum: 1, held: 1 });
  });

  test('keeps no timer while nothing is waited for', async () => {
    const world = new World();
    const peer = await openPeer(world);
    await peer.acquire('x');
    // The core forgets a moment that no longer matters only when it comes.
    await world.advance(2_001);
    expect(world.timers.size).toBe(0);
  });
});

describe('acquire()', () => {
  test('waits for the holder to release', async () => {
    const world = new World();
    const [a, b] = await openThree(world);
    const first = a.acquire('x');
    await world.settle();
    const second = b.acquire('x');
    await world.settle();
    expect(await isSettled(world, second)).toBe(false);
    await (await first).release();
    await world.settle();
    expect((await second).token).toBeGreaterThan((await first).token);
  });

  test('takes several names at once, or none', async () => {
    const world = new World();
    const [a, b] = await openThree(world);
    const both = a.acquire(['x', { name: 'y', mode: 'shared' }]);
    await world.settle();
    const { names, name, mode } = await both;
    expect({ names, name, mode }).toEqual({ names: ['x', 'y'], name: 'x', mode: 'exclusive' });
    const reader = b.acquire('y', { mode: 'shared' });
    const writer = b.acquire(['z', 'x']);
    await world.settle();
    expect(await isSettled(world, reader)).toBe(true);
    expect(await isSettled(world, writer)).toBe(false);
  });

  test('rejects after its timeout, and says who holds', async () => {
    const world = new World();
    const [a, b] = await openThree(world);
    const held = a.acquire('x');
    await world.settle();
    const acquiredAt = (await held).acquiredAt;
    const waiting = b.acquire('x', { timeout: 500 }).catch((error: unknown) => error);
    await world.advance(510);
    const error = await waiting;
    expect(error).toBeInstanceOf(LockTimeoutError);
    expect(error).toMatchObject({ code: 'ERR_LOCK_TIMEOUT', names: ['x'], timeout: 500, ahead: 1 });
    const { holders } = error instanceof LockTimeoutError ? error : { holders: [] };
    expect(holders.map(({ peer }) => peer)).toEqual(['a']);
    expect(Math.abs((holders[0]?.since ?? 0) - acquiredAt)).toBeLessThanOrEqual(5);
    expect(String(error)).toMatch(/Cannot acquire "x": not granted within 500 ms, held by a for /);
    expect(b.status().pending).toBe(0);
  });

  test('does not wait with a timeout of 0', async () => {
    const world = new World();
    const [a, b] = await openThree(world);
    void a.acquire('x');
    await world.settle();
    const failing = b.acquire('x', { timeout: 0 }).catch((error: unknown) => error);
    await world.settle();
    expect(await failing).toMatchObject({ code: 'ERR_LOCK_TIMEOUT', timeout: 0 });
  });

  test('rejects with the reason of a signal that is already aborted', async () => {
    const peer = await openPeer(new World());
    const signal = AbortSignal.abort('enough');
    await expect(peer.acquire('x', { signal })).rejects.toBe('enough');
    expect(peer.status().pending).toBe(0);
  });

  test('gives up when its signal aborts, and lets those behind it pass', async () => {
    const world = new World();
    const [a, b, c] = await openThree(world);
    const held = a.acquire('x');
    await world.settle();
    const controller = new AbortController();
    const given = b.acquire('x', { signal: controller.signal }).catch((error: unknown) => error);
    await world.settle();
    const behind = c.acquire('x');
    await world.settle();
    controller.abort('enough');
    expect(await given).toBe('enough');
    await (await held).release();
    await world.settle();
    expect(await isSettled(world, behind)).toBe(true);
  });

  test('does not heed its signal once granted', async () => {
    const peer = await openPeer(new World());
    const controller = new AbortController();
    const lock = await peer.acquire('x', { signal: controller.signal });
    controller.abort();
    expect(lock.held).toBe(true);
    expect(lock.signal.aborted).toBe(false);
  });

  test('rejects when fewer voters than the quorum answer, and says why', async () => {
    const world = new World();
    const [a] = await openThree(world);
    world.network.cut(urlOf('a'), urlOf('b'));
    world.network.cut(urlOf('a'), urlOf('c'));
    await world.advance(100);
    const failing = a.acquire('x').catch((error: unknown) => error);
    await world.advance(2_500);
    const error = await failing;
    expect(error).toBeInstanceOf(NoQuorumError);
    expect(error).toMatchObject({
      quorum: 2,
      voters: [
        { voter: 'a', answer: 'yes' },
        { voter: 'b', answer: 'unreachable', reason: expect.stringContaining('ECONNREFUSED') },
        { voter: 'c', answer: 'unreachable', since: expect.any(Number) },
      ],
    });
    expect(String(error)).toMatch(/1 of 3 voters answered, 2 must .*b: unreachable for .* ms/);
  });

  test('before the first quorum, waits within its timeout', async () => {
    const world = new World();
    const a = await openPeer(world, voterOptions('a', ids));
    const waiting = a.acquire('x', { timeout: 8_000 }).catch((error: unknown) => error);
    await world.advance(7_000);
    expect(await isSettled(world, waiting)).toBe(false);
    await world.advance(1_100);
    expect(await waiting).toMatchObject({ code: 'ERR_LOCK_TIMEOUT' });
    expect(String(await waiting)).toContain('b: unreachable');
  });

  test.each([
    ['a number', 42],
    ['nothing', ''],
    ['a lone surrogate', '\uD800'],
    ['too long', 'é'.repeat(513)],
    ['no names', []],
    ['two modes of one name', ['x', { name: 'x', mode: 'shared' as const }]],
    ['too many names', Array.from({ length: 257 }, (_, index) => `n${index}`)],
  ])('rejects %s with a TypeError', async (_, request) => {
    const peer = await openPeer(new World());
    await expect(peer.acquire(request as string)).rejects.toBeInstanceOf(TypeError);
    expect(peer.status().pending).toBe(0);
  });

  test('rejects a misspelled option', async () => {
    const peer = await openPeer(new World());
    await expect(peer.acquire('x', { timout: 5 } as object)).rejects.toThrow(/timeout/);
  });

  test('rejects within a callback that holds the name', async () => {
    const peer = await openPeer(new World());
    const nested = peer.locks.request('x', () => peer.acquire('x', { timeout: 10 }));
    await expect(nested).rejects.toBeInstanceOf(ReentrantError);
    await expect(peer.acquire('x')).resolves.toMatchObject({ name: 'x' });
  });
});

describe('tryAcquire()', () => {
  test('is null when another holds', async () => {
    const world = new World();
    const [a, b] = await openThree(world);
    const first = a.tryAcquire('x');
    await world.settle();
    expect(await first).not.toBeNull();
    const second = b.tryAcquire('x');
    await world.settle();
    expect(await second).toBeNull();
  });

  test('of several at once, exactly one gets it', async () => {
    const world = new World();
    const peers = await openThree(world);
    const tries = peers.map((peer) => peer.tryAcquire('x'));
    // The voters know within a trip or two, and no time passes.
    await world.settle();
    const locks = await Promise.all(tries);
    expect(locks.filter((lock) => lock !== null)).toHaveLength(1);
  });

  test('rejects soon when no quorum can be asked, ready before or not', async () => {
    const world = new World();
    const a = await openPeer(world, voterOptions('a', ids));
    const failing = a.tryAcquire('x').catch((error: unknown) => error);
    await world.advance(2_100);
    expect(await failing).toBeInstanceOf(NoQuorumError);
  });
});
