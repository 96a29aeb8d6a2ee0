/**
 * Claims that arrive in different orders at different voters.
 */

import { describe, expect } from 'vitest';
import { simTest } from '../../../src/sim/vitest.ts';
import { type Asked, ask, granted } from './asked.ts';

// JGroups PEER_LOCK asks every member, and each grants to whom it hears first: a grants to x and
// then hears y, b hears y and then x; each of the two has one yes, needs both, and waits for ever.
//
// Here a voter at which one of higher priority waits behind a vote asks for it back (INQUIRE, rule
// 4.3), and a coordinator that is undecided gives it back (YIELD, 5.4).
describe('schedule 3: cross order', () => {
  const options = { network: 1, peer: { quorum: 'unanimous' } } as const;

  simTest('each hears its own claim first', options, async (sim) => {
    const given = sim.at('yield delivered', { timeout: 10 });
    const both = [ask(sim, 'a', 'x'), ask(sim, 'b', 'x')];
    await given;
    expect(sim).toHaveWitnessed('a vote was given back');
    await sim.until(() => both.some(({ lock }) => lock !== null), { timeout: 10 });
    await sim.sleep(100);

    const [first, second] = both.toSorted((one, other) => one.grantedAt - other.grantedAt);
    expect(second).toMatchObject({ lock: null, code: null });
    await first?.lock?.release();
    if (second !== undefined) await granted(sim, second, 10);
    expect(second?.lock?.token).toBeGreaterThan(first?.lock?.token ?? 0);
  });

  simTest('two names, asked for in opposite orders', options, async (sim) => {
    const given = sim.at('yield delivered', { timeout: 10 });
    const one = ask(sim, 'a', ['x', 'y']);
    const other = ask(sim, 'b', ['y', 'x']);
    await given;
    await sim.until(() => one.lock !== null || other.lock !== null, { timeout: 10 });
    await one.lock?.release();
    await other.lock?.release();
    await sim.until(() => one.lock !== null && other.lock !== null, { timeout: 10 });
    expect(one.lock?.token).not.toBe(other.lock?.token);
  });

  simTest('five at once, in a circle of names', { ...options, nodes: 5 }, async (sim) => {
    const names = ['v', 'w', 'x', 'y', 'z'];
    const all = sim.nodes.map(({ id, index }): Asked => {
      return ask(sim, id, [names[index] ?? '', names[(index + 1) % 5] ?? '']);
    });
    const waiting = new Set(all);
    const heldNow = new Set<string>();
    while (waiting.size > 0) {
      const isIn = ({ lock }: Asked): boolean => lock !== null;
      await sim.until(() => [...waiting].some(isIn), { timeout: 50, what: 'one is granted' });
      for (const each of [...waiting].filter(isIn)) {
        waiting.delete(each);
        const held = each.lock?.names ?? [];
        for (const name of held) expect(heldNow.has(name)).toBe(false);
        for (const name of held) heldNow.add(name);
        void sim.sleep(5).then(async () => {
          for (const name of held) heldNow.delete(name);
          await each.lock?.release();
        });
      }
    }
    expect(sim).toHaveWitnessed('a vote was given back');
    expect(sim.now - (all[0]?.askedAt ?? 0)).toBeLessThan(60);
  });
});
