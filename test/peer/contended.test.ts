/**
 * A polite holder, as an application sees it.
 */

import { expect, test } from 'vitest';
import { openThree, World } from '../harness/world.ts';

test('lock.contended aborts when another peer waits, and the lock is held on', async () => {
  const world = new World();
  const [a, b] = await openThree(world);
  const granted = a.acquire('x');
  await world.settle();
  const lock = await granted;
  const { contended } = lock;
  await world.settle();
  expect(contended.aborted).toBe(false);
  const waiting = b.acquire('x');
  await world.settle();
  expect(contended.aborted).toBe(true);
  expect([lock.held, lock.signal.aborted]).toEqual([true, false]);
  await lock.release();
  await world.settle();
  expect((await waiting).held).toBe(true);
});

test('lock.contended is aborted where somebody waits already when it is first read', async () => {
  const world = new World();
  const [a, b, c] = await openThree(world);
  const granted = a.acquire('x');
  await world.settle();
  const lock = await granted;
  void b.acquire('x');
  await world.settle();
  const { contended } = lock;
  await world.settle();
  expect(contended.aborted).toBe(true);
  expect(lock.contended).toBe(contended);
  const other = c.acquire('y');
  await world.settle();
  const free = (await other).contended;
  await world.settle();
  expect(free.aborted).toBe(false);
});

test('lock.contended aborts for a claim of the same peer, also a lingering one', async () => {
  const world = new World();
  const [a] = await openThree(world);
  for (const linger of [0, 1_000]) {
    const granted = a.acquire('x', { linger });
    await world.settle();
    const lock = await granted;
    const { contended } = lock;
    await world.settle();
    const waiting = a.acquire('x', { linger });
    expect(contended.aborted).toBe(true);
    await lock.release();
    await world.settle();
    await (await waiting).release();
    await world.settle();
  }
});

test('lock.contended of a lock that has ended is read without harm', async () => {
  const world = new World();
  const [a, b] = await openThree(world);
  const granted = a.acquire('x');
  await world.settle();
  const lock = await granted;
  await lock.release();
  void b.acquire('x');
  await world.settle();
  expect(lock.contended.aborted).toBe(false);
});
