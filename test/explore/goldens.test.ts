/**
 * The engine against numbers that are known: those of the classic two-phase commit.
 */

import { describe, expect, test } from 'vitest';
import { explore } from '../../src/sim/explore/engine.ts';
import type { Limits } from '../../src/sim/explore/model.ts';
import { permutationsOf, toLeast } from '../../src/sim/explore/permutations.ts';
import { twoPhase } from '../../src/sim/explore/two-phase.ts';

const noLimits: Limits = { bytesMax: Number.POSITIVE_INFINITY, hasTime: () => true };

describe('explore() of the classic two-phase commit', () => {
  test.each([
    [3, 288],
    [5, 8_832],
    [6, 50_816],
  ])('with %i resource managers finds %i states', (count, states) => {
    const found = explore(twoPhase(count), noLimits);
    expect(found).toMatchObject({ states, complete: true, violations: [] });
    expect(found.witnessed.toSorted()).toEqual(['all aborted', 'all committed']);
  });

  test('with 3 resource managers generates 1,146 states, 11 deep', () => {
    expect(explore(twoPhase(3), noLimits)).toMatchObject({ generated: 1_146, depth: 11 });
  });

  test.each([
    [3, 80],
    [5, 314],
    [6, 553],
    [7, 920],
    [8, 1_461],
  ])('with %i alike finds %i states', (count, states) => {
    expect(explore(twoPhase(count, true), noLimits)).toMatchObject({ states, complete: true });
  });

  test('finds as many with the least of all images as with a sort', () => {
    const orders = permutationsOf(5);
    expect(orders).toHaveLength(120);
    const model = twoPhase(5);
    const permute = (state: Int32Array, order: readonly number[], into: Int32Array): void => {
      const [states = 0, facts = 0] = state;
      into[0] = 0;
      into[1] = facts & ~0xffff;
      for (const [one, place] of order.entries()) {
        into[0] |= ((states >> (2 * one)) & 3) << (2 * place);
        into[1] |= ((facts >> one) & 1) << place;
        into[1] |= ((facts >> (8 + one)) & 1) << (8 + place);
      }
    };
    const canonical = (state: Int32Array): void => toLeast(state, orders, permute);
    expect(explore({ ...model, canonical }, noLimits)).toMatchObject({ states: 314 });
  });
});
