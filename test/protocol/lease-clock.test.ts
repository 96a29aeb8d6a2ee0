/** The clock on which a coordinator counts its leases (rule 6.7). */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { timeMs, wallMs } from '../../src/protocol/ids.ts';
import type { Time } from '../../src/protocol/input.ts';
import {
  leadSlackMs,
  leaseNow,
  startLeaseClock,
  stepLeaseClock,
} from '../../src/protocol/lease-clock.ts';

/** What both clocks do between two readings. */
interface Move {
  readonly monotonicMs: number;
  readonly wallMs: number;
}

const start: Time = { now: timeMs(1_000), wall: wallMs(1_750_000_000_000) };

/** What the lease clock shows after each move. */
function readings(moves: readonly Move[]): number[] {
  let clock = startLeaseClock(start);
  let { now, wall } = start;
  return moves.map((move) => {
    now = timeMs(now + move.monotonicMs);
    wall = wallMs(wall + move.wallMs);
    const time = { now, wall };
    clock = stepLeaseClock(clock, time);
    return leaseNow(clock, time);
  });
}

const anyMove = fc.record({
  monotonicMs: fc.nat(10_000),
  wallMs: fc.integer({ min: -100_000, max: 100_000 }),
});

describe('the lease clock', () => {
  test('never goes back, and is never behind the monotonic clock', () => {
    fc.assert(
      fc.property(fc.array(anyMove), (moves) => {
        let before = 1_000;
        let monotonic = 1_000;
        for (const [index, shown] of readings(moves).entries()) {
          monotonic += moves[index]?.monotonicMs ?? 0;
          expect(shown).toBeGreaterThanOrEqual(before);
          expect(shown).toBeGreaterThanOrEqual(monotonic);
          before = shown;
        }
      }),
    );
  });

  test('shows every suspension, but for the slack that limits are shortened by', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ monotonicMs: fc.nat(5_000), missed: fc.nat(5_000) })),
        (spans) => {
          const moves = spans.map(({ monotonicMs, missed }) => {
            return { monotonicMs, wallMs: monotonicMs + missed };
          });
          const truth = moves.reduce((sum, move) => sum + move.wallMs, 1_000);
          expect(readings(moves).at(-1) ?? 1_000).toBe(truth);
        },
      ),
    );
  });

  test('adds a leap forward once, and nothing for one back', () => {
    const moves = [
      { monotonicMs: 10, wallMs: 30_010 },
      { monotonicMs: 10, wallMs: 10 },
      { monotonicMs: 10, wallMs: -90_000 },
      { monotonicMs: 10, wallMs: 10 },
    ];
    expect(readings(moves)).toEqual([31_010, 31_020, 31_030, 31_040]);
  });

  test('sees a suspension after a clock was set back', () => {
    const moves = [
      { monotonicMs: 10, wallMs: -60_000 },
      { monotonicMs: 10, wallMs: 5_010 },
    ];
    expect(readings(moves)).toEqual([1_010, 6_020]);
  });

  test('does not add up the jitter of two clocks that are read one after the other', () => {
    const jitters = fc.array(fc.integer({ min: 0, max: leadSlackMs }), { maxLength: 200 });
    fc.assert(
      fc.property(jitters, (offsets) => {
        let before = 0;
        const moves = offsets.map((offset) => {
          const move = { monotonicMs: 100, wallMs: 100 + offset - before };
          before = offset;
          return move;
        });
        const gained = (readings(moves).at(-1) ?? 1_000) - 1_000 - 100 * moves.length;
        expect(gained).toBeLessThanOrEqual(leadSlackMs);
      }),
    );
  });
});
