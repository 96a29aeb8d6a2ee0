/**
 * Chance from a seed: named streams that are the same each time and have nothing to do with each
 * other.
 */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { draw, keyOf, Stream } from '../../src/sim/random.ts';

test('a stream is the same for the same seed and label, and another for another', () => {
  const take = (seed: number, label: string) => {
    const stream = Stream.of(seed, label);
    return Array.from({ length: 8 }, () => stream.next());
  };
  expect(take(7, 'net/a→b')).toEqual(take(7, 'net/a→b'));
  expect(take(7, 'net/a→b')).not.toEqual(take(7, 'net/b→a'));
  expect(take(7, 'net/a→b')).not.toEqual(take(8, 'net/a→b'));
  expect(take(2 ** 32 + 7, 'net/a→b')).not.toEqual(take(7, 'net/a→b'));
});

test('the streams of today are the streams of tomorrow: seeds are kept for years', () => {
  const stream = Stream.of(42, 'plan');
  const first = [stream.next(), stream.next(), stream.below(100), stream.between(5, 9)];
  expect([keyOf(42, 'plan'), ...first]).toMatchInlineSnapshot(`
    [
      1532416552,
      370090259,
      1066761078,
      47,
      6,
    ]
  `);
});

test('draw() gives all of 32 bits about equally often', () => {
  const key = keyOf(1, 'even');
  const counts = Array.from({ length: 16 }, () => 0);
  for (let index = 0; index < 16_000; index += 1) {
    const bucket = draw(key, index) >>> 28;
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  expect(Math.min(...counts)).toBeGreaterThan(850);
  expect(Math.max(...counts)).toBeLessThan(1_150);
});

test('below(), between(), pick() and shuffled() stay within what they are given', () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 1, max: 50 }), (seed, size) => {
      const stream = Stream.of(seed, 'bounds');
      const items = Array.from({ length: size }, (_, index) => index);
      expect(stream.below(size)).toBeLessThan(size);
      expect(stream.between(3, 3 + size)).toBeGreaterThanOrEqual(3);
      expect(stream.between(3, 3 + size)).toBeLessThanOrEqual(3 + size);
      expect(items).toContain(stream.pick(items));
      expect(stream.shuffled(items).toSorted((one, other) => one - other)).toEqual(items);
    }),
  );
});

test.each([1.5, -1, Number.NaN, 2 ** 53])('a seed of %s is refused', (seed) => {
  expect(() => Stream.of(seed, 'x')).toThrow(
    `Cannot draw: seed must be a whole number from 0 to 2^53 - 1, received ${seed}`,
  );
});
