/** The hybrid clock and its stamps. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  aheadMs,
  HybridClock,
  noStamp,
  stampAfter,
  stampAt,
  ticketSlots,
} from '../../src/protocol/clock.ts';
import { stamp, wallMs } from '../../src/protocol/ids.ts';

const epoch = Date.UTC(2024, 0, 1);
const anyWall = fc.integer({ min: 0, max: epoch + 2 ** 41 - 1 }).map((ms) => wallMs(ms));
const anyStamp = fc.integer({ min: 0, max: 2 ** 52 }).map((value) => stamp(value));
const leadMsMax = 500;
const anyEvent = fc.oneof(
  fc.record({ type: fc.constant('tick' as const), wall: anyWall }),
  fc.record({
    type: fc.constant('ticket' as const),
    wall: anyWall,
    slot: fc.nat(ticketSlots - 1),
  }),
  fc.record({ type: fc.constant('merge' as const), seen: anyStamp }),
);

describe('HybridClock', () => {
  test('gives stamps greater than all given and seen before, and not behind the wall clock', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 50 }), (events) => {
        const clock = new HybridClock(noStamp);
        let greatest = 0;
        for (const event of events) {
          if (event.type === 'merge') {
            clock.merge(event.seen);
            greatest = Math.max(greatest, event.seen);
          } else {
            const given =
              event.type === 'tick'
                ? clock.tick(event.wall)
                : clock.takeTicket(event.wall, { slot: event.slot, leadMsMax });
            const isNear = greatest < stampAfter(stampAt(event.wall), leadMsMax);
            if (event.type === 'ticket' && isNear) expect(given % ticketSlots).toBe(event.slot);
            expect(given).toBeGreaterThan(greatest);
            expect(given).toBeGreaterThanOrEqual(stampAt(event.wall));
            expect(Number.isSafeInteger(given)).toBe(true);
            greatest = given;
          }
          expect(clock.last).toBe(greatest);
        }
      }),
    );
  });

  test('gives no two peers the same ticket, however many they take in one millisecond', () => {
    const [one, other] = [new HybridClock(noStamp), new HybridClock(noStamp)];
    const wall = wallMs(epoch + 1_000);
    const takes = Array.from({ length: 1_000 }, () => [
      one.takeTicket(wall, { slot: 0, leadMsMax }),
      other.takeTicket(wall, { slot: 1, leadMsMax }),
    ]);
    expect(new Set(takes.flat()).size).toBe(2_000);
    for (const [mine = noStamp, theirs = noStamp] of takes) expect(theirs - mine).toBe(1);
  });

  test('is not carried away by tickets, however many two peers take from each other', () => {
    const [one, other] = [new HybridClock(noStamp), new HybridClock(noStamp)];
    const wall = wallMs(epoch + 1_000);
    // Left to itself, each of 100,000 would take 32 stamps: 1,562 ms.
    for (let turn = 0; turn < 50_000; turn += 1) {
      other.merge(one.takeTicket(wall, { slot: 0, leadMsMax }));
      one.merge(other.takeTicket(wall, { slot: 1, leadMsMax }));
    }
    expect(aheadMs(one.last, wall)).toBeGreaterThan(leadMsMax);
    expect(aheadMs(one.last, wall)).toBeLessThan(leadMsMax + 100_000 / 4_096);
  });

  test('runs into the next milliseconds when a millisecond has no stamps left', () => {
    const clock = new HybridClock(noStamp);
    const wall = wallMs(epoch + 1_000);
    const first = clock.tick(wall);
    for (let count = 0; count < 4_096; count += 1) clock.tick(wall);
    expect(clock.last - first).toBe(4_096);
    expect(aheadMs(clock.last, wall)).toBe(1);
  });
});

describe('stampAt()', () => {
  test('is the least stamp of a millisecond', () => {
    fc.assert(
      fc.property(anyWall, (wall) => {
        fc.pre(wall >= epoch);
        expect(aheadMs(stampAt(wall), wall)).toBe(0);
        fc.pre(wall > epoch);
        expect(aheadMs(stamp(stampAt(wall) - 1), wall)).toBe(-1);
      }),
    );
  });

  test('is no stamp before 2024', () => {
    expect(stampAt(wallMs(epoch - 1))).toBe(noStamp);
    expect(stampAt(wallMs(0))).toBe(noStamp);
  });

  test('of the last moment of 41 bits is a safe integer still', () => {
    expect(Number.isSafeInteger(stampAt(wallMs(epoch + 2 ** 41 - 1)) + 4_095)).toBe(true);
  });
});

test('stampAfter() is as many milliseconds further on', () => {
  const wall = wallMs(epoch + 5);
  expect(stampAfter(stampAt(wall), 20)).toBe(stampAt(wallMs(wall + 20)));
});
