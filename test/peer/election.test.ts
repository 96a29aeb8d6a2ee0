/**
 * Elections, as those see them who look.
 */

import { describe, expect, test } from 'vitest';
import type { Leader } from '../../src/peer/election.ts';
import type { MeshPeer } from '../../src/peer/mesh-peer.ts';
import { lead, part, three, valuesOf } from '../harness/elections.ts';
import { openPeer, urlOf, voterOptions, World } from '../harness/world.ts';

describe('an election', () => {
  test('is won by one, and seen by all', async () => {
    const { world, elections, told } = await three();
    expect(elections.map(({ current }) => current)).toEqual([null, null, null]);
    void lead(elections[0]);
    await world.settle();
    void lead(elections[1]);
    await world.settle();
    expect(elections.map(({ isLeader }) => isLeader)).toEqual([true, false, false]);
    expect(valuesOf(elections)).toEqual([urlOf('a'), urlOf('a'), urlOf('a')]);
    expect(elections[2].current).toMatchObject({ peer: 'a' });
    expect(told).toEqual([[urlOf('a')], [urlOf('a')], [urlOf('a')]]);
  });

  test('goes to the next when its leader closes, with a greater token', async () => {
    const { world, peers, elections } = await three();
    const over = lead(elections[0]);
    await world.settle();
    void lead(elections[1]);
    await world.settle();
    const before = elections[2].current?.token ?? 0;
    const closed = peers[0]?.close();
    await world.advance(1_000);
    await closed;
    expect(await over).toMatchObject({ code: 'ERR_PEER_CLOSED' });
    expect(elections[2].current?.peer).toBe('b');
    expect(elections[2].current?.token).toBeGreaterThan(before);
    expect([elections[0].current, elections[0].isLeader]).toEqual([null, false]);
  });

  test('goes to the next a lease after its leader died', async () => {
    const { world, elections, told } = await three();
    void lead(elections[0]);
    await world.settle();
    void lead(elections[1]);
    await world.settle();
    part(world, 'cut');
    await world.advance(15_000);
    expect(elections[2].current?.peer).toBe('b');
    expect(told[2]?.at(-1)).toBe(urlOf('b'));
  });

  test('is seen at once by those that come later, and by members', async () => {
    const world = new World();
    const options = { members: true };
    const [a] = await openThreeMembers(world);
    void lead(a.elect('chief', { value: 'here' }));
    await world.settle();
    const late = a.elect('chief');
    expect(late.current).toMatchObject({ peer: 'a', value: 'here' });
    const ids = ['a', 'b', 'c'];
    const { listen: _, ...member } = { ...voterOptions('m', ids), ...options };
    const m = await openPeer(world, member);
    const seen = m.elect('chief');
    expect(seen.current).toBe(null);
    await world.settle();
    expect(seen.current).toMatchObject({ peer: 'a', value: 'here' });
    await late.close();
    expect(late.current).toBe(null);
    expect(seen.current?.peer).toBe('a');
  });

  test('of one name may be looked at by several on one peer', async () => {
    const { world, peers, elections } = await three();
    const [peer] = peers;
    const other = peer?.elect('chief', { value: 'other' });
    if (other === undefined) throw new Error('There is a peer');
    void lead(other);
    await world.settle();
    expect([other.isLeader, elections[0].isLeader]).toEqual([true, false]);
    expect(elections[0].current?.value).toBe('other');
    await elections[0].close();
    expect(other.current?.value).toBe('other');
    void lead(elections[1]);
    const closed = other.close();
    await world.settle();
    await closed;
    expect(valuesOf([other, elections[2]])).toEqual([undefined, urlOf('b')]);
  });

  test('is looked at again by a peer that has to start anew', async () => {
    const world = new World();
    const ids = ['a', 'b', 'c'];
    const open = (id: string): Promise<MeshPeer> => openPeer(world, voterOptions(id, ids));
    const [old, b] = await Promise.all(ids.map(open));
    await world.settle();
    const closed = old?.close();
    await world.settle();
    await closed;
    if (b !== undefined) void lead(b.elect('chief', { value: 'here' }));
    await world.settle();
    // Its incarnation is not newer than the last: it has to take another.
    const a = await openPeer(world, voterOptions('a', ids), { wallOffsetMs: -60_000 });
    const election = a.elect('chief');
    const { incarnation } = a.status();
    await world.advance(12_000);
    expect(a.status().incarnation).toBeGreaterThan(incarnation);
    expect(election.current).toMatchObject({ peer: 'b', value: 'here' });
  });

  test('is no business of whoever locks its name without one', async () => {
    const { world, peers, elections } = await three();
    const taken = peers[0]?.acquire('chief', { linger: 1_000 });
    await world.settle();
    expect(elections[1].current).toBe(null);
    await (await taken)?.release();
    // What lingers there is not what leads: all are to be told.
    void lead(elections[0]);
    await world.settle();
    expect(valuesOf(elections)).toEqual([urlOf('a'), urlOf('a'), urlOf('a')]);
  });
});

