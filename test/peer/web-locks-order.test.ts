/**
 * The same as web-locks-suite.test.ts: who waits for whom, what is told of it, and who gives up.
 */

import { describe, expect, test } from 'vitest';
import { gate, pages } from '../harness/pages.ts';

describe.each(pages)('the locks of a peer %s', (_, open) => {
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
      expect(await locks.query()).toMatchObject({ held: [], pending: [] });
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
      expect(await locks.query()).toMatchObject({ held: [], pending: [] });
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
});
