/** Who decides on a name, and how many groups there are. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countGroups, Groups, groupsWithout, votersForAll } from '../../src/protocol/groups.ts';
import { peerId } from '../../src/protocol/ids.ts';
import type { Resource } from '../../src/protocol/message.ts';

const nine = Array.from({ length: 9 }, (_, index) => peerId(`peer-${index}`));

function claim(...names: string[]): Resource[] {
  return names.map((name) => ({ name, mode: 'exclusive' }));
}

describe('Groups', () => {
  test('are all voters where there are as many replicas', () => {
    const groups = new Groups(nine, 9);
    const { seats } = groups.groupOf('x');
    expect(seats).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(groups.electorateOf(claim('x', 'y')).groups).toEqual([groups.groupOf('x')]);
    expect(groups.resourcesAt(4, claim('x', 'y'))).toEqual(claim('x', 'y'));
  });

  test('are those that every peer has computed since the first version', () => {
    const groups = new Groups(nine, 3);
    const names = ['', 'x', 'orders/17', 'grüße', '\u{1f512}', 'x'.repeat(1_024)];
    const seats = names.map((name) => groups.groupOf(name).seats);
    // Computed by another program, from the formula in docs/protocol.md.
    expect(seats).toEqual([
      [4, 5, 7],
      [0, 3, 4],
      [0, 2, 4],
      [2, 3, 5],
      [0, 2, 7],
      [1, 3, 5],
    ]);
  });

  test('are of so many voters, and do not change but for one that is added', () => {
    let changed = 0;
    const sizes = { count: fc.integer({ min: 5, max: 31 }), half: fc.integer({ min: 0, max: 2 }) };
    fc.assert(
      fc.property(fc.string(), sizes.count, sizes.half, (name, count, half) => {
        const replicas = 1 + 2 * half;
        const voters = Array.from({ length: count + 1 }, (_, index) => peerId(`v${index}`));
        const before = new Groups(voters.slice(0, count), replicas).groupOf(name).seats;
        const after = new Groups(voters, replicas).groupOf(name).seats;
        expect(new Set(before).size).toBe(replicas);
        const left = before.filter((seat) => !after.includes(seat));
        const come = after.filter((seat) => !before.includes(seat));
        expect(left.length).toBeLessThanOrEqual(1);
        expect(come).toEqual(left.length === 0 ? [] : [count]);
        changed += left.length;
      }),
    );
    expect(changed).toBeGreaterThan(0);
  });

  test('share out names evenly', () => {
    const groups = new Groups(nine, 3);
    const load = nine.map(() => 0);
    const counts = new Map<number, number>();
    for (let index = 0; index < 42_000; index++) {
      const { mask, seats } = groups.groupOf(`order/${index}`);
      counts.set(mask, (counts.get(mask) ?? 0) + 1);
      for (const seat of seats) load[seat] = (load[seat] ?? 0) + 1;
    }
    expect(counts.size).toBe(84);
    for (const count of counts.values()) expect(Math.abs(count - 500)).toBeLessThan(125);
    for (const names of load) expect(Math.abs(names - 14_000)).toBeLessThan(500);
  });

  test('of a claim are each once, with all their voters, and tell each its own names', () => {
    const groups = new Groups(nine, 3);
    const names = Array.from({ length: 40 }, (_, index) => `n${index}`);
    const { groups: all, seats } = groups.electorateOf(claim(...names));
    expect(new Set(all.map(({ mask }) => mask)).size).toBe(all.length);
    expect(seats).toEqual(
      [...new Set(all.flatMap((group) => group.seats))].toSorted((a, b) => a - b),
    );
    const told = seats.flatMap((seat) => groups.resourcesAt(seat, claim(...names)));
    expect(told).toHaveLength(3 * names.length);
  });
});

describe('with some voters away', () => {
  const mesh = { voters: nine, replicas: 3, quorum: 2 };

  test.each([
    [9, 84],
    [8, 84],
    [7, 77],
    [2, 7],
    [1, 0],
  ])('%i of nine that vote are a quorum in %i groups of 84', (voting, quorate) => {
    expect(countGroups(mesh, voting)).toEqual({ all: 84, quorate });
    const votes = nine.map((_, seat) => seat < voting);
    expect(groupsWithout(mesh, votes, 1_000)).toHaveLength(84 - quorate);
    expect(voting >= votersForAll(mesh)).toBe(quorate === 84);
  });

  test('the groups without a quorum are named, as many as are asked for', () => {
    const votes = nine.map((_, seat) => seat > 1);
    const without = groupsWithout(mesh, votes, 3);
    const [a, b] = nine;
    expect(without).toEqual([2, 3, 4].map((seat) => [a, b, nine[seat]]));
  });

  test('large numbers of groups are counted, not made', () => {
    const voters = Array.from({ length: 32 }, (_, index) => peerId(`v${index}`));
    const large = { voters, replicas: 15, quorum: 8 };
    expect(countGroups(large, 32)).toEqual({ all: 565_722_720, quorate: 565_722_720 });
    expect(
      groupsWithout(
        large,
        voters.map(() => false),
        2,
      ),
    ).toHaveLength(2);
  });
});
