/**
 * Random walks over the core: what they check is in test/harness/walk.ts. These are the first;
 * `npm run walks` takes 20,000.
 */

import { describe, expect, test } from 'vitest';
import { complaintsOf, sumOf, takeWalks, type Walked } from './walks.ts';

const count = 4_000;

describe('random walks over the core', () => {
  test(`${count} of them keep exclusion and token order, and nothing is stuck`, () => {
    expect(complaintsOf(takeWalks({ from: 1, count, stride: 1 }))).toEqual([]);
  }, 600_000);

  test('are the same, shared by two', () => {
    const shares = [1, 2].map((from) => takeWalks({ from, count: 10, stride: 2 }));
    expect(sumOf(shares)).toEqual(takeWalks({ from: 1, count: 20, stride: 1 }));
  });
});

describe('complaintsOf()', () => {
  const { counts } = takeWalks({ from: 1, count: 20, stride: 1 });

  test('tells how a walk that failed is repeated', () => {
    const walked: Walked = { walks: 20, counts, failed: [{ seed: 7, message: 'Two holders' }] };
    expect(complaintsOf(walked)).toEqual([
      'Walk 7: Two holders; repeat it: npm run walks -- --from 7 --count 1',
    ]);
  });

  test('tells what hardly any walk had', () => {
    const complaints = complaintsOf({ walks: 100, counts: { ...counts, raises: 5 }, failed: [] });
    expect(complaints).toContain('Hardly any walk had raises');
    expect(complaints).not.toContain('Hardly any walk had grants');
  });
});
