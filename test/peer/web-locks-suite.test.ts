/**
 * What the platform tests of the Web Locks API ask of `navigator.locks`, asked anew of a peer that
 * is alone, and of one of three: what is granted, and for how long. docs/web-locks.md lists all of
 * those tests, and which are not here.
 */

import { describe, expect, test } from 'vitest';
import { gate, pages } from '../harness/pages.ts';

describe.each(pages)('the locks of a peer %s', (_, open) => {
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

  test('a request within the callback of another name is granted', async () => {
    const { locks, settle } = await open();
    const requested = locks.request('x', () => locks.request('y', (lock) => lock.name));
    await settle();
    expect(await requested).toBe('y');
  });
});
