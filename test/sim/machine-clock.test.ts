/**
 * The clocks of a machine as functions of true time.
 */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MachineClock, wallAtZeroMs } from '../../src/sim/machine-clock.ts';

const second = 1_000_000;

test('a fast clock gains its millionths, a slow one loses them', () => {
  const fast = new MachineClock({ offsetMs: 0, driftPpm: 500 }, 0);
  const slow = new MachineClock({ offsetMs: 0, driftPpm: -500 }, 0);
  expect(fast.monotonicUs(1_000 * second)).toBe(1_000 * second + 500_000);
  expect(slow.monotonicUs(1_000 * second)).toBe(1_000 * second - 500_000);
});

test('a suspended machine loses monotonic time, and no wall time', () => {
  const clock = new MachineClock({ offsetMs: 0, driftPpm: 0 }, 5 * second);
  clock.freeze(10 * second);
  expect(clock.monotonicUs(99 * second)).toBe(15 * second);
  clock.thaw(100 * second);
  expect(clock.monotonicUs(101 * second)).toBe(16 * second);
  expect(clock.wallMs(101 * second)).toBe(wallAtZeroMs + 101_000);
});

test('a jump moves the wall clock alone', () => {
  const clock = new MachineClock({ offsetMs: 100, driftPpm: 0 }, 0);
  clock.jump(-3_600_000);
  expect(clock.wallMs(second)).toBe(wallAtZeroMs + 1_000 + 100 - 3_600_000);
  expect(clock.monotonicUs(second)).toBe(second);
});

test('the monotonic clock never goes back, whatever happens to it', () => {
  const change = fc.record({
    what: fc.constantFrom('freeze', 'thaw', 'drift', 'jump'),
    afterUs: fc.nat(second),
    ppm: fc.integer({ min: -10_000, max: 10_000 }),
  });
  fc.assert(
    fc.property(fc.array(change), (changes) => {
      const clock = new MachineClock({ offsetMs: 0, driftPpm: 0 }, 0);
      let nowUs = 0;
      let shownUs = 0;
      for (const { what, afterUs, ppm } of changes) {
        nowUs += afterUs;
        expect(clock.monotonicUs(nowUs)).toBeGreaterThanOrEqual(shownUs);
        shownUs = clock.monotonicUs(nowUs);
        if (what === 'drift') clock.setDrift(ppm, nowUs);
        else if (what === 'jump') clock.jump(ppm);
        else clock[what === 'freeze' ? 'freeze' : 'thaw'](nowUs);
        expect(clock.monotonicUs(nowUs)).toBe(shownUs);
      }
    }),
  );
});

test('trueUsOf() is the first moment at which the clock shows so much', () => {
  fc.assert(
    fc.property(fc.integer({ min: -9_999, max: 9_999 }), fc.nat(100 * second), (driftPpm, ms) => {
      const clock = new MachineClock({ offsetMs: 0, driftPpm }, 0);
      const atUs = clock.trueUsOf(ms, 0);
      // A clock in whole microseconds may show it one of them late.
      expect(clock.monotonicUs(atUs + 1)).toBeGreaterThanOrEqual(ms);
      expect(clock.monotonicUs(atUs - 2)).toBeLessThanOrEqual(ms);
    }),
  );
});
