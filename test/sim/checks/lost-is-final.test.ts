/**
 * What was invalid for a moment is over, and told so.
 */

import { describe, expect, test } from 'vitest';
import { LostIsFinal } from '../../../src/sim/checks/lost-is-final.ts';
import { MadeUp } from './made-up.ts';

function held(validForMs: number): MadeUp {
  const it = new MadeUp((setup, books) => new LostIsFinal(setup, books));
  return it.ask('a', 1).grant('a', 1, { validForMs });
}

describe('LostIsFinal', () => {
  test('is content with a claim that is looked at in time', () => {
    const it = held(300).pass(299).step('a', { type: 'wake' });
    expect(it.pass(299).step('a', { type: 'wake' }).found).toEqual([]);
  });

  test('finds a claim that is valid again after it was not', () => {
    const it = held(300).pass(300).step('a', { type: 'wake' });
    expect(it.found).toHaveLength(1);
    expect(it.found[0]).toMatch(/a's claim 1 .* had been invalid for 0 ms when a took a step/);
  });

  test('is content when it is told lost in that step', () => {
    expect(held(300).pass(400).lose('a', 1).found).toEqual([]);
  });

  test('is content when it is released in that step', () => {
    expect(held(300).pass(400).release('a', 1).found).toEqual([]);
  });

  test('finds a claim that is invalid after a step, and not told', () => {
    const it = held(300);
    it.core('a').validity.clear();
    expect(it.pass(10).step('a', { type: 'wake' }).found[0]).toMatch(/is invalid/);
  });

  test('counts the time that a suspended machine shows by its wall clock alone', () => {
    const it = held(300);
    const { machine } = it.host('a');
    machine.clock.freeze(it.world.kernel.nowUs);
    it.pass(330);
    machine.clock.thaw(it.world.kernel.nowUs);
    expect(it.step('a', { type: 'wake' }).found[0]).toMatch(/had been invalid for 10 ms/);
  });

  test('overlooks what a wall clock gains within its jitter', () => {
    const it = held(300);
    it.host('a').machine.clock.jump(19);
    expect(it.pass(290).step('a', { type: 'wake' }).found).toEqual([]);
  });
});
