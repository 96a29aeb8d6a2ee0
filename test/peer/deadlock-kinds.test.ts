/**
 * Claims that wait in a circle for what is downgraded, or stolen.
 */

import { describe, expect, test } from 'vitest';
import { errorAfter, errorOf, held } from '../harness/waiting.ts';
import { isSettled, openThree, World } from '../harness/world.ts';

describe('acquire() with holding', () => {
  test('counts what is downgraded as held, for whoever wants it exclusively', async () => {
    const world = new World();
    const [a, b, c] = await openThree(world);
    const [x, y] = [await held(world, a, 'x'), await held(world, b, 'y')];
    await x.downgrade();
    const reader = c.acquire('x', { mode: 'shared' });
    await world.settle();
    expect((await reader).held).toBe(true);
    const older = errorOf(a.acquire('y', { holding: [x] }));
    await world.advance(5);
    const younger = await errorAfter(world, b.acquire('x', { holding: [y] }), 1_100);
    expect(younger).toMatchObject({
      code: 'ERR_DEADLOCK',
      cycle: [
        { peer: 'b', holds: ['y'], wants: ['x'] },
        { peer: 'a', holds: ['x'], wants: ['y'] },
      ],
    });
    expect(await isSettled(world, older)).toBe(false);
  });

  test('ends with what is downgraded for whoever wants to share it', async () => {
    const world = new World();
    const [a, b] = await openThree(world);
    const [x, y] = [await held(world, a, 'x'), await held(world, b, 'y')];
    const older = a.acquire('y', { holding: [x] });
    await world.advance(5);
    const younger = b.acquire('x', { mode: 'shared', holding: [y] });
    await world.advance(500);
    await x.downgrade();
    await world.advance(5_000);
    expect((await younger).held).toBe(true);
    await y.release();
    await world.settle();
    expect((await older).held).toBe(true);
  });

  test('is no matter for one that steals: the other loses what closes the circle', async () => {
    const world = new World();
    const [a, b] = await openThree(world, { allowSteal: true });
    const [x, y] = [await held(world, a, 'x'), await held(world, b, 'y')];
    const older = a.acquire('y', { holding: [x] });
    await world.advance(5);
    const thief = b.acquire('x', { holding: [y], steal: true });
    await world.advance(5_000);
    expect([(await thief).held, x.held]).toEqual([true, false]);
    expect(await isSettled(world, older)).toBe(false);
    await y.release();
    await world.settle();
    expect((await older).held).toBe(true);
  });
});
