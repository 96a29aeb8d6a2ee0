/**
 * Two conflicting claims are never valid at one instant.
 */

import { describe, expect, test } from 'vitest';
import { createCheckers } from '../../../src/sim/checks/checkers.ts';
import { Exclusion } from '../../../src/sim/checks/exclusion.ts';
import { MadeUp } from './made-up.ts';

function madeUp(): MadeUp {
  return new MadeUp((setup, books) => new Exclusion(setup, books));
}

describe('Exclusion', () => {
  test('finds two holders, and says who, when and by which clocks', () => {
    const it = madeUp().ask('a', 1).ask('b', 1).grant('a', 1, { token: 7 }).pass(250);
    it.grant('b', 1, { token: 8 });
    expect(it.violations).toHaveLength(1);
    const [violation] = it.violations;
    expect(violation).toMatchObject({ check: 'exclusion', atMs: 250 });
    expect(violation?.message).toMatch(/^At 250 ms: two holders: b's claim 1 on x, granted at 250/);
    expect(violation?.message).toMatch(/conflicts with a's claim 1 on x, granted at 0 ms/);
    expect(violation?.message).toMatch(/clocks of a \(monotonic \d+(\.\d+)? ms, wall \d+/);
  });

  test('is content when the first was released, or lost', () => {
    const it = madeUp().ask('a', 1).ask('b', 1).ask('c', 1);
    it.grant('a', 1).release('a', 1).grant('b', 1).lose('b', 1).grant('c', 1);
    expect(it.found).toEqual([]);
  });

  test('is content when the first knows by its clocks that it holds no longer', () => {
    const it = madeUp().ask('a', 1).ask('b', 1).grant('a', 1, { validForMs: 0 }).grant('b', 1);
    expect(it.found).toEqual([]);
  });

  test('counts a holder that stands still, and not one that was killed', () => {
    const it = madeUp().ask('a', 1).ask('b', 1).ask('c', 1).grant('a', 1);
    it.host('a').machine.pause();
    it.grant('b', 1);
    expect(it.found).toHaveLength(1);
    it.kill('a').kill('b').grant('c', 1);
    expect(it.found).toHaveLength(1);
  });

  test('lets shared claims be held together, and no exclusive one with them', () => {
    const it = madeUp().ask('a', 1, { mode: 'shared' }).ask('b', 1, { mode: 'shared' });
    it.ask('c', 1, { names: ['w', 'x'] })
      .grant('a', 1)
      .grant('b', 1);
    expect(it.found).toEqual([]);
    it.grant('c', 1);
    expect(it.found).toHaveLength(2);
  });

  test('looks at two claims of one peer, too', () => {
    const it = madeUp().ask('a', 1).ask('a', 2).grant('a', 1).grant('a', 2);
    expect(it.found).toHaveLength(1);
  });

  test('tells a claim from that of the same number of another incarnation', () => {
    const it = madeUp().ask('a', 1).grant('a', 1).release('a', 1);
    it.restart('a');
    it.ask('a', 1, { names: ['y'] })
      .ask('b', 1)
      .grant('a', 1)
      .grant('b', 1);
    expect(it.found).toEqual([]);
  });
});

test('createCheckers() makes no checker of a promise that does not hold', () => {
  const { world } = madeUp();
  const base = { world, onViolation() {} };
  const all = createCheckers({ ...base, isExclusive: true, isFenced: true });
  const few = createCheckers({ ...base, isExclusive: false, isFenced: false });
  const names = all.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  const missing = names.filter((name) => few.every((checker) => checker.name !== name));
  expect(missing).toEqual(['exclusion', 'told-first', 'tokens']);
});
