/**
 * What a peer tells of the whole mesh: who holds, who waits, and who did not answer.
 */

import { describe, expect, test } from 'vitest';
import { PeerClosedError } from '../../src/peer/errors.ts';
import { parseFrame } from '../../src/peer/frame-codec.ts';
import type { MeshPeer } from '../../src/peer/mesh-peer.ts';
import { isSettled, openPeer, openThree, urlOf, voterOptions, World } from '../harness/world.ts';

const anyTime = expect.any(Number);

async function held(world: World, peer: MeshPeer, name: string): Promise<number> {
  const granted = peer.acquire(name);
  await world.settle();
  return (await granted).token;
}

test('tells of all peers who holds, and who waits, in the order in which they will', async () => {
  const world = new World();
  const [a, b, c] = await openThree(world);
  const token = await held(world, a, 'x');
  for (const peer of [b, c, a]) {
    void peer.acquire({ name: 'x', mode: 'shared' });
    await world.settle();
  }
  await held(world, c, 'y');
  const asked = b.query({ scope: 'mesh', name: 'x' });
  await world.settle();
  const waiting = (clientId: string) => ({ clientId, name: 'x', mode: 'shared', since: anyTime });
  expect(await asked).toEqual({
    held: [{ clientId: 'a', name: 'x', mode: 'exclusive', since: anyTime, token }],
    pending: [waiting('b'), waiting('c'), waiting('a')],
    unanswered: [],
    truncated: false,
  });
  const all = b.locks.query({ scope: 'mesh' });
  await world.settle();
  expect((await all).held.map(({ name, clientId }) => `${clientId} ${name}`)).toEqual([
    'a x',
    'c y',
  ]);
});

test('tells since when, by this machine', async () => {
  const world = new World();
  const [a, b] = await openThree(world);
  const before = Math.floor(world.wallAtZero + world.now);
  await held(world, a, 'x');
  await world.advance(1_500);
  void b.acquire('x');
  const asked = b.query({ scope: 'mesh' });
  await world.settle();
  const snapshot = await asked;
  expect(snapshot.held).toMatchObject([{ since: before }]);
  expect(snapshot.pending).toMatchObject([{ since: before + 1_500 }]);
});

test('tells of what was released meanwhile nothing', async () => {
  const world = new World();
  const [a, b] = await openThree(world);
  const granted = a.acquire('x');
  await world.settle();
  await (await granted).release();
  await world.settle();
  const asked = b.query({ scope: 'mesh' });
  await world.settle();
  expect(await asked).toEqual({ held: [], pending: [], unanswered: [], truncated: false });
});

describe('names the voters that do not answer', () => {
  test('at once those that are out of reach', async () => {
    const world = new World();
    const [a, b] = await openThree(world);
    const token = await held(world, b, 'x');
    world.network.cut(urlOf('a'), urlOf('c'));
    await world.settle();
    const asked = a.query({ scope: 'mesh' });
    await world.settle();
    expect(await asked).toMatchObject({ held: [{ clientId: 'b', token }], unanswered: ['c'] });
  });

  test('at once those whose link breaks meanwhile', async () => {
    const world = new World();
    const [a] = await openThree(world);
    const asked = a.query({ scope: 'mesh' });
    world.network.cut(urlOf('a'), urlOf('b'));
    await world.settle();
    expect((await asked).unanswered).toEqual(['b']);
  });

  test('after prepareTimeout those that are silent', async () => {
    const world = new World();
    const [a] = await openThree(world);
    world.network.silence(urlOf('a'), urlOf('b'));
    const asked = a.query({ scope: 'mesh' });
    await world.advance(1_990);
    expect(await isSettled(world, asked)).toBe(false);
    await world.advance(20);
    expect((await asked).unanswered).toEqual(['b']);
  });
});

describe('asks about a name once at a time, for all who ask meanwhile', () => {
  test('who ask later are told what is then', async () => {
    const world = new World();
    const [a, b] = await openThree(world);
    let looks = 0;
    world.network.onSend = ({ from, bytes }) => {
      const parsed = from === urlOf('b') ? parseFrame(bytes) : null;
      for (const { type } of parsed?.ok ? parsed.frame.messages : []) {
        if (type === 'look') looks += 1;
      }
      return bytes;
    };
    const first = b.query({ scope: 'mesh', name: 'x' });
    const token = held(world, a, 'x');
    const later = Array.from({ length: 50 }, () => b.query({ scope: 'mesh', name: 'x' }));
    const [{ held: told } = { held: [] }, ...others] = await Promise.all([...later, first]);
    expect(told).toMatchObject([{ clientId: 'a', name: 'x', token: await token }]);
    expect(others.slice(0, -1).map((each) => each.held)).toEqual(Array(49).fill(told));
    expect(looks).toBe(2 * 2);
  });

  test('and all of them reject when the peer is closed', async () => {
    const world = new World();
    const [a] = await openThree(world);
    const asked = Array.from({ length: 3 }, () => a.query({ scope: 'mesh' }));
    void a.close();
    const outcomes = await Promise.allSettled(asked);
    expect(outcomes).toEqual(
      Array(3).fill({ status: 'rejected', reason: expect.any(PeerClosedError) }),
    );
  });
});

