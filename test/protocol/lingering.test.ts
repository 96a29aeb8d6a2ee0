/** Rounds that linger, and when they have done so for long enough. */

import { describe, expect, test } from 'vitest';
import { claimId, roundNumber, type TimeMs, timeMs } from '../../src/protocol/ids.ts';
import { Lingering } from '../../src/protocol/lingering.ts';
import type { Round } from '../../src/protocol/round.ts';

function lingering(number: number, until: number): Round {
  const forever = timeMs(Number.POSITIVE_INFINITY);
  return {
    ...{ number: roundNumber(number), claim: claimId(number), resources: [], ballots: [] },
    ...{
      patience: 'wait',
      maxHoldMs: forever,
      waitUntil: forever,
      contended: false,
      holding: [],
      probes: 0,
      alternatives: [],
      probeAt: timeMs(Number.POSITIVE_INFINITY),
      heed: 'unasked',
    },
    ...{ electorate: { groups: [], seats: [] }, watchers: [], begun: true },
    ...{ span: 8, given: 1, lingerMs: 100, value: null },
    ...{ ticket: 1 as Round['ticket'], token: 8 as Round['token'] },
    phase: { state: 'lingering', until: timeMs(until) },
  };
}

/** All that is over by then, by their numbers. */
function over(kept: Lingering, now: TimeMs): number[] {
  const numbers: number[] = [];
  for (let round = kept.nextOver(now); round !== undefined; round = kept.nextOver(now)) {
    numbers.push(round.number);
    kept.remove(round);
  }
  return numbers;
}

describe('Lingering', () => {
  test('tells who has stayed for long enough, the first first', () => {
    const kept = new Lingering();
    for (const round of [lingering(1, 300), lingering(2, 200), lingering(3, 400)]) kept.add(round);
    expect(kept.nextDueAt()).toBe(200);
    expect(over(kept, timeMs(199))).toEqual([]);
    expect(over(kept, timeMs(300))).toEqual([2, 1]);
    expect(kept.nextDueAt()).toBe(400);
  });

  test('looks again at one that was held in between, when it may be over', () => {
    const kept = new Lingering();
    const round = lingering(1, 100);
    kept.add(round);
    kept.take(round);
    round.phase = { state: 'lingering', until: timeMs(150) };
    kept.add(round);
    expect(over(kept, timeMs(100))).toEqual([]);
    expect(kept.nextDueAt()).toBe(150);
    expect(over(kept, timeMs(150))).toEqual([1]);
  });

  test('leaves one alone that is held', () => {
    const kept = new Lingering();
    const round = lingering(1, 100);
    kept.add(round);
    kept.take(round);
    round.phase = { state: 'held', maxHoldUntil: Number.POSITIVE_INFINITY as never };
    expect(over(kept, timeMs(1_000))).toEqual([]);
    expect(kept.nextDueAt()).toBe(Number.POSITIVE_INFINITY);
  });

  test('waits for none that may stay for ever, nor for one that has ended', () => {
    const kept = new Lingering();
    const ended = lingering(1, 100);
    kept.add(ended);
    kept.add(lingering(2, Number.POSITIVE_INFINITY));
    kept.remove(ended);
    expect(kept.nextDueAt()).toBe(Number.POSITIVE_INFINITY);
    expect(kept.first()?.number).toBe(2);
  });
});
