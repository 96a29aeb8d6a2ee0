/**
 * What the platform tests of the Web Locks API ask of `navigator.locks`, asked anew of a peer that
 * is alone, and of one of three. docs/web-locks.md lists all of those tests, and which are not here.
 */

import { describe, expect, test } from 'vitest';
import type { MeshPeer } from '../../src/peer/mesh-peer.ts';
import type { Locks } from '../../src/peer/web-locks.ts';
import { openPeer, openThree, World } from '../harness/world.ts';

/** Locks, and a while in which whatever can happen does. */
interface Page {
  readonly locks: Locks;
  /** Of another client: the same where there is but one peer. */
  readonly other: Locks;
  readonly settle: () => Promise<void>;
}

type Opener = () => Promise<Page>;

const alone: Opener = async () => {
  const world = new World();
  const { locks } = await openPeer(world);
  return { locks, other: locks, settle: () => world.settle() };
};

const ofThree: Opener = async () => {
  const world = new World();
  const [a, b]: readonly MeshPeer[] = await openThree(world);
  if (a === undefined || b === undefined) throw new Error('There are three peers');
  return { locks: a.locks, other: b.locks, settle: () => world.settle() };
};

/** What a callback waits for until the test lets it go on. */
function gate(): { readonly opened: Promise<void>; open(): void; fail(error: unknown): void } {
  let open = (): void => {};
  let fail = (_error: unknown): void => {};
  const opened = new Promise<void>((resolve, reject) => {
    open = resolve;
    fail = reject;
  });
  return { opened, open, fail };
}

