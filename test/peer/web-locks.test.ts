/**
 * The callback form, held against the W3C Web Locks API and what is added to it.
 */

import { describe, expect, test, vi } from 'vitest';
import { LockLostError, LockTimeoutError, PeerClosedError } from '../../src/peer/errors.ts';
import type { Lock } from '../../src/peer/lock.ts';
import type { Locks } from '../../src/peer/web-locks.ts';
import { isSettled, openPeer, openThree, World } from '../harness/world.ts';

/** The standard types, as lib.dom.d.ts has them. */
interface StandardLock {
  readonly mode: 'exclusive' | 'shared';
  readonly name: string;
}
interface StandardInfo {
  clientId?: string;
  mode?: 'exclusive' | 'shared';
  name?: string;
}
interface StandardOptions {
  ifAvailable?: boolean;
  mode?: 'exclusive' | 'shared';
  signal?: AbortSignal;
  steal?: boolean;
}
interface StandardLockManager {
  query(): Promise<{ held?: StandardInfo[]; pending?: StandardInfo[] }>;
  request<T>(name: string, callback: (lock: StandardLock | null) => T): Promise<Awaited<T>>;
  request<T>(
    name: string,
    options: StandardOptions,
    callback: (lock: StandardLock | null) => T,
  ): Promise<Awaited<T>>;
}

/** Something that a callback waits for until the test lets it go on. */
function gate(): { readonly opened: Promise<void>; open(): void } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

