/**
 * Small meshes of the real core, searched whole: that what is left out of a search changes nothing
 * of what it finds, and that what is broken is found by a shortest way.
 */

import { describe, expect, test } from 'vitest';
import { Cores } from '../../src/sim/explore/cores.ts';
import { explore } from '../../src/sim/explore/engine.ts';
import { meshModel } from '../../src/sim/explore/mesh-model.ts';
import type { Exploration, Limits } from '../../src/sim/explore/model.ts';
import {
  coreScopeOf,
  type MeshScope,
  noFaults,
  type ScopeClaim,
} from '../../src/sim/explore/scope.ts';

const noLimits: Limits = { bytesMax: Number.POSITIVE_INFINITY, hasTime: () => true };

const x = [{ name: 'x', mode: 'exclusive' }] as const;

const pair: MeshScope = {
  name: 'pair',
  voters: 2,
  quorum: 2,
  claims: [
    { peer: 0, resources: x, patience: 'wait' },
    { peer: 1, resources: x, patience: 'wait' },
  ],
  budgets: noFaults,
  victims: [0, 1],
  seesDown: true,
  jumpsMs: [1_500],
  slowMax: 0,
  isWarm: true,
  isSymmetric: true,
  isReduced: false,
  goals: ['granted', 'vote given back', 'handed over', 'all over'],
};

const one = pair.claims.slice(0, 1);

const holder: ScopeClaim = { peer: 0, resources: x, patience: 'wait' };
const other: ScopeClaim = { ...holder, peer: 1 };
const sharing: ScopeClaim = { ...other, resources: [{ name: 'x', mode: 'shared' }] };
const stealing: ScopeClaim = { ...other, patience: 'steal' };

function search(changes: Partial<MeshScope>, limits: Limits = noLimits): Exploration {
  return explore(meshModel({ ...pair, ...changes }), limits);
}

interface Reached {
  /** Every state that any core is ever in. */
  readonly cores: ReadonlySet<number>;
  /** Every state in which nothing has to happen any more, but for how tokens are numbered. */
  readonly ends: ReadonlySet<string>;
}

/** What orders that stand for all must reach, too: steps that commute leave each core as it is. */
function reachedIn(scope: MeshScope, shared: Cores): Reached {
  const cores = new Set<number>();
  const ends = new Set<string>();
  const model = meshModel(scope, shared);
  const { peers, tokensAt } = model.world.layout;
  const note = (state: Int32Array): null => {
    for (const core of state.subarray(0, peers)) cores.add(core);
    return null;
  };
  const noteEnd = (state: Int32Array): null => {
    ends.add(state.slice(0, tokensAt).join());
    return null;
  };
  const always = [{ name: 'cores', breach: note }];
  explore({ ...model, always, atRest: [{ name: 'ends', breach: noteEnd }] }, noLimits);
  return { cores, ends };
}

describe('explore() of two voters', () => {
  test('finds every promise kept and every goal reached', () => {
    const found = search({});
    expect(found).toMatchObject({ complete: true, violations: [] });
    expect(found.witnessed.toSorted()).toEqual(pair.goals.toSorted());
    expect(found.states).toBeGreaterThan(70);
  });

  test.each([
    ['a death', { crashes: 1 }],
    ['a restart', { restarts: 1 }],
    ['a broken connection', { breaks: 1 }],
    ['a clock that jumps', { jumps: 1 }],
    ['time that passes', { beats: 2 }],
    ['a machine that stands still', { beats: 2, pauses: 1 }],
    ['a claim given up', { giveUps: 1 }],
  ])('finds every promise kept with %s', (_, budgets) => {
    const found = search({ budgets: { ...noFaults, ...budgets }, isReduced: true });
    expect(found).toMatchObject({ complete: true, violations: [] });
    expect(found.states).toBeGreaterThan(50);
  });

  test.each<[string, string, MeshScope['claims']]>([
    ['is downgraded', 'held together', [{ ...holder, downgrades: true }, sharing]],
    [
      'is downgraded and kept',
      'held together',
      [{ ...holder, downgrades: true, hangs: true }, sharing],
    ],
    ['is stolen', 'handed over', [holder, stealing]],
    ['is kept until it is stolen', 'handed over', [{ ...holder, hangs: true }, stealing]],
  ])('finds every promise kept of a lock that %s', (_, goal, claims) => {
    for (const isReduced of [false, true]) {
      const found = search({ claims, isReduced, goals: [goal, 'granted'] });
      expect(found).toMatchObject({ complete: true, violations: [] });
      expect(found.witnessed).toContain(goal);
    }
  });

  test('finds out that somebody waits for a lock that is kept', () => {
    const claims = [{ ...holder, hangs: true }, other];
    const [breach] = search({ claims, goals: [] }).violations;
    expect(breach).toMatchObject({ property: 'nothing is stuck' });
    expect(breach?.message).toBe('claim 2 is waiting for ever');
  });

  test('finds the same from a cold start', () => {
    expect(search({ isWarm: false, isReduced: true })).toMatchObject({ violations: [] });
  });
});