describe.each([
  ['alone', alone],
  ['of three', ofThree],
])('the locks of a peer %s', (_, open) => {
  describe('acquire', () => {
    test.each([
      ['no arguments', []],
      ['no callback', ['x']],
      ['no callback, but options', ['x', {}]],
      ['undefined for a callback', ['x', undefined]],
      ['null for a callback', ['x', {}, null]],
      ['a number for a callback', ['x', {}, 123]],
      ['a text for a callback', ['x', {}, 'abc']],
      ['an object for a callback', ['x', {}, {}]],
      ['a promise for a callback', ['x', Promise.resolve()]],
      ['a mode that there is not', ['x', { mode: 'foo' }, () => {}]],
      ['null for a mode', ['x', { mode: null }, () => {}]],
    ])('rejects %s with a TypeError', async (_what, args) => {
      const { locks } = await open();
      const requested: Promise<unknown> = Reflect.apply(locks.request, locks, args);
      await expect(requested).rejects.toBeInstanceOf(TypeError);
    });

    test('resolves to what the callback returns, or the promise that it returns', async () => {
      const { locks, settle } = await open();
      const all = Promise.all([
        locks.request('x', () => 123),
        locks.request('x', async () => 456),
        locks.request('x', { mode: 'shared' }, () => {}),
      ]);
      await settle();
      expect(await all).toEqual([123, 456, undefined]);
    });

    test('calls back with a lock that has its name and mode, exclusive unless asked', async () => {
      const { locks, settle } = await open();
      const all = Promise.all(
        [{}, { mode: 'exclusive' as const }, { mode: 'shared' as const }].map((options) =>
          locks.request('x', options, (lock) => [lock?.name, lock?.mode]),
        ),
      );
      await settle();
      expect(await all).toEqual([
        ['x', 'exclusive'],
        ['x', 'exclusive'],
        ['x', 'shared'],
      ]);
    });

    test.each([[{ steal: true, ifAvailable: true }], [{ steal: true, mode: 'shared' as const }]])(
      'rejects %j as not supported',
      async (options) => {
        const { locks } = await open();
        const requested = locks.request('x', options, () => {});
        await expect(requested).rejects.toMatchObject({ name: 'NotSupportedError' });
      },
    );
  });

  describe('resource names', () => {
    test.each([
      'abc',
      'ABC',
      'not locked',
      'ab c d',
      'ä',
      '✓',
      '\u{1f4a9}',
      'a\0b',
      '\u0001',
      '\u00ff',
      'a-b',
    ])('%j is one, and that of the lock', async (name) => {
      const { locks, settle } = await open();
      const requested = locks.request(name, (lock) => lock.name);
      await settle();
      expect(await requested).toBe(name);
    });

    test.each(['-', '-foo'])('%j is not supported', async (name) => {
      const { locks } = await open();
      const requested = locks.request(name, () => {});
      await expect(requested).rejects.toMatchObject({ name: 'NotSupportedError' });
    });

    test('that differ do not wait for each other', async () => {
      const { locks, other, settle } = await open();
      const { opened, open: end } = gate();
      const first = locks.request('x', () => opened);
      const second = other.request('X', () => 'in');
      await settle();
      expect(await second).toBe('in');
      end();
      await first;
    });
  });

  describe('held', () => {
    test('until the promise of the callback is resolved', async () => {
      const { locks, other, settle } = await open();
      const { opened, open: end } = gate();
      const first = locks.request('x', () => opened);
      await settle();
      const busy = other.request('x', { ifAvailable: true }, (lock) => lock === null);
      await settle();
      expect(await busy).toBe(true);
      end();
      await first;
      await settle();
      const free = other.request('x', { ifAvailable: true }, (lock) => lock !== null);
      await settle();
      expect(await free).toBe(true);
    });

    test('until the promise of the callback is rejected, which the request is then', async () => {
      const { locks, other, settle } = await open();
      const { opened, fail } = gate();
      const first = locks.request('x', () => opened).catch((error: unknown) => error);
      await settle();
      const order: string[] = [];
      const second = other.request('x', () => void order.push('second'));
      await settle();
      expect(order).toEqual([]);
      fail('why');
      expect(await first).toBe('why');
      await settle();
      await second;
      expect(order).toEqual(['second']);
    });

    test('no longer once the callback throws', async () => {
      const { locks, settle } = await open();
      const first = locks.request('x', () => {
        throw new Error('at once');
      });
      const failed = expect(first).rejects.toThrow('at once');
      await settle();
      await failed;
      const free = locks.request('x', { ifAvailable: true }, (lock) => lock !== null);
      await settle();
      expect(await free).toBe(true);
    });
  });

  describe('ifAvailable', () => {
    test('calls back with null where the lock is held, and holds nothing then', async () => {
      const { locks, other, settle } = await open();
      const { opened, open: end } = gate();
      const first = locks.request('x', () => opened);
      await settle();
      const { opened: waits, open: endWait } = gate();
      const given: unknown[] = [];
      const second = other.request('x', { ifAvailable: true }, (lock) => {
        given.push(lock);
        return waits;
      });
      await settle();
      expect(given).toEqual([null]);
      end();
      await first;
      const third = locks.request('x', () => 'in');
      await settle();
      expect(await third).toBe('in');
      endWait();
      await second;
    });

    test('rejects with what the callback throws, given null or a lock', async () => {
      const { locks, settle } = await open();
      const { opened, open: end } = gate();
      const thrower = (): never => {
        throw new RangeError('thrown');
      };
      const failures = [locks.request('x', { ifAvailable: true }, thrower)];
      const all = Promise.allSettled(failures);
      await settle();
      expect(await all).toMatchObject([{ reason: { message: 'thrown' } }]);
      const first = locks.request('x', () => opened);
      await settle();
      const late = Promise.allSettled([locks.request('x', { ifAvailable: true }, thrower)]);
      await settle();
      expect(await late).toMatchObject([{ reason: { message: 'thrown' } }]);
      end();
      await first;
    });

    test('goes by modes: shared with shared, and nothing with exclusive', async () => {
      const { locks, other, settle } = await open();
      const { opened, open: end } = gate();
      const first = locks.request('x', { mode: 'shared' }, () => opened);
      await settle();
      const modes = ['shared', 'exclusive'] as const;
      const all = Promise.all(
        modes.map((mode) => {
          return other.request('x', { ifAvailable: true, mode }, (lock) => lock?.mode ?? null);
        }),
      );
      await settle();
      expect(await all).toEqual(['shared', null]);
      end();
      await first;
    });

    test('does not pass a request that waits', async () => {
      const { locks, other, settle } = await open();
      const { opened, open: end } = gate();
      const first = locks.request('x', { mode: 'shared' }, () => opened);
      await settle();
      const second = locks.request('x', () => {});
      await settle();
      const third = other.request('x', { mode: 'shared', ifAvailable: true }, (lock) => lock);
      await settle();
      expect(await third).toBe(null);
      end();
      await first;
      await settle();
      await second;
    });
  });

  describe('modes', () => {
    test('exclusive requests are granted one after the other, in order', async () => {
      const { locks, settle } = await open();
      const order: number[] = [];
      let inside = 0;
      const all = [1, 2, 3, 4, 5].map((number) =>
        locks.request('x', async () => {
          inside += 1;
          expect(inside).toBe(1);
          order.push(number);
          await Promise.resolve();
          inside -= 1;
        }),
      );
      for (let round = 0; round < 6; round += 1) await settle();
      await Promise.all(all);
      expect(order).toEqual([1, 2, 3, 4, 5]);
    });

    test('shared requests are granted together', async () => {
      const { locks, settle } = await open();
      const { opened, open: end } = gate();
      let inside = 0;
      const all = [1, 2, 3].map(() =>
        locks.request('x', { mode: 'shared' }, () => {
          inside += 1;
          return opened;
        }),
      );
      await settle();
      expect(inside).toBe(3);
      end();
      await Promise.all(all);
    });

    test('an exclusive request waits for shared ones, and shared ones for it', async () => {
      const { locks, settle } = await open();
      const gates = [gate(), gate(), gate(), gate()];
      const modes = ['shared', 'shared', 'exclusive', 'shared'] as const;
      const order: number[] = [];
      const all = modes.map((mode, at) =>
        locks.request('x', { mode }, () => {
          order.push(at);
          return gates[at]?.opened;
        }),
      );
      await settle();
      expect(order).toEqual([0, 1]);
      gates[0]?.open();
      await settle();
      expect(order).toEqual([0, 1]);
      gates[1]?.open();
      await settle();
      expect(order).toEqual([0, 1, 2]);
      gates[2]?.open();
      await settle();
      expect(order).toEqual([0, 1, 2, 3]);
      gates[3]?.open();
      await Promise.all(all);
    });
  });

  describe('query', () => {
    test('of nothing is two empty lists', async () => {
      const { locks } = await open();
      expect(await locks.query()).toEqual({ held: [], pending: [] });
    });

    test('tells what is held and what is waited for, each with client, name and mode', async () => {
      const { locks, settle } = await open();
      const { opened, open: end } = gate();
      const all = [
        locks.request('x', () => opened),
        locks.request('y', { mode: 'shared' }, () => opened),
        locks.request('y', { mode: 'shared' }, () => opened),
      ];
      await settle();
      const waiting = [
        locks.request('x', { mode: 'shared' }, () => {}),
        locks.request('y', () => {}),
      ];
      await settle();
      const { held, pending } = await locks.query();
      const clientIds = new Set([...held, ...pending].map(({ clientId }) => clientId));
      expect(clientIds.size).toBe(1);
      expect(held.map(({ name, mode }) => `${name} ${mode}`)).toEqual([
        'x exclusive',
        'y shared',
        'y shared',
      ]);
      expect(pending.map(({ name, mode }) => `${name} ${mode}`)).toEqual([
        'x shared',
        'y exclusive',
      ]);
      end();
      await Promise.all(all);
      for (let round = 0; round < 3; round += 1) await settle();
      await Promise.all(waiting);
      expect(await locks.query()).toEqual({ held: [], pending: [] });
    });

    test('lists what waits in the order asked for', async () => {
      const { locks, settle } = await open();
      const { opened, open: end } = gate();
      const first = locks.request('x', () => opened);
      await settle();
      const modes = ['shared', 'exclusive', 'shared'] as const;
      const all = modes.map((mode) => locks.request('x', { mode }, () => {}));
      const { pending } = await locks.query();
      expect(pending.map(({ mode }) => mode)).toEqual(modes);
      end();
      await first;
      for (let round = 0; round < 4; round += 1) await settle();
      await Promise.all(all);
    });
  });

  describe('signal', () => {
    test.each([['text'], [123], [{}], [() => {}], [null]])(
      'must be one: %s is not',
      async (signal) => {
        const { locks } = await open();
        const requested = locks.request(
          'x',
          { signal: signal as unknown as AbortSignal },
          () => {},
        );
        await expect(requested).rejects.toBeInstanceOf(TypeError);
      },
    );

    test('that has aborted rejects with its reason, and calls nothing back', async () => {
      const { locks, settle } = await open();
      let called = false;
      const signal = AbortSignal.abort('reason');
      const requested = locks.request('x', { signal }, () => (called = true));
      await expect(requested).rejects.toBe('reason');
      await settle();
      expect(called).toBe(false);
    });

    test('that aborts without a reason rejects with an AbortError', async () => {
      const { locks, settle } = await open();
      const { opened, open: end } = gate();
      const first = locks.request('x', () => opened);
      await settle();
      const controller = new AbortController();
      const second = locks.request('x', { signal: controller.signal }, () => {});
      const failed = expect(second).rejects.toMatchObject({ name: 'AbortError' });
      controller.abort();
      await failed;
      end();
      await first;
    });

    test('that aborts takes its request out of the queue, and no other', async () => {
      const { locks, settle } = await open();
      const { opened, open: end } = gate();
      const order: string[] = [];
      const first = locks.request('x', () => opened);
      await settle();
      const controller = new AbortController();
      const gone = locks.request('x', { signal: controller.signal }, () => order.push('gone'));
      const failed = expect(gone).rejects.toBe('no more');
      const last = locks.request('x', () => order.push('last'));
      await settle();
      controller.abort('no more');
      await failed;
      end();
      await first;
      await settle();
      await last;
      expect(order).toEqual(['last']);
    });

    test('that aborts once the lock is granted changes nothing', async () => {
      const { locks, settle } = await open();
      const controller = new AbortController();
      const { opened, open: end } = gate();
      const requested = locks.request('x', { signal: controller.signal }, () => {
        controller.abort('late');
        return opened;
      });
      await settle();
      const { held } = await locks.query();
      expect(held).toHaveLength(1);
      end();
      expect(await requested).toBe(undefined);
    });

    test('with ifAvailable is not supported', async () => {
      const { locks } = await open();
      const { signal } = new AbortController();
      const requested = locks.request('x', { signal, ifAvailable: true }, () => {});
      await expect(requested).rejects.toMatchObject({ name: 'NotSupportedError' });
    });
  });

  test('a request within the callback of another name is granted', async () => {
    const { locks, settle } = await open();
    const requested = locks.request('x', () => locks.request('y', (lock) => lock.name));
    await settle();
    expect(await requested).toBe('y');
  });
});