describe('request()', () => {
  test('is assignable to the standard type', () => {
    const assign = (locks: Locks): StandardLockManager => locks;
    expect(assign).toBeTypeOf('function');
  });

  test('calls back with the lock, and returns what the callback returns', async () => {
    const peer = await openPeer(new World());
    const result = await peer.locks.request('x', async (lock) => {
      expect(lock).toMatchObject({ name: 'x', mode: 'exclusive', held: true });
      return lock.token;
    });
    expect(result).toBeTypeOf('number');
    expect(peer.status().held).toBe(0);
  });

  test('rejects with what the callback throws, at once or later', async () => {
    const peer = await openPeer(new World());
    const fault = new Error('mine');
    const throwing = peer.locks.request('x', () => {
      throw fault;
    });
    await expect(throwing).rejects.toBe(fault);
    await expect(peer.locks.request('x', () => Promise.reject(fault))).rejects.toBe(fault);
    expect(peer.status().held).toBe(0);
  });

  test('holds until the promise of the callback settles', async () => {
    const world = new World();
    const peer = await openPeer(world);
    const { opened, open } = gate();
    const first = peer.locks.request('x', () => opened);
    const second = peer.locks.request('x', () => 'second');
    expect(await isSettled(world, second)).toBe(false);
    open();
    await first;
    expect(await second).toBe('second');
  });

  test('lets shared holders in together', async () => {
    const world = new World();
    const peer = await openPeer(world);
    const { opened, open } = gate();
    const inside = vi.fn();
    const readers = [1, 2].map((reader) =>
      peer.locks.request('x', { mode: 'shared' }, (lock) => {
        inside(reader, lock.mode);
        return opened;
      }),
    );
    await world.settle();
    expect(inside.mock.calls).toEqual([
      [1, 'shared'],
      [2, 'shared'],
    ]);
    open();
    await Promise.all(readers);
  });

  test('with ifAvailable calls back with null instead of waiting', async () => {
    const peer = await openPeer(new World());
    const result = await peer.locks.request('x', () =>
      peer.locks.request('x', { ifAvailable: true }, (lock) => lock === null),
    );
    expect(result).toBe(true);
    const free = await peer.locks.request('x', { ifAvailable: true }, (lock) => lock?.held);
    expect(free).toBe(true);
  });

  test('with a timeout rejects when that has passed', async () => {
    const world = new World();
    const peer = await openPeer(world);
    const { opened, open } = gate();
    void peer.locks.request('x', () => opened);
    const callback = vi.fn();
    const failing = peer.locks.request('x', { timeout: 100 }, callback).catch((error) => error);
    await world.advance(200);
    expect(await failing).toBeInstanceOf(LockTimeoutError);
    expect(callback).not.toHaveBeenCalled();
    open();
  });

  test('rejects with the reason of its signal while it waits', async () => {
    const peer = await openPeer(new World());
    const controller = new AbortController();
    const { signal } = controller;
    const { opened, open } = gate();
    void peer.locks.request('x', () => opened);
    const waiting = peer.locks.request('x', { signal }, () => {}).catch((error) => error);
    controller.abort('enough');
    expect(await waiting).toBe('enough');
    const late = peer.locks.request('x', { signal }, () => {});
    await expect(late).rejects.toBe('enough');
    open();
  });

  test.each([
    ['a name that begins with -', '-x', {}],
    ['steal', 'x', { steal: true }],
    ['steal with ifAvailable', 'x', { steal: true, ifAvailable: true }],
    ['steal of a shared lock', 'x', { steal: true, mode: 'shared' as const }],
    ['a signal with ifAvailable', 'x', { signal: AbortSignal.abort(), ifAvailable: true }],
  ])('refuses %s as not supported', async (_, name, options) => {
    const peer = await openPeer(new World());
    const failing = peer.locks.request(name, options, () => {});
    await expect(failing).rejects.toMatchObject({ name: 'NotSupportedError' });
  });

  test.each([
    ['a name that is no string', [42, () => {}]],
    ['no callback', ['x']],
    ['options that are none', ['x', 42, () => {}]],
    ['another mode', ['x', { mode: 'other' }, () => {}]],
    ['a signal that is none', ['x', { signal: {} }, () => {}]],
  ])('refuses %s with a TypeError', async (_, args) => {
    const peer = await openPeer(new World());
    const request = Reflect.apply(peer.locks.request, peer.locks, args);
    await expect(request).rejects.toBeInstanceOf(TypeError);
  });

  test('ignores options that it does not know, as the standard says', async () => {
    const peer = await openPeer(new World());
    const options = { unknown: true } as object;
    await expect(peer.locks.request('x', options, () => 1)).resolves.toBe(1);
  });

  test('rejects at once when the lock is lost, though the callback hangs', async () => {
    const world = new World();
    const peer = await openPeer(world);
    let seen: unknown;
    const hanging = peer.locks.request('x', { maxHold: 100 }, (lock) => {
      lock.signal.addEventListener('abort', () => {
        seen = lock.signal.reason;
      });
      return new Promise(() => {});
    });
    const failing = hanging.catch((error: unknown) => error);
    await world.advance(200);
    expect(await failing).toBeInstanceOf(LockLostError);
    expect(await failing).toBe(seen);
  });

  test('lets a callback that fails after the loss disturb nobody', async () => {
    const world = new World();
    const peer = await openPeer(world);
    const { opened, open } = gate();
    const failing = peer.locks
      .request('x', { maxHold: 100 }, async () => {
        await opened;
        throw new Error('too late');
      })
      .catch((error: unknown) => error);
    await world.advance(200);
    open();
    await world.settle();
    expect(await failing).toBeInstanceOf(LockLostError);
  });

  test('rejects when the peer is closed meanwhile', async () => {
    const world = new World();
    const peer = await openPeer(world);
    let lock: Lock | undefined;
    const running = peer.locks
      .request('x', (granted) => {
        lock = granted;
        return new Promise(() => {});
      })
      .catch((error: unknown) => error);
    await world.settle();
    await peer.close();
    expect(await running).toBeInstanceOf(PeerClosedError);
    expect(lock?.signal.aborted).toBe(true);
  });

  test('warns when a callback asks for what it holds', async () => {
    const world = new World();
    const peer = await openPeer(world);
    const types: string[] = [];
    peer.on('warning', ({ type }) => types.push(type));
    await world.settle();
    const nested = peer.locks.request('x', () =>
      peer.locks.request('x', { timeout: 10 }, () => {}),
    );
    const failing = nested.catch((error: unknown) => error);
    await world.advance(20);
    expect(await failing).toBeInstanceOf(LockTimeoutError);
    expect(types).toEqual(['reentrant']);
  });

  test('takes no listener for the callback within which it is called', async () => {
    const world = new World();
    const peer = await openPeer(world);
    const other = await peer.acquire('other', { maxHold: 100 });
    let asked: Promise<unknown> | undefined;
    peer.on('lost', () => {
      asked = peer.acquire('x');
    });
    await world.settle();
    await peer.locks.request('x', () => {
      world.stall(200);
      expect(() => other.throwIfLost()).toThrow(LockLostError);
    });
    expect(await asked).toMatchObject({ name: 'x', held: true });
  });

  test('knows a holder only within its callback', async () => {
    const peer = await openPeer(new World());
    await peer.locks.request('x', () => peer.acquire('y'));
    await peer.locks.request('x', { mode: 'shared' }, () => peer.acquire('x', { mode: 'shared' }));
    const other = await openPeer(new World());
    await peer.locks.request('z', () => other.acquire('z'));
  });
});

describe('query()', () => {
  test('lists what this peer holds and waits for', async () => {
    const world = new World();
    const [a, b] = await openThree(world);
    const held = a.acquire(['x', { name: 'y', mode: 'shared' }]);
    await world.settle();
    const { token, acquiredAt } = await held;
    void b.acquire('x', { mode: 'shared' });
    void b.acquire('z');
    await world.settle();
    const since = acquiredAt;
    expect(await a.locks.query()).toEqual({
      held: [
        { name: 'x', mode: 'exclusive', clientId: 'a', since, token },
        { name: 'y', mode: 'shared', clientId: 'a', since, token },
      ],
      pending: [],
      unanswered: [],
      truncated: false,
    });
    const other = await b.locks.query();
    expect(other.held.map(({ name }) => name)).toEqual(['z']);
    expect(other.pending).toEqual([
      { name: 'x', mode: 'shared', clientId: 'b', since: expect.any(Number) },
    ]);
  });
});
