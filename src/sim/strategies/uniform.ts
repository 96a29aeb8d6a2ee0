/**
 * Any fault at any time: finds what nobody thought of.
 */

import type { PlanStep } from '../plan.ts';
import { weighted } from '../weighted.ts';
import type { Strategy } from './strategy.ts';

export const uniform: Strategy = (scene, menu) => {
  const { chance } = scene;
  // Some plans have more faults than anything can live with: what is granted must be right still.
  const count = weighted(chance, [
    [4, chance.between(1, 4)],
    [4, chance.between(5, 12)],
    [1, chance.between(20, 40)],
  ]);
  const steps: PlanStep[] = [];
  for (let at = 0; at < count; at += 1) {
    const act = menu.fault(scene);
    if (act !== null) steps.push({ when: { atMs: scene.moment() }, act });
  }
  return steps;
};