describe('listeners of an election', () => {
  test('are called at changes, once where that is said, and not when they are off', async () => {
    const { world, elections } = await three();
    const [a, b] = elections;
    const seen: (readonly [string, string | undefined])[] = [];
    const always = (leader: Leader | null): void => void seen.push(['on', leader?.peer]);
    b.on('change', always).once('change', (leader) => seen.push(['once', leader?.peer]));
    b.on('change', () => {
      throw new Error('disturbs nobody');
    });
    for (let round = 0; round < 2; round += 1) {
      const ran = a.run(() => {});
      await world.settle();
      await ran;
      b.off('change', always);
    }
    expect(seen).toEqual([
      ['on', 'a'],
      ['once', 'a'],
      ['on', undefined],
    ]);
  });

  test('are refused where there is no such event, or no function', async () => {
    const peer = await openPeer(new World());
    const election = peer.elect('x');
    expect(() => election.on('changed' as 'change', () => {})).toThrow(
      `Cannot listen: the event must be 'change', received "changed"`,
    );
    expect(() => election.once('change', 5 as unknown as () => void)).toThrow(
      'Cannot listen for change: the listener must be a function',
    );
  });
});

describe('elect()', () => {
  test.each([
    [5, undefined, 'a name must be a string, received 5'],
    ['', undefined, 'a name must have 1 to 1024 bytes of UTF-8, received 0'],
    ['x', 5, 'Cannot elect: options must be an object, received 5'],
    ['x', { values: 'y' }, 'Cannot elect: options may have value, received "values"'],
    ['x', { value: 5 }, 'Cannot elect: value must be a string, received 5'],
    ['x', { value: null }, 'Cannot elect: value must be a string, received null'],
    ['x', { value: '\ud800' }, 'Cannot elect: value must have no lone surrogate'],
    ['x', { value: '\uFEFFx' }, 'Cannot elect: value must not begin with a byte order mark'],
    ['x', { value: 'ü'.repeat(513) }, 'value must have at most 1024 bytes of UTF-8, received 1026'],
  ])('refuses %j with %j', async (name, options, why) => {
    const peer = await openPeer(new World());
    const elect = (): unknown => peer.elect(name as string, options as object);
    expect(elect).toThrow(TypeError);
    expect(elect).toThrow(why);
  });

  test('is refused beyond the limit, and on a closed peer', async () => {
    const world = new World();
    const peer = await openPeer(world, { limits: { electionsMax: 1 } });
    const first = peer.elect('x', { value: 'ü'.repeat(512) });
    peer.elect('x');
    expect(() => peer.elect('y')).toThrow(
      'Cannot elect "y": this peer takes part in as many elections as it may',
    );
    const ran = first.run(() => first.current?.value);
    await world.settle();
    expect(await ran).toBe('ü'.repeat(512));
    const closed = peer.close();
    await world.settle();
    await closed;
    expect(() => peer.elect('x')).toThrow('Cannot elect "x": the peer was closed');
  });
});

/** Voters of a mesh that takes members, which vote after a lease. */
async function openThreeMembers(world: World): Promise<readonly [MeshPeer, MeshPeer, MeshPeer]> {
  const ids = ['a', 'b', 'c'];
  const open = (id: string): Promise<MeshPeer> => {
    return openPeer(world, { ...voterOptions(id, ids), members: true });
  };
  const peers = await Promise.all([open('a'), open('b'), open('c')]);
  await world.advance(10_100);
  return peers;
}
