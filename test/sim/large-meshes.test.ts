/**
 * Meshes that are large in one way, with something that goes wrong on the way. What gives each its
 * name, 100,000 locks or 200 members, `npm run scale` runs; this is the same in little.
 */

import { describe, expect, test } from 'vitest';
import { heldLocks } from '../scale/held-locks.ts';
import { manyMembers } from '../scale/many-members.ts';
import { manyNames } from '../scale/many-names.ts';
import { manyReaders } from '../scale/many-readers.ts';
import { manyVoters } from '../scale/many-voters.ts';
import { manyWaiters } from '../scale/many-waiters.ts';
import { show } from '../scale/shape.ts';

const shapes = [
  manyVoters({ voters: 12, restMs: 800 }),
  manyMembers({ members: 30, restMs: 600 }),
  heldLocks(1_000),
  manyWaiters(1_000),
  manyReaders(500),
  manyNames(3_000),
];

describe('large meshes', () => {
  test.each(shapes)('$name', async (shape) => {
    const { checked, report } = await show(shape);
    expect(checked.at(-1)).toBe('nothing was left over');
    expect(report.grantsUnderFault).toBeGreaterThan(10);
  });
});
