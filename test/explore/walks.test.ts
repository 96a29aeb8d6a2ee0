/**
 * Searches held against chance: real nodes that are never stored nor restored, with true numbers of
 * frames and clocks that go on, may come into no state that a complete search has not reached.
 */

import { describe, expect, test } from 'vitest';
import type { Resource } from '../../src/protocol/index.ts';
import { CoreShelf } from '../../src/sim/explore/core-shelf.ts';
import { type MeshScope, noFaults, type ScopeClaim } from '../../src/sim/explore/scope.ts';
import { walkAgainst } from './against-walks.ts';
import { Reached } from './reached.ts';

const x: readonly Resource[] = [{ name: 'x', mode: 'exclusive' }];

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
  jumpsMs: [1_500, -1_500],
  slowMax: 0,
  isWarm: true,
  isSymmetric: false,
  isReduced: false,
  goals: [],
};

/** What is known of cores, from search to search. */
const shelf = new CoreShelf();

const one = pair.claims.slice(0, 1);
const sameOwner = [...one, ...one];

const downgrading: ScopeClaim = { peer: 0, resources: x, patience: 'wait', downgrades: true };
const shared: Resource = { name: 'x', mode: 'shared' };
const reader: ScopeClaim = { peer: 1, resources: [shared], patience: 'wait' };
const thief: ScopeClaim = { peer: 1, resources: x, patience: 'steal' };

describe('a walk through a naive mesh', () => {
  test.each<[string, string, Partial<MeshScope>]>([
    ['a death', 'crashes', { budgets: { ...noFaults, crashes: 1 } }],
    ['a restart', 'restarts', { budgets: { ...noFaults, restarts: 1 }, claims: one }],
    ['a broken connection', 'breaks', { budgets: { ...noFaults, breaks: 1 } }],
    [
      'a restart of three, one of which claims',
      'restarts',
      {
        voters: 3,
        budgets: { ...noFaults, restarts: 1 },
        claims: one,
        victims: [0, 2],
        seesDown: false,
      },
    ],
    [
      'two claims of one peer, one given up',
      'giveUp',
      {
        budgets: { ...noFaults, giveUps: 1 },
        claims: sameOwner,
      },
    ],
    ['a clock that jumps', 'jumps', { budgets: { ...noFaults, jumps: 1 }, claims: one }],
    ['time', 'beat', { budgets: { ...noFaults, beats: 2 }, claims: one, slowMax: 2 }],
    [
      'a machine that stands still',
      'pause',
      { budgets: { ...noFaults, beats: 2, pauses: 1 }, claims: one, slowMax: 2 },
    ],
    ['a lock that is downgraded', 'downgrade', { claims: [downgrading, reader] }],
    [
      'a lock that is downgraded, and a broken connection',
      'downgrade',
      { claims: [downgrading, reader], budgets: { ...noFaults, breaks: 1 } },
    ],
    ['a lock that is stolen', 'acquire', { claims: [...one, thief] }],
    ['a cold start', 'acquire', { isWarm: false }],
  ])('meets no state that the search has not reached, with %s', (_, kind, changes) => {
    const reached = new Reached({ ...pair, ...changes }, shelf);
    const walked = walkAgainst(reached, { count: 40, seed: 20 });
    expect(walked.missed).toBe(null);
    expect(reached.complete).toBe(true);
    expect(walked.kinds[kind]).toBeGreaterThan(10);
    expect(walked.cores).toBeGreaterThan(0.1 * reached.cores.size);
  });

  test('meets no state of a core that was left out with orders of what commutes', () => {
    const budgets = { ...noFaults, breaks: 1 };
    const reached = new Reached({ ...pair, budgets, isReduced: true }, shelf);
    const walked = walkAgainst(reached, { count: 40, seed: 21 });
    expect(walked.missed).toBe(null);
    expect(walked.cores).toBeGreaterThan(0.3 * reached.cores.size);
  });

  test('finds out a search that leaves something out', () => {
    const budgets = { ...noFaults, breaks: 1 };
    const narrow = new Reached({ ...pair, budgets, seesDown: false }, shelf);
    const walked = walkAgainst(narrow, { count: 40, seed: 22, through: { ...pair, budgets } });
    expect(walked.missed).not.toBe(null);
  });
});
