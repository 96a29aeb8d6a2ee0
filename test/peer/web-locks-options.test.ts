/**
 * Options of the callback form that its types do not allow: as a dictionary of the standard they
 * are read by its rules, where browsers read them.
 */

import { describe, expect, test } from 'vitest';
import type { LockRequestOptions } from '../../src/peer/web-locks.ts';
import { gate, pages } from '../harness/pages.ts';

/** What no type allows. */
function odd(options: unknown): LockRequestOptions {
  return options as LockRequestOptions;
}

describe.each(pages)('the options of a request to a peer %s', (_, open) => {
  test.each([true, 'yes', 1, {}, []])('are %j for true', async (value) => {
    const { locks, other, settle } = await open();
    const { opened, open: end } = gate();
    const first = locks.request('x', () => opened).catch(({ name }) => name);
    await settle();
    const busy = other.request('x', odd({ ifAvailable: value }), (lock) => lock);
    await settle();
    expect(await busy).toBe(null);
    const stolen = other.request('x', odd({ steal: value }), (lock) => lock?.held);
    await settle();
    expect(await stolen).toBe(true);
    expect(await first).toBe('AbortError');
    end();
  });

  test.each([false, undefined, null, 0, '', Number.NaN])('are %j for false', async (value) => {
    const { locks, other, settle } = await open();
    const { opened, open: end } = gate();
    const first = locks.request('x', () => opened);
    await settle();
    const order: string[] = [];
    const options = odd({ ifAvailable: value, steal: value });
    const second = other.request('x', options, () => order.push('second'));
    await settle();
    expect(order).toEqual([]);
    end();
    await settle();
    await Promise.all([first, second]);
    expect(order).toEqual(['second']);
  });

  test.each([
    ['none', undefined],
    ['null for none', null],
    ['members that are not known', { steel: true, unknown: 5 }],
  ])('may be %s', async (_what, options) => {
    const { locks, settle } = await open();
    const requested = locks.request('x', odd(options), (lock) => lock?.mode);
    await settle();
    expect(await requested).toBe('exclusive');
  });

  test.each([
    ['ifAvailable with a timeout', { ifAvailable: true, timeout: 5 }, 'no timeout, received 5'],
    ['a truthy ifAvailable with a signal', { ifAvailable: 1, signal: AbortSignal.abort() }, 'no'],
    ['a truthy steal with ifAvailable', { steal: 1, ifAvailable: 1 }, 'so is no try'],
    ['a truthy steal of what is shared', { steal: 'yes', mode: 'shared' }, 'exclusive locks'],
  ])('are not supported: %s', async (_what, options, why) => {
    const { locks, settle } = await open();
    const requested = locks.request('x', odd(options), () => {});
    const failing = requested.catch((error: unknown) => error);
    await settle();
    expect(await failing).toMatchObject({ name: 'NotSupportedError' });
    expect(String(await failing)).toContain(why);
  });

  test('may be ifAvailable with a timeout of 0, which says the same', async () => {
    const { locks, settle } = await open();
    const asked = locks.request('x', { ifAvailable: true, timeout: 0 }, (lock) => lock?.held);
    await settle();
    expect(await asked).toBe(true);
  });
});
