/**
 * What the platform tests of the Web Locks API ask of `steal`, asked anew as in
 * web-locks-suite.test.ts, of meshes that allow it.
 */

import { describe, expect, test } from 'vitest';
import { LockStolenError } from '../../src/peer/errors.ts';
import type { Lock } from '../../src/peer/lock.ts';
import type { Locks } from '../../src/peer/web-locks.ts';
import { gate, pages } from '../harness/pages.ts';

const never = new Promise<void>(() => {});

/** Holds the lock for ever; tells how that ended. */
function hold(locks: Locks, options: { steal?: boolean } = {}): Promise<unknown> {
  return locks.request('x', options, () => never).catch((error: unknown) => error);
}

describe.each(pages)('the locks of a peer %s, with steal', (_, open) => {
  test('are granted where they are free', async () => {
    const { locks, settle } = await open();
    const requested = locks.request('x', { steal: true }, (lock) => lock !== null);
    await settle();
    expect(await requested).toBe(true);
  });

  test('are granted where they are held, and the holder rejects with an AbortError', async () => {
    const { locks, other, settle } = await open();
    let held: Lock | undefined;
    const first = locks.request('x', (lock) => {
      held = lock;
      return never;
    });
    const failing = first.catch((error: unknown) => error);
    await settle();
    const second = other.request('x', { steal: true }, (lock) => lock?.held);
    await settle();
    expect(await second).toBe(true);
    const error = await failing;
    expect(error).toBeInstanceOf(LockStolenError);
    expect(error).toMatchObject({ name: 'AbortError' });
    expect(held?.signal.reason).toBe(error);
  });

  test('reject at once, whatever the callback of the holder still does', async () => {
    const { locks, other, settle } = await open();
    const { opened, open: end } = gate();
    const order: string[] = [];
    const first = locks.request('x', async () => {
      await opened;
      order.push('callback over');
    });
    void first.catch(() => order.push('rejected'));
    await settle();
    const second = other.request('x', { steal: true }, () => order.push('stolen'));
    await settle();
    await second;
    end();
    await settle();
    expect(order.filter((word) => word !== 'stolen')).toEqual(['rejected', 'callback over']);
    expect(order).toContain('stolen');
  });

  test('resolve to what the callback returns, no sooner', async () => {
    const { locks, other, settle } = await open();
    const { opened, open: end } = gate();
    const first = hold(locks);
    await settle();
    let isOver = false;
    const second = other.request('x', { steal: true }, () => opened.then(() => 123));
    void second.then(() => {
      isOver = true;
    });
    await settle();
    expect(await first).toMatchObject({ name: 'AbortError' });
    expect(isOver).toBe(false);
    end();
    expect(await second).toBe(123);
  });

  test('go to the last that asks, and all before it reject', async () => {
    const { locks, settle } = await open();
    const holders = [1, 2, 3].map(() => hold(locks, { steal: true }));
    const last = locks.request('x', { steal: true }, () => 'last');
    await settle();
    expect(await last).toBe('last');
    for (const holder of holders) expect(await holder).toMatchObject({ name: 'AbortError' });
  });

  test('leave those that wait where they are, to be granted later in their order', async () => {
    const { locks, other, settle } = await open();
    const { opened, open: end } = gate();
    const first = hold(locks);
    await settle();
    const order: string[] = [];
    const waiting = [1, 2, 3].map((number) => {
      return locks.request('x', () => void order.push(`waiting ${number}`));
    });
    await settle();
    const stealing = other.request('x', { steal: true }, async () => {
      order.push('stolen');
      await opened;
    });
    await settle();
    expect(await first).toMatchObject({ name: 'AbortError' });
    expect(order).toEqual(['stolen']);
    end();
    await stealing;
    await settle();
    await Promise.all(waiting);
    expect(order).toEqual(['stolen', 'waiting 1', 'waiting 2', 'waiting 3']);
  });

  test('can be stolen from all who share them', async () => {
    const { locks, other, settle } = await open();
    const sharing = [locks, other, locks].map((some) => {
      const requested = some.request('x', { mode: 'shared' }, () => never);
      return requested.catch((error: unknown) => error);
    });
    await settle();
    const stealing = other.request('x', { steal: true }, (lock) => lock?.held);
    await settle();
    expect(await stealing).toBe(true);
    for (const failing of sharing) expect(await failing).toMatchObject({ name: 'AbortError' });
  });

  test.each([
    ['ifAvailable', { ifAvailable: true }],
    ['the mode shared', { mode: 'shared' as const }],
    ['a signal', { signal: new AbortController().signal }],
    ['an aborted signal', { signal: AbortSignal.abort() }],
    ['a timeout of 0', { timeout: 0 }],
  ])('are not supported with %s', async (_what, options) => {
    const { locks } = await open();
    const requested = locks.request('x', { steal: true, ...options }, () => {});
    await expect(requested).rejects.toMatchObject({ name: 'NotSupportedError' });
  });
});
