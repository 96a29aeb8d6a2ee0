/**
 * Faults by chance for scenarios: there are some in every seed, however few kinds are allowed.
 */

import { describe, expect, test } from 'vitest';
import { meshOf, resolveSim } from '../../src/sim/resolve-sim.ts';
import { drawFaultSteps, type SimFaultKind, swarm } from '../../src/sim/sim-swarm.ts';

const nodes = ['a', 'b', 'c'].map((id) => ({ id, disk: true }));

/** The faults of each of some seeds. */
function drawn(kinds?: readonly SimFaultKind[]): readonly (readonly string[])[] {
  const faults = swarm(kinds === undefined ? {} : { kinds });
  const sim = resolveSim({ nodes, faults });
  return Array.from({ length: 100 }, (_, seed) => {
    return drawFaultSteps(faults, seed, meshOf(sim, seed)).map(({ act }) => act.do);
  });
}

describe('drawFaultSteps()', () => {
  test.each(swarm().kinds)('draws %s in every seed where nothing else is allowed', (kind) => {
    const faults = drawn([kind]);
    expect(faults.filter((each) => each.length === 0)).toEqual([]);
    expect([...new Set(faults.flat())]).toEqual([kind]);
  });

  test('draws all kinds where all are allowed, and some of them in every seed', () => {
    const faults = drawn();
    expect(faults.filter((each) => each.length === 0)).toEqual([]);
    expect([...new Set(faults.flat())].sort()).toEqual([...swarm().kinds].sort());
  });

  test('draws none where none is allowed', () => {
    expect(drawn([]).flat()).toEqual([]);
  });
});
