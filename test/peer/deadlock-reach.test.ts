/**
 * Claims that wait in a circle, of peers that do not reach the same voters.
 */

import { expect, test } from 'vitest';
import { errorOf, held } from '../harness/waiting.ts';
import { isSettled, openPeer, urlOf, voterOptions, World } from '../harness/world.ts';

test('a circle is found where each knows another voter besides one that knows all', async () => {
  const world = new World();
  const ids = ['a', 'b', 'c'];
  const voters = Object.fromEntries(ids.map((id) => [id, urlOf(id)]));
  for (const id of ids) await openPeer(world, { ...voterOptions(id, ids), members: true });
  const m = await openPeer(world, { id: 'm', voters, members: true });
  const n = await openPeer(world, { id: 'n', voters, members: true });
  await world.advance(10_001);
  world.network.cut(urlOf('m'), urlOf('c'));
  world.network.cut(urlOf('n'), urlOf('a'));
  await world.settle();
  const [x, y] = [await held(world, m, 'x'), await held(world, n, 'y')];
  void m.acquire('y', { holding: [x] });
  await world.advance(5);
  const younger = errorOf(n.acquire('x', { holding: [y] }));
  await world.advance(3_000);
  expect(await isSettled(world, younger)).toBe(true);
  expect(await younger).toMatchObject({ code: 'ERR_DEADLOCK' });
});
