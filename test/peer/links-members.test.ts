/**
 * Links of peers that are not voters.
 */

import { describe, expect, test } from 'vitest';
import { defaultLinkLimits } from '../../src/peer/link-types.ts';
import { LinksWorld, linkedTo, type PeerOfWorld } from '../harness/links-world.ts';

describe('peers that are no voters', () => {
  const mesh = { members: true };

  async function withMembers(): Promise<{ world: LinksWorld; peers: readonly PeerOfWorld[] }> {
    const world = new LinksWorld(['a', 'b']);
    const peers = ['a', 'b', 'm', 'n'].map((id) => world.join(id, { mesh }));
    await world.advance(1_000);
    return { world, peers };
  }

  test('are linked to all voters and to nobody else', async () => {
    const { peers } = await withMembers();
    expect(peers.map((peer) => [...linkedTo(peer)].sort())).toEqual([
      ['b', 'm', 'n'],
      ['a', 'm', 'n'],
      ['a', 'b'],
      ['a', 'b'],
    ]);
  });

  test('are refused where only voters may be, and both sides say so', async () => {
    const world = new LinksWorld(['a', 'b']);
    const [voter, member] = [world.join('a'), world.join('m')];
    await world.advance(1_000);
    const detail = 'm is not among the voters a b, and members is false';
    expect(voter.refusals).toMatchObject([{ code: 'not-a-member', byUs: true, detail }]);
    expect(member.refusals).toMatchObject([{ code: 'not-a-member', byUs: false, detail }]);
  });

  test('are refused when there are too many, and forgotten once they have gone', async () => {
    const world = new LinksWorld(['a', 'b']);
    const limits = { ...defaultLinkLimits, membersMax: 2 };
    const voter = world.join('a', { mesh, limits });
    const [first] = ['m', 'n'].map((id) => world.join(id, { mesh }));
    await world.advance(1_000);
    const third = world.join('o', { mesh });
    await world.advance(1_000);
    expect(voter.refusals).toMatchObject([{ code: 'crowded', peer: 'o' }]);
    expect(new Set(linkedTo(voter))).toEqual(new Set(['m', 'n']));

    void first?.links.close();
    await world.advance(2_000);
    expect(linkedTo(third)).toEqual(['a']);
    expect(voter.links.status().map(({ peer }) => peer)).toEqual(['b', 'n', 'o']);
  });
});
