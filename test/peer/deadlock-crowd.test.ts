/**
 * Claims that wait in a circle, among many of one caller that hold the same.
 */

import { expect, test } from 'vitest';
import { errorOf, held } from '../harness/waiting.ts';
import { isSettled, openThree, World } from '../harness/world.ts';

test('finds the one circle among many claims of a caller, some of them at a time', async () => {
  const world = new World();
  const [a, b, c] = await openThree(world);
  const [x, z] = [await held(world, a, 'x'), await held(world, b, 'z')];
  for (let at = 0; at < 40; at++) {
    await held(world, c, `y${at}`);
    a.acquire(`y${at}`, { holding: [x] }).catch(() => {});
  }
  a.acquire('z', { holding: [x] }).catch(() => {});
  await world.advance(10);
  const younger = errorOf(b.acquire('x', { holding: [z] }));
  await world.advance(4_000);
  expect(await isSettled(world, younger)).toBe(true);
  expect(await younger).toMatchObject({
    cycle: [
      { peer: 'b', holds: ['z'], wants: ['x'] },
      { peer: 'a', holds: ['x'], wants: ['z'] },
    ],
  });
});