test('works alone, and from a peer that does not vote', async () => {
  const world = new World();
  const voters = { a: urlOf('a') };
  const a = await openPeer(world, { ...voterOptions('a', ['a']), members: true });
  const m = await openPeer(world, { id: 'm', voters, members: true });
  await world.advance(10_001);
  const token = await held(world, a, 'x');
  for (const peer of [a, m]) {
    const asked = peer.query({ scope: 'mesh' });
    await world.settle();
    expect(await asked).toMatchObject({ held: [{ clientId: 'a', token }], unanswered: [] });
  }
});

test('with replicas asks of a name those that decide on it, and of all everybody', async () => {
  const world = new World();
  const ids = ['a', 'b', 'c', 'd', 'e'];
  const open = (id: string) => openPeer(world, { ...voterOptions(id, ids), replicas: 3 });
  const [a, b, c, d, e] = await Promise.all(ids.map(open));
  await world.settle();
  if (!a || !b || !c || !d || !e) throw new Error('There are five');
  await Promise.all([a, b, c, d, e].map((peer) => peer.ready()));
  const names = ['u', 'v', 'w', 'x', 'y', 'z'];
  const granted = b.acquire(names);
  await world.settle();
  const { token } = await granted;
  for (const other of ['b', 'c', 'd', 'e']) world.network.cut(urlOf('a'), urlOf(other));
  await world.settle();
  const asked = c.query({ scope: 'mesh' });
  await world.settle();
  const { held: all, unanswered } = await asked;
  expect(all.map(({ name }) => name).toSorted()).toEqual(names);
  expect(new Set(all.map((each) => each.token))).toEqual(new Set([token]));
  expect(unanswered).toEqual(['a']);
  const byName = names.map((name) => c.query({ scope: 'mesh', name }));
  await world.settle();
  const each = await Promise.all(byName);
  expect(each.flatMap((one) => one.held.map(({ name }) => name))).toEqual(names);
  const without = each.filter((one) => one.unanswered.length === 0);
  expect([without.length > 0, without.length < names.length]).toEqual([true, true]);
});

test('names at most ten thousand of a voter, and says that there are more', async () => {
  const world = new World();
  const a = await openPeer(world);
  const names = Array.from({ length: 250 }, (_, at) => `name ${at}`);
  for (let turn = 0; turn < 41; turn++) {
    await a.acquire(names.map((name) => `${name} of ${turn}`));
  }
  const { held: told, truncated } = await a.query({ scope: 'mesh' });
  expect([told.length, truncated]).toEqual([10_000, true]);
  const one = await a.query({ scope: 'mesh', name: 'name 0 of 40' });
  expect([one.held.length, one.truncated]).toEqual([1, false]);
});

test('is local unless it says otherwise, also of one name', async () => {
  const world = new World();
  const [a, b] = await openThree(world);
  await held(world, a, 'x');
  await held(world, a, 'y');
  void b.acquire('x');
  const { held: own } = await a.query({ name: 'y' });
  expect(own).toMatchObject([{ name: 'y', clientId: 'a' }]);
  expect(await b.query({ scope: 'local' })).toMatchObject({
    held: [],
    pending: [{ name: 'x', clientId: 'b' }],
    unanswered: [],
  });
});

test('rejects when the peer is closed, before or meanwhile', async () => {
  const world = new World();
  const [a] = await openThree(world);
  const asked = a.query({ scope: 'mesh' });
  const closing = a.close();
  await expect(asked).rejects.toThrow('Cannot query: the peer was closed');
  await world.settle();
  await closing;
  await expect(a.query({ scope: 'mesh' })).rejects.toBeInstanceOf(PeerClosedError);
  expect(await a.query()).toMatchObject({ held: [], pending: [] });
});

test.each([
  ['no object', 3, 'options must be an object, received 3'],
  ['a scope that is none', { scope: 'all' }, "scope must be 'local' or 'mesh', received \"all\""],
  ['an unknown option', { names: ['x'] }, 'options may have name, scope, received "names"'],
  ['a name that is no text', { name: 3 }, 'a name must be a string, received 3'],
  ['an impossible name', { name: '' }, 'a name must have 1 to 1024 bytes of UTF-8, received 0'],
])('refuses %s', async (_, options, why) => {
  const peer = await openPeer(new World());
  const asked = peer.query(options as Parameters<typeof peer.query>[0]);
  await expect(asked).rejects.toThrow(TypeError);
  await expect(peer.locks.query(options as never)).rejects.toThrow(why);
});
