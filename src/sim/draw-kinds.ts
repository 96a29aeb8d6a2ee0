/**
 * Makes of some plans' claims other kinds of them, by a stream of its own: whoever draws no other
 * kind draws what it drew before there were any.
 */

import type { PlanStep } from './plan.ts';
import type { Scene } from './scene.ts';

export function drawKinds(
  { chance, names }: Scene,
  operations: readonly PlanStep[],
): readonly PlanStep[] {
  if (names.length < 2 || !chance.chance(0.5)) return operations;
  const anyOf = chance.pick([0.2, 0.5, 1]);
  return operations.map(({ when, act }): PlanStep => {
    if (act.do !== 'acquire' || !chance.chance(anyOf)) return { when, act };
    const count = chance.between(2, names.length);
    const patience = act.patience === 'try' ? 'try any' : 'any';
    return { when, act: { ...act, names: chance.shuffled(names).slice(0, count), patience } };
  });
}
