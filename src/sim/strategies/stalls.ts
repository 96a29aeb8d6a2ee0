/**
 * Those who hold a lock stand still, or are cut off, for longer than their lease, and then go on as
 * if nothing had happened: what services are seldom ready for.
 */

import type { Fault, PlanStep, When } from '../plan.ts';
import type { Scene } from '../scene.ts';
import type { Strategy } from './strategy.ts';

export const stalls: Strategy = (scene) => {
  const { chance } = scene;
  return Array.from({ length: chance.between(2, 8) }, (): PlanStep => {
    const host = scene.host();
    return { when: momentOf(scene, host), act: stallOf(scene, host) };
  });
};

/** At any time, or just when it was granted something. */
function momentOf(scene: Scene, host: number): When {
  const { chance } = scene;
  if (chance.chance(0.6)) return { atMs: scene.moment() };
  return { point: 'all votes in', host, nth: chance.between(1, chance.chance(0.7) ? 5 : 100) };
}

function stallOf(scene: Scene, host: number): Fault {
  const { chance } = scene;
  const forMs = scene.leases(1.05, chance.chance(0.7) ? 2 : 4);
  if (chance.chance(0.6)) return { do: 'pause', host, forMs };
  if (chance.chance(0.4)) return { do: 'suspend', host, forMs };
  const rest = scene.hosts().filter((other) => other !== host);
  const order = [host, ...chance.shuffled(rest)];
  const breaks = chance.chance(0.5);
  return { do: 'partition', shape: 'isolate', order, breaks, periodMs: 0, forMs };
}
