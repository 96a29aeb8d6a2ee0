/**
 * How long redials wait.
 */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { redialDelayMs, type Setback } from '../../src/peer/backoff.ts';

const leaseMs = 10_000;

function delay(setback: Setback, attempts: number, random = 0.999_999): number {
  return Math.round(redialDelayMs({ setback, attempts, leaseMs, random }));
}

describe('redialDelayMs()', () => {
  test.each<[Setback, readonly number[]]>([
    ['lost', [25, 25, 50, 100, 200, 400, 800, 1_000, 1_000]],
    ['failed', [50, 50, 100, 200, 400, 800, 1_000, 1_000, 1_000]],
    ['refused', [500, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 10_000]],
    ['duplicate', [250, 250, 250, 250, 250, 250, 250, 250, 250]],
  ])('grows with each attempt after %s, up to a limit', (setback, delays) => {
    expect(delays.map((_, attempts) => delay(setback, attempts))).toEqual(delays);
  });

  test('is jittered over the upper half', () => {
    expect(delay('failed', 1, 0)).toBe(25);
    expect(delay('failed', 1, 0.5)).toBe(38);
  });

  test('fits several tries of a supposed duplicate between silence and fatal', () => {
    for (const lease of [300, 3_000, 10_000]) {
      const wait = redialDelayMs({
        setback: 'duplicate',
        attempts: 9,
        leaseMs: lease,
        random: 0.99,
      });
      expect(wait * 2).toBeLessThanOrEqual(lease / 20);
    }
  });

  test('is finite and positive whatever the count', () => {
    const setbacks = fc.constantFrom<Setback>('lost', 'failed', 'refused', 'duplicate');
    fc.assert(
      fc.property(
        setbacks,
        fc.nat(),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (setback, count, random) => {
          const wait = redialDelayMs({ setback, attempts: count, leaseMs, random });
          expect(wait).toBeGreaterThan(0);
          expect(wait).toBeLessThanOrEqual(10_000);
        },
      ),
    );
  });
});