describe('the reductions', () => {
  test.each([
    ['nothing', noFaults],
    ['a restart', { ...noFaults, restarts: 1 }],
    ['a broken connection', { ...noFaults, breaks: 1 }],
  ])('reach the same goals and ends with %s, in fewer states', (_, budgets) => {
    const full = search({ budgets });
    const reduced = search({ budgets, isReduced: true });
    expect(reduced.states).toBeLessThan(full.states);
    expect(reduced.violations).toEqual(full.violations);
    expect(reduced.witnessed.toSorted()).toEqual(full.witnessed.toSorted());
  });

  test.each([
    ['two claims', 2, {}],
    ['two claims and all votes', 3, {}],
    ['a lock that is downgraded', 3, { claims: [{ ...holder, downgrades: true }, sharing] }],
    ['a lock that is stolen', 3, { claims: [holder, stealing] }],
    [
      'a restart and one claim',
      2,
      { budgets: { ...noFaults, restarts: 1 }, claims: one, victims: [2] },
    ],
  ])('reach all states of cores, and all ends, of three voters with %s', (_, quorum, changes) => {
    const scope = { ...pair, voters: 3, quorum, seesDown: false, isSymmetric: false, ...changes };
    const cores = new Cores(coreScopeOf(scope));
    const full = reachedIn(scope, cores);
    const reduced = reachedIn({ ...scope, isReduced: true }, cores);
    expect(full.cores.size).toBeGreaterThan(200);
    expect(full.ends.size).toBeGreaterThan(4);
    expect(reduced).toEqual(full);
  });

  test('take peers that never claim for one another', () => {
    const lone = {
      ...{ voters: 3, quorum: 2, victims: [0, 1, 2] },
      ...{ claims: one, goals: ['granted', 'all over'] },
    };
    const budgets = { ...noFaults, crashes: 1 };
    const full = search({ ...lone, budgets, isSymmetric: false });
    const reduced = search({ ...lone, budgets });
    expect(reduced).toMatchObject({ complete: true, violations: [] });
    expect(reduced.states).toBeLessThan(0.7 * full.states);
    expect(reduced.states).toBeGreaterThanOrEqual(0.5 * full.states);
    expect(reduced.witnessed.toSorted()).toEqual(full.witnessed.toSorted());
  });
});

describe('a mesh that one vote is enough for', () => {
  // No quorum at all: each voter decides alone, which the options of a peer do not allow.
  const broken = { quorum: 1, goals: [] };

  test('has two holders, by the shortest way', () => {
    const { violations } = search(broken);
    expect(violations).toHaveLength(1);
    expect(violations[0]).toMatchObject({
      property: 'promises',
      message: 'claim 1 is granted x with a token that is not greater than the last',
      steps: ['b: claim 2 asks for x (exclusive)', 'a: claim 1 asks for x (exclusive)'],
    });
  });

  test('is found out also where steps that commute are left out', () => {
    expect(search({ ...broken, isReduced: true }).violations).toHaveLength(1);
  });
});

describe('limits', () => {
  test('end a search that takes too long, which says how deep it was', () => {
    let asked = 0;
    const hasTime = (): boolean => {
      asked += 1;
      return asked < 3;
    };
    const budgets = { ...noFaults, breaks: 1, restarts: 1 };
    const found = search({ budgets }, { bytesMax: Number.POSITIVE_INFINITY, hasTime });
    expect(found).toMatchObject({ complete: false, stopped: 'time', violations: [] });
    expect(found.depth).toBeGreaterThan(3);
  });

  test('end a search that takes too much memory', () => {
    const found = search({}, { bytesMax: 1, hasTime: () => true });
    expect(found).toMatchObject({ complete: false, stopped: 'memory' });
  });
});
