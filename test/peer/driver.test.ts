/**
 * The loop around the core: what it sends and when, what it survives, and how it starts anew.
 */

import { afterEach, describe, expect, test, vi } from 'vitest';
import { encode } from '../../src/peer/codec.ts';
import {
  ConfigError,
  InternalError,
  LockLostError,
  PeerClosedError,
} from '../../src/peer/errors.ts';
import type { PeerWarning } from '../../src/peer/events.ts';
import type { MeshPeer } from '../../src/peer/mesh-peer.ts';
import { InvariantError } from '../../src/protocol/assert.ts';
import { Node } from '../../src/protocol/node.ts';
import {
  Disk,
  isSettled,
  openPeer,
  openThree,
  urlOf,
  voterOptions,
  World,
} from '../harness/world.ts';

const ids = ['a', 'b', 'c'];

function warningsOf(peer: MeshPeer): PeerWarning[] {
  const warnings: PeerWarning[] = [];
  peer.on('warning', (warning) => warnings.push(warning));
  return warnings;
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('one turn', () => {
  test('is one frame to each peer, however much was asked in it', async () => {
    const world = new World();
    const [a] = await openThree(world);
    const sent: string[] = [];
    world.network.onSend = ({ from, to, bytes }) => {
      if (from === urlOf('a')) sent.push(to);
      return bytes;
    };
    const locks = Promise.all(['x', 'y', 'z'].map((name) => a.acquire(name)));
    await world.settle();
    await locks;
    // Asked in one frame; the answers came in one, and nothing more had to be said.
    expect(sent.filter((to) => to === urlOf('b')).length).toBeLessThanOrEqual(2);
  });

  test('sets at most one timer for each peer', async () => {
    const world = new World();
    const [a, b] = await openThree(world);
    void a.acquire('x', { timeout: 60_000 });
    void b.acquire('x', { timeout: 60_000 });
    await world.advance(20_000);
    expect(world.timers.size).toBe(3);
  });

  test('of a peer with nothing to do is an empty frame now and then', async () => {
    const world = new World();
    await openThree(world);
    let count = 0;
    world.network.onSend = ({ bytes }) => {
      count++;
      return bytes;
    };
    await world.advance(10_000);
    // Six directions, each with a frame every fifth of a lease.
    expect(count).toBeGreaterThanOrEqual(6 * 4);
    expect(count).toBeLessThanOrEqual(6 * 7);
  });
});

describe('a frame that is none', () => {
  test('costs its sender the link, is told once, and disturbs nobody', async () => {
    const world = new World();
    const [a, b] = await openThree(world);
    const warnings = warningsOf(b);
    const holding = a.acquire('x');
    await world.settle();
    const lock = await holding;
    let isSpoilt = false;
    world.network.onSend = ({ from, to, bytes }) => {
      if (isSpoilt || from !== urlOf('c') || to !== urlOf('b')) return bytes;
      isSpoilt = true;
      return encode(['nonsense']);
    };
    await world.advance(3_000);
    expect(warnings.map(({ type, peer }) => ({ type, peer }))).toEqual([
      { type: 'malformed', peer: 'c' },
    ]);
    expect(lock.held).toBe(true);
    await world.advance(30_000);
    expect(b.status().voters.map(({ state }) => state)).toEqual(['voting', 'voting', 'voting']);
  });
});

describe('a fault in the core', () => {
  function breakCore(): void {
    vi.spyOn(Node.prototype, 'step').mockImplementation(() => {
      throw new InvariantError('Broken invariant: test');
    });
  }

  test('ends that peer: what it holds is lost, what waits rejects, the host lives', async () => {
    const world = new World();
    const peer = await openPeer(world);
    const onClose = vi.fn();
    peer.on('close', onClose);
    await world.settle();
    const lock = await peer.acquire('x');
    const waiting = peer.acquire('x').catch((error: unknown) => error);
    await world.settle();
    const { signal } = lock;
    breakCore();
    const last = peer.acquire('y').catch((error: unknown) => error);
    expect(await last).toBeInstanceOf(InternalError);
    expect(await waiting).toBe(await last);
    expect(lock.held).toBe(false);
    expect(signal.reason).toBeInstanceOf(LockLostError);
    expect(signal.reason).toMatchObject({ reason: 'failed', cause: await last });
    await world.settle();
    expect(onClose.mock.calls).toEqual([[await last]]);
    await expect(peer.acquire('x')).rejects.toMatchObject({
      code: 'ERR_PEER_CLOSED',
      cause: await last,
    });
    await expect(peer.ready()).rejects.toBe(await last);
    await peer.close();
    expect(world.timers.size).toBe(0);
  });

  test('is one of that peer alone: the others go on', async () => {
    const world = new World();
    const [a, b] = await openThree(world);
    breakCore();
    await expect(a.acquire('x')).rejects.toBeInstanceOf(InternalError);
    vi.restoreAllMocks();
    const granted = b.acquire('x');
    await world.settle();
    expect((await granted).held).toBe(true);
  });
});

describe('listeners', () => {
  test('that throw, at once or later, are logged and disturb nobody', async () => {
    const world = new World();
    const error = vi.fn();
    const logger = { debug() {}, info() {}, warn() {}, error };
    const peer = await openPeer(world, { logger });
    const heard = vi.fn();
    peer.on('lost', () => {
      throw new Error('at once');
    });
    peer.on('lost', async () => {
      throw new Error('later');
    });
    peer.on('lost', heard);
    await peer.acquire('x', { maxHold: 100 });
    await world.advance(200);
    expect(heard).toHaveBeenCalledTimes(1);
    expect(error.mock.calls.map(([fields]) => fields.err.message)).toEqual(['at once', 'later']);
    await expect(peer.acquire('x')).resolves.toMatchObject({ held: true });
  });

  test('hear once, and not after off', async () => {
    const world = new World();
    const peer = await openPeer(world);
    const once = vi.fn();
    const off = vi.fn();
    peer.once('lost', once).on('lost', off).off('lost', off);
    await peer.acquire('x', { maxHold: 100 });
    await peer.acquire('y', { maxHold: 100 });
    await world.advance(200);
    expect(once).toHaveBeenCalledTimes(1);
    expect(off).not.toHaveBeenCalled();
  });

  test('for what is no event, or that are none, are refused', async () => {
    const peer = await openPeer(new World());
    expect(() => Reflect.apply(peer.on, peer, ['error', () => {}])).toThrow(TypeError);
    expect(() => Reflect.apply(peer.on, peer, ['ready', 'x'])).toThrow(TypeError);
  });
});

describe('with a state file', () => {
  test('a start is durable before others see it, and a vote after its mark', async () => {
    const world = new World();
    const disk = new Disk();
    const peer = await openPeer(world, {}, { storage: disk });
    expect(disk.saves).toBeGreaterThanOrEqual(1);
    const granted = peer.acquire('x');
    await world.settle();
    const { token } = await granted;
    expect(disk.saves).toBeGreaterThanOrEqual(2);
    await peer.close();

    // A year back, and still greater: the file knows.
    const again = await openPeer(world, {}, { storage: disk, wallOffsetMs: -31_536_000_000 });
    const next = again.acquire('x');
    await world.settle();
    expect((await next).token).toBeGreaterThan(token);
    expect(again.status().incarnation).toBeGreaterThan(peer.status().incarnation);
  });

  test('that cannot be written, votes wait and a warning tells', async () => {
    const world = new World();
    const disk = new Disk();
    const peer = await openPeer(world, {}, { storage: disk });
    const warnings = warningsOf(peer);
    disk.fault = new Error('the disk is full');
    const waiting = peer.acquire('x');
    await world.advance(2_500);
    expect(await isSettled(world, waiting)).toBe(false);
    expect(warnings.map(({ type }) => type)).toEqual(['state-file']);
    expect(warnings[0]?.message).toContain('the disk is full');
    disk.fault = undefined;
    await world.advance(1_100);
    expect((await waiting).held).toBe(true);
  });

  test('that cannot be read, or is not ours, a peer does not start', async () => {
    const disk = new Disk();
    disk.bytes = encode({ version: 99 });
    const other = openPeer(new World(), {}, { storage: disk });
    await expect(other).rejects.toMatchObject({ code: 'ERR_CONFIG', field: 'stateFile' });
    disk.bytes = Uint8Array.of(0xc1);
    const damaged = openPeer(new World(), {}, { storage: disk });
    await expect(damaged).rejects.toThrow(/damaged content/);
  });

  test('that cannot be written at the start, a peer does not start', async () => {
    const world = new World();
    const disk = new Disk();
    disk.fault = new Error('the disk is full');
    const starting = openPeer(world, {}, { storage: disk });
    await expect(starting).rejects.toBeInstanceOf(ConfigError);
    expect(world.timers.size).toBe(0);
  });
});

describe('a peer whose clock was set back across a restart', () => {
  test('starts anew above what the others know', async () => {
    const world = new World();
    const [old] = await openThree(world);
    const closed = old.close();
    await world.settle();
    await closed;
    const place = { wallOffsetMs: -60_000 };
    const a = await openPeer(world, voterOptions('a', ids), place);
    const warnings = warningsOf(a);
    const waiting = a.acquire('x');
    await world.advance(12_000);
    expect(warnings.map(({ type }) => type)).toContain('restarted');
    expect(a.status().incarnation).toBeGreaterThan(old.status().incarnation);
    expect((await waiting).held).toBe(true);
    expect(a.status().state).toBe('ready');
  });
});

describe('a second process with the id of a living one', () => {
  test('is told so, and closes; the first goes on', async () => {
    const world = new World();
    const [a] = await openThree(world);
    const second = await openPeer(world, voterOptions('a', ids));
    const ready = second.ready().catch((error: unknown) => error);
    const waiting = second.acquire('x').catch((error: unknown) => error);
    await world.advance(12_000);
    const error = await ready;
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({ field: 'id', message: expect.stringContaining('a:4') });
    expect(await waiting).toBe(error);
    await expect(second.acquire('x')).rejects.toBeInstanceOf(PeerClosedError);
    expect(a.status().state).toBe('ready');
  });
});
