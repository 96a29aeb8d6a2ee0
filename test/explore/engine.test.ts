/**
 * The engine on models of a few states: the shortest way to what is broken, what must become true
 * in the end, and what is looked at where nothing has to happen any more.
 */

import { describe, expect, test } from 'vitest';
import { explore } from '../../src/sim/explore/engine.ts';
import type { Limits, Model } from '../../src/sim/explore/model.ts';
import { permutationsOf } from '../../src/sim/explore/permutations.ts';

const noLimits: Limits = { bytesMax: Number.POSITIVE_INFINITY, hasTime: () => true };

/** A graph of numbers: from each, where it leads to. Starts at 0. */
function graph(edges: Readonly<Record<number, readonly number[]>>, rest: Partial<Model>): Model {
  return {
    width: 1,
    initial: (emit) => emit(Int32Array.of(0), 0),
    successors: ([from = 0], emit) => {
      for (const to of edges[from] ?? []) emit(Int32Array.of(to), to);
    },
    always: [],
    atRest: [],
    sometimes: [],
    eventually: [],
    describe: (action, [before]) => `${before} to ${action}`,
    ...rest,
  };
}

const isNot = (bad: number) => ({
  name: `not ${bad}`,
  breach: ([state]: Int32Array) => (state === bad ? `it is ${bad}` : null),
});

const is = (good: number) => ({
  name: `is ${good}`,
  holds: ([state]: Int32Array) => state === good,
});

describe('explore()', () => {
  test('tells the shortest way to what must never be', () => {
    const edges = { 0: [1, 2], 1: [3], 2: [9], 3: [9] };
    const { violations } = explore(graph(edges, { always: [isNot(9)] }), noLimits);
    expect(violations).toEqual([
      { property: 'not 9', message: 'it is 9', actions: [2, 9], steps: ['0 to 2', '2 to 9'] },
    ]);
  });

  test('looks where nothing has to happen, and not elsewhere', () => {
    const edges = { 0: [1], 1: [2] };
    const model = graph(edges, { atRest: [isNot(1)] });
    expect(explore(model, noLimits).violations).toEqual([]);
    const optional = { ...model, isOptional: (action: number) => action === 2 };
    expect(explore(optional, noLimits).violations).toHaveLength(1);
  });

  test('names what was seen', () => {
    const { witnessed } = explore(graph({ 0: [1] }, { sometimes: [is(1), is(7)] }), noLimits);
    expect(witnessed).toEqual(['is 1']);
  });

  test.each([
    ['every path comes to it', { 0: [1, 2], 1: [3], 2: [3] }, []],
    ['a path ends before', { 0: [1, 2], 1: [3], 2: [] }, ['0 to 2']],
    ['a path goes round before', { 0: [1, 2], 1: [3], 2: [4], 4: [2] }, ['0 to 2', '2 to 4']],
    ['two ways meet before, and go on', { 0: [1, 2], 1: [4], 2: [4], 4: [3] }, []],
    ['a path goes round after', { 0: [3], 3: [5], 5: [3] }, []],
    ['a step changes nothing', { 0: [0, 3] }, []],
  ])('judges what must become true where %s', (_, edges, steps) => {
    const { violations } = explore(graph(edges, { eventually: [is(3)] }), noLimits);
    expect(violations.flatMap((breach) => breach.steps)).toEqual(steps);
  });
});

describe('permutationsOf()', () => {
  test('starts with none changed, and has all', () => {
    const all = permutationsOf(3);
    expect(all[0]).toEqual([0, 1, 2]);
    expect(new Set(all.map(String)).size).toBe(6);
  });
});
