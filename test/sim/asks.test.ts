/**
 * Asking again and again while no time passes is told, and ends.
 */

import { describe, expect, test } from 'vitest';
import { Asks, asksAtOnceMax, refusalsAtOnceMax } from '../../src/sim/asks.ts';

describe('Asks.note()', () => {
  test.each([
    [asksAtOnceMax, false],
    [refusalsAtOnceMax, true],
  ])('lets %i go on at one instant, and no more', (most, isRefused) => {
    const asks = new Asks();
    const told: string[] = [];
    asks.onCircle = (name, count, site) => told.push(`${name} ${count} ${site}`);
    for (let count = 0; count < most; count += 1) asks.note({ name: 'a', isRefused }, 7);
    expect(told).toEqual([]);
    expect(asks.note({ name: 'a', isRefused }, 7)).toBeInstanceOf(Promise);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(new RegExp(`^a ${most} test/sim/asks\\.test\\.ts:\\d+:\\d+$`));
  });

  test('counts anew once anything else has happened', () => {
    const asks = new Asks();
    let told = 0;
    for (let count = 0; count < 3 * refusalsAtOnceMax; count += 1) {
      const tasks = Math.floor(count / refusalsAtOnceMax);
      if (asks.note({ name: 'a', isRefused: true }, tasks) !== undefined) told += 1;
    }
    expect(told).toBe(0);
  });
});
