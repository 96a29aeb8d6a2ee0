/**
 * Partitions of all shapes, one after the other, overlapping, coming and going; with crashes and
 * pauses in between.
 */

import { shapes } from '../faults-of-links.ts';
import type { PlanStep } from '../plan.ts';
import type { Strategy } from './strategy.ts';

export const partitions: Strategy = (scene, menu) => {
  const { chance, healAtMs } = scene;
  const steps: PlanStep[] = [];
  const some = chance.shuffled(shapes).slice(0, chance.between(1, 3));
  let atMs = scene.leases(0, 0.5);
  while (atMs < healAtMs && steps.length < 8) {
    const shape = chance.pick(some);
    const forMs = shape === 'swizzle' ? scene.leases(1, 4) : scene.spell();
    const flaps = shape !== 'swizzle' && chance.chance(0.2);
    const act = {
      ...({ do: 'partition', shape, order: chance.shuffled(scene.hosts()), forMs } as const),
      breaks: chance.chance(0.3),
      periodMs: flaps ? 1 + scene.leases(0.05, 0.6) : 0,
    };
    steps.push({ when: { atMs }, act });
    atMs += chance.chance(0.7) ? forMs + scene.leases(0, 1) : scene.leases(0, 0.5);
  }
  for (let count = chance.between(0, 3); count > 0; count -= 1) {
    const act = menu.fault(scene);
    if (act !== null) steps.push({ when: { atMs: scene.moment() }, act });
  }
  return steps;
};
