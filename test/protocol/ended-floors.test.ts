/** Floors in buckets: never too small, bounded, and the same after a snapshot. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EndedFloors } from '../../src/protocol/ended-floors.ts';
import { stamp } from '../../src/protocol/ids.ts';
import type { Mode } from '../../src/protocol/message.ts';

const anyEnding = fc.record({
  name: fc.string({ maxLength: 3 }),
  mode: fc.constantFrom<Mode>('exclusive', 'shared'),
  token: fc.integer({ min: 1, max: 2 ** 53 - 1 }),
});

type Ending = typeof anyEnding extends fc.Arbitrary<infer T> ? T : never;

function floorsAfter(endings: readonly Ending[], buckets: number): EndedFloors {
  const floors = new EndedFloors(buckets);
  for (const { name, mode, token } of endings) {
    floors.raise(floors.bucketOf(name), mode, stamp(token));
  }
  return floors;
}

describe('EndedFloors', () => {
  test('is the greatest token of those that share a bucket, by mode', () => {
    fc.assert(
      fc.property(fc.array(anyEnding), fc.integer({ min: 1, max: 300 }), (endings, buckets) => {
        const floors = floorsAfter(endings, buckets);
        for (const { name } of endings) {
          const bucket = floors.bucketOf(name);
          const sharing = endings.filter((other) => floors.bucketOf(other.name) === bucket);
          const exclusive = sharing.filter(({ mode }) => mode === 'exclusive');
          const greatest = (of: readonly Ending[]): number =>
            Math.max(0, ...of.map(({ token }) => token));
          expect(floors.floorOf(bucket, 'exclusive')).toBe(greatest(sharing));
          expect(floors.floorOf(bucket, 'shared')).toBe(greatest(exclusive));
        }
      }),
    );
  });

  test('keeps no more than it has buckets, and all of it in a snapshot', () => {
    fc.assert(
      fc.property(fc.array(anyEnding), fc.integer({ min: 1, max: 300 }), (endings, buckets) => {
        const floors = floorsAfter(endings, buckets);
        const used = new Set(endings.map(({ name }) => floors.bucketOf(name)));
        expect(floors.used).toBe(used.size);
        for (const bucket of used) expect(bucket).toBeLessThan(buckets);
        const snapshot = floors.snapshot();
        expect(snapshot.map(({ bucket }) => bucket)).toEqual([...used].sort((a, b) => a - b));
        const restored = new EndedFloors(buckets);
        restored.restore(snapshot);
        expect(restored.snapshot()).toEqual(snapshot);
        expect(restored.used).toBe(floors.used);
      }),
    );
  });

  test('spreads names over the buckets', () => {
    const floors = new EndedFloors(1_000);
    const names = Array.from({ length: 1_000 }, (_, index) => `order:${index}`);
    const used = new Set(names.map((name) => floors.bucketOf(name)));
    // Of balls thrown by chance, 632 buckets would have one.
    expect(used.size).toBeGreaterThan(550);
  });
});
