/**
 * Plans in one line.
 */

import { describe, expect, test } from 'vitest';
import { drawPlan } from '../../src/sim/draw-plan.ts';
import { mutatePlan } from '../../src/sim/mutate-plan.ts';
import type { Plan } from '../../src/sim/plan.ts';
import { Stream } from '../../src/sim/random.ts';
import { passes } from '../../src/sim/reductions.ts';
import { parseToken, planOf, tokenOf } from '../../src/sim/token.ts';
import { ask, smallPlan } from './small-plan.ts';

/** What shrinking might leave of a plan, had it ended with `steps` steps. */
function remains(plan: Plan, steps: number): Plan {
  const chance = Stream.of(plan.seed, 'test');
  let best = plan;
  for (const pass of passes) {
    const proposals = pass(best);
    let next = proposals.next();
    while (!next.done) {
      next = proposals.next(next.value.steps.length >= steps && chance.chance(0.4));
    }
    best = next.value;
  }
  return best;
}

describe('tokenOf()', () => {
  test('names a drawn plan by its seed', () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const plan = drawPlan(seed);
      const token = tokenOf(plan);
      expect(token.length).toBeLessThan(40);
      expect(planOf(token)).toEqual(plan);
    }
  });

  test('names a plan drawn with options', () => {
    const options = { voters: 5, strategy: 'openings', faults: ['crash'] } as const;
    const plan = drawPlan(77, options);
    const token = tokenOf(plan, options);
    expect(token.length).toBeLessThanOrEqual(200);
    expect(planOf(token)).toEqual(plan);
  });

  test('names what shrinking leaves in at most 200 characters', () => {
    for (let seed = 1; seed <= 150; seed += 1) {
      const plan = remains(drawPlan(seed), 12);
      const token = tokenOf(plan);
      expect(token.length, `seed ${seed}`).toBeLessThanOrEqual(200);
      expect(planOf(token)).toEqual(plan);
    }
  });

  test('names any other plan', () => {
    const plans = [smallPlan([ask(1, 2)]), mutatePlan(drawPlan(3), 4), smallPlan([], 2 ** 53 - 1)];
    for (const plan of plans) expect(planOf(tokenOf(plan))).toEqual(plan);
  });
});

describe('parseToken()', () => {
  const token = tokenOf(smallPlan([ask(1, 2), ask(5, 1)]));

  test.each(['', 'hello', '1.2.3', 's1..a', 'x1.1.2', `${token} ${token}`])(
    'refuses %j as no token',
    (text) => {
      expect(() => parseToken(text)).toThrow('Cannot read token: it must be such as');
    },
  );

  test('refuses a token of another version of plans', () => {
    const wanted = 'Cannot read token: it must be of version 2 of plans, received one of version 1';
    expect(() => parseToken(token.replace('2.', '1.'))).toThrow(wanted);
  });

  test('notices every character that is not what it was', () => {
    for (let at = 0; at < token.length; at += 1) {
      const other = token[at] === 'a' ? 'b' : 'a';
      const spoilt = token.slice(0, at) + other + token.slice(at + 1);
      expect(() => planOf(spoilt), spoilt).toThrow('Cannot read token: it must be');
    }
    expect(() => planOf(token.slice(0, -1))).toThrow('Cannot read token: it must be');
  });

  test('takes a token with blanks around it', () => {
    expect(planOf(`  ${token}\n`)).toEqual(planOf(token));
  });
});
