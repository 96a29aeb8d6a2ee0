/**
 * Plans made from plans.
 */

import { describe, expect, test } from 'vitest';
import { assumptionsOf } from '../../src/sim/assumptions.ts';
import { drawPlan } from '../../src/sim/draw-plan.ts';
import { Corpus } from '../../src/sim/guided.ts';
import { mutatePlan } from '../../src/sim/mutate-plan.ts';
import { parsePlan } from '../../src/sim/parse-plan.ts';
import { WallClocks } from '../../src/sim/wall-clocks.ts';

describe('mutatePlan()', () => {
  test('gives a plan near the one it is given, the same for the same seed', () => {
    const plan = drawPlan(3);
    const other = mutatePlan(plan, 8);
    expect(other).toEqual(mutatePlan(plan, 8));
    expect(other).not.toEqual({ ...plan, seed: 8 });
    expect(other.mesh).toEqual(plan.mesh);
    const kept = other.steps.filter((step) => plan.steps.includes(step));
    expect(kept.length).toBeGreaterThanOrEqual(plan.steps.length - 4);
  });

  test('keeps what the protocol assumes, however often', () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      let plan = drawPlan(seed);
      for (let turn = 1; turn <= 25; turn += 1) plan = mutatePlan(plan, 1_000 * seed + turn);
      expect(parsePlan(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
      expect(assumptionsOf(plan)).toEqual({ isExclusive: true, isFenced: true });
      expect(WallClocks.suit(plan)).toBe(true);
    }
  });
});

describe('Corpus', () => {
  test('keeps plans that went through anything new, and tells how much', () => {
    const corpus = new Corpus();
    expect(corpus.offer(drawPlan(1), ['a', 'b'])).toBe(2);
    expect(corpus.offer(drawPlan(2), ['b'])).toBe(0);
    expect(corpus.offer(drawPlan(3), ['b', 'c'])).toBe(1);
    expect([corpus.size, corpus.tupleCount]).toEqual([2, 3]);
  });

  test('makes about half of the plans from those kept', () => {
    const corpus = new Corpus();
    expect(corpus.draw(5)).toEqual(drawPlan(5));
    corpus.keep(drawPlan(1));
    const seeds = Array.from({ length: 400 }, (_, index) => 100 + index);
    const made = seeds.filter((seed) => {
      const { mesh } = corpus.draw(seed);
      return JSON.stringify(mesh) === JSON.stringify(drawPlan(1).mesh);
    });
    expect(made.length).toBeGreaterThan(150);
    expect(made.length).toBeLessThan(250);
  });

  test('forgets the oldest plans in the end', () => {
    const corpus = new Corpus();
    for (let seed = 1; seed <= 600; seed += 1) corpus.keep(drawPlan(seed));
    expect(corpus.size).toBe(512);
  });
});
