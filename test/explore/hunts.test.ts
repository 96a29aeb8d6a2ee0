/**
 * Where planted bugs of the core are looked for: each has a scope, and what happens in it before
 * the search is possible in the code as it is.
 */

import { describe, expect, test } from 'vitest';
import { explore } from '../../src/sim/explore/engine.ts';
import { meshModel } from '../../src/sim/explore/mesh-model.ts';
import { coreCanaries } from './canaries.ts';
import { huntScopes } from './hunt-scopes.ts';
import { hunts } from './hunts.ts';
import { way } from './way.ts';

const led = huntScopes.filter(({ prelude = [] }) => prelude.length > 0);

/** Of the smallest scopes: those that are searched in no time. */
const small = ['lone-break', 'lone-loss', 'one-voter-clock-set-back', 'one-voter-late-file'];

describe('the hunts', () => {
  test('know every planted bug of the core, and no other', () => {
    const planted = coreCanaries(undefined).map(({ name }) => name);
    expect(planted.length).toBeGreaterThan(30);
    expect(Object.keys(hunts).toSorted()).toEqual(planted.toSorted());
  });

  test('name scopes that there are', () => {
    const known = huntScopes.map(({ name }) => name);
    expect(Object.values(hunts).filter((name) => !known.includes(name))).toEqual([]);
  });
});

describe('what happens before a search', () => {
  test.each(led)('of $name is possible, and breaks nothing', (scope) => {
    const { always, initial, prelude } = meshModel(scope);
    let breach: string | null = 'never begun';
    initial((state) => {
      breach = always[0]?.breach(state) ?? null;
    });
    expect(prelude.stoppedAt).toBe(null);
    expect(prelude.steps.length).toBeGreaterThanOrEqual(scope.prelude?.length ?? 0);
    expect(breach).toBe(null);
  });

  test.each(small)('in %s or after, no promise is broken', (name) => {
    const scope = huntScopes.find((other) => other.name === name);
    expect(scope).toBeDefined();
    if (scope === undefined) return;
    const limits = { bytesMax: Number.POSITIVE_INFINITY, hasTime: () => true };
    const found = explore(meshModel(scope), limits);
    expect(found).toMatchObject({ complete: true, violations: [] });
    expect(found.states).toBeGreaterThan(15);
  });

  test('is told in few words', () => {
    expect(way('ask 2, a>c, c!b, cut ab, beat 2, all ac')).toEqual([
      { kind: 'acquire', a: 1, b: 0 },
      { kind: 'deliver', a: 0, b: 2 },
      { kind: 'notice', a: 2, b: 1 },
      { kind: 'break', a: 1, b: 0 },
      { kind: 'beat', a: 0, b: 0 },
      { kind: 'beat', a: 0, b: 0 },
      { kind: 'all', among: [0, 2] },
    ]);
  });

  test.each(['tell a', 'a>f', 'boot z'])('is refused as %s', (text) => {
    expect(() => way(text)).toThrow(RangeError);
  });
});
