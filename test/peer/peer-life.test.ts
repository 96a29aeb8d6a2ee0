/**
 * The life of a peer: how it becomes ready, what it tells meanwhile, and how it closes.
 */

import { describe, expect, test, vi } from 'vitest';
import { PeerClosedError } from '../../src/peer/errors.ts';
import type { PeerWarning } from '../../src/peer/events.ts';
import { isSettled, openPeer, openThree, urlOf, voterOptions, World } from '../harness/world.ts';

const ids = ['a', 'b', 'c'];

describe('ready()', () => {
  test('waits for a quorum, which is told as an event too', async () => {
    const world = new World();
    const a = await openPeer(world, voterOptions('a', ['a', 'b']));
    const onReady = vi.fn();
    a.on('ready', onReady);
    const ready = a.ready();
    await world.settle();
    expect(await isSettled(world, ready)).toBe(false);
    expect(a.status().state).toBe('starting');
    await openPeer(world, voterOptions('b', ['a', 'b']));
    await world.advance(2_000);
    await ready;
    expect(onReady).toHaveBeenCalledTimes(1);
  });

  test('gives up with its signal', async () => {
    const world = new World();
    const a = await openPeer(world, voterOptions('a', ids));
    const controller = new AbortController();
    const ready = a.ready({ signal: controller.signal });
    controller.abort('enough');
    await expect(ready).rejects.toBe('enough');
  });

  test('rejects when the peer closes', async () => {
    const world = new World();
    const a = await openPeer(world, voterOptions('a', ids));
    const ready = a.ready();
    void a.close();
    await expect(ready).rejects.toBeInstanceOf(PeerClosedError);
  });
});

describe('close()', () => {
  test('refuses new claims, gives up waiting ones, releases held ones', async () => {
    const world = new World();
    const [a, b] = await openThree(world);
    const holding = a.acquire('x');
    await world.settle();
    const held = await holding;
    const waiting = a.acquire('x').catch((error: unknown) => error);
    const next = b.acquire('x');
    await world.settle();
    const { signal } = held;
    const closed = a.close();
    expect(signal.reason).toBeInstanceOf(PeerClosedError);
    expect(held.held).toBe(false);
    expect(await waiting).toBeInstanceOf(PeerClosedError);
    await expect(a.acquire('y')).rejects.toBeInstanceOf(PeerClosedError);
    await world.settle();
    await closed;
    // No time has passed: the release went ahead of the closing.
    expect((await next).held).toBe(true);
    expect(a.status().state).toBe('closed');
  });

  test('leaves no timer behind', async () => {
    const world = new World();
    const [a, b, c] = await openThree(world);
    const closed = Promise.all([a.close(), b.close(), c.close()]);
    await world.settle();
    await closed;
    expect(world.timers.size).toBe(0);
  });

  test('waits for the holders while it drains', async () => {
    const world = new World();
    const peer = await openPeer(world);
    const lock = await peer.acquire('x');
    const closed = peer.close({ drain: 1_000 });
    await world.advance(500);
    expect(lock.held).toBe(true);
    expect(peer.status().state).toBe('closing');
    await expect(peer.acquire('y')).rejects.toBeInstanceOf(PeerClosedError);
    await lock.release();
    await world.settle();
    await closed;
    expect(lock.signal.aborted).toBe(false);
    expect(world.timers.size).toBe(0);
  });

  test('waits no longer than told', async () => {
    const world = new World();
    const peer = await openPeer(world);
    const lock = await peer.acquire('x');
    const closed = peer.close({ drain: 1_000 });
    await world.advance(1_001);
    await closed;
    expect(lock.signal.reason).toBeInstanceOf(PeerClosedError);
  });

  test('is the same promise when called again, and what await using calls', async () => {
    const peer = await openPeer(new World());
    expect(peer.close()).toBe(peer.close({ drain: 5 }));
    await peer[Symbol.asyncDispose]();
    expect(peer.status().state).toBe('closed');
  });

  test('refuses a drain that is no length of time', async () => {
    const peer = await openPeer(new World());
    await expect(peer.close({ drain: Number.NaN })).rejects.toBeInstanceOf(TypeError);
    expect(peer.status().state).toBe('ready');
  });

  test('tells that it closed', async () => {
    const world = new World();
    const peer = await openPeer(world);
    const onClose = vi.fn();
    peer.on('close', onClose);
    await world.settle();
    await peer.close();
    expect(onClose.mock.calls).toEqual([[undefined]]);
  });
});

describe('events', () => {
  test('of the start reach those who listen right after it', async () => {
    const world = new World();
    const peer = await openPeer(world);
    const onReady = vi.fn();
    peer.on('ready', onReady);
    await world.settle();
    expect(onReady).toHaveBeenCalledTimes(1);
  });

  test('tell of voters that come and go', async () => {
    const world = new World();
    const [a] = await openThree(world);
    const onVoter = vi.fn();
    const onUnready = vi.fn();
    a.on('voter', onVoter).on('unready', onUnready);
    world.network.cut(urlOf('a'), urlOf('b'));
    await world.settle();
    expect(onVoter.mock.calls).toEqual([['b', 'unreachable']]);
    expect(onUnready).not.toHaveBeenCalled();
    world.network.cut(urlOf('a'), urlOf('c'));
    await world.settle();
    expect(onUnready).toHaveBeenCalledTimes(1);
    expect(a.status().state).toBe('unready');
  });

  test('warn of two voters', async () => {
    const world = new World();
    const a = await openPeer(world, voterOptions('a', ['a', 'b']));
    const warnings: PeerWarning[] = [];
    a.on('warning', (warning) => warnings.push(warning));
    await world.settle();
    expect(warnings.map(({ type }) => type)).toEqual(['two-voters']);
  });

  test('tell of a lost lock after its signal', async () => {
    const world = new World();
    const peer = await openPeer(world);
    const lock = await peer.acquire('x', { maxHold: 100 });
    const order: string[] = [];
    lock.signal.addEventListener('abort', () => order.push('signal'));
    peer.on('lost', (lost, error) => order.push(`event ${lost === lock} ${error.reason}`));
    await world.advance(200);
    expect(order).toEqual(['signal', 'event true max-hold']);
  });
});

describe('status()', () => {
  test('tells why a voter cannot be reached', async () => {
    const world = new World();
    const [a] = await openThree(world);
    world.network.cut(urlOf('a'), urlOf('b'));
    await world.advance(1_000);
    const [self, other] = a.status().voters;
    expect(self).toMatchObject({ id: 'a', self: true, state: 'voting', url: null, reason: null });
    expect(other).toMatchObject({ id: 'b', self: false, state: 'unreachable', url: urlOf('b') });
    expect(other?.reason).toContain('ECONNREFUSED');
  });

  test('names the members that are linked', async () => {
    const world = new World();
    const voters = { a: urlOf('a') };
    const a = await openPeer(world, { ...voterOptions('a', ['a']), members: true });
    const m = await openPeer(world, { id: 'm', voters, members: true });
    await world.advance(10_001);
    expect(a.status().members).toEqual(['m']);
    expect(m.status().state).toBe('ready');
  });
});
