/**
 * Priorities, after probabilistic concurrency testing (Burckhardt et al., 2010): each direction of
 * each link has one, and who has a low one always comes late. At a few moments a direction or a
 * host drops behind all others. A bug that needs `d` such things to come in one order is found with
 * a chance that depends on `d` alone, not on how much else happens.
 */

import { delayUs } from '../latency.ts';
import type { Fault, PlanMesh, PlanStep } from '../plan.ts';
import type { Scene } from '../scene.ts';
import { aim } from './aimed.ts';
import type { Strategy } from './strategy.ts';

/** By how much a direction of each class is slower than the network. */
const classes = [1, 1, 3, 10, 30, 100, 300, 1_000];

export const priorities: Strategy = (scene) => {
  const { chance } = scene;
  const { latency, leaseMs } = scene.mesh;
  const usualMs = delayUs(latency, 0x8000_0000) / 1_000;
  // Slower than half a lease is not slow but dead.
  const bearable = classes.filter((factor) => factor * usualMs < leaseMs / 2);
  const steps = directionsOf(scene.mesh).flatMap(([from, to]): PlanStep[] => {
    const factor = chance.pick(bearable);
    if (factor === 1) return [];
    const extraMs = chance.chance(0.2) ? scene.leases(0, 0.2) : 0;
    const act = { do: 'lag', from, to, factor, extraMs, forMs: scene.healAtMs } as const;
    return [{ when: { atMs: 0 }, act }];
  });
  const changes = chance.between(1, 3);
  for (let at = 0; at < changes; at += 1) {
    const host = scene.host();
    const when = chance.chance(0.8) ? aim(scene, host) : { atMs: scene.moment() };
    steps.push({ when, act: demotion(scene, host) });
  }
  return steps;
};

/** From now on a direction comes after all others, or a host does. */
function demotion(scene: Scene, host: number): Fault {
  const { chance } = scene;
  const [from = host, to = host] = chance.shuffled([host, scene.peerOf(host)]);
  const forMs = scene.leases(0.3, 1.6);
  if (chance.chance(0.5)) return { do: 'hold', from, to, forMs };
  if (chance.chance(0.5)) return { do: 'pause', host, forMs };
  return { do: 'lag', from, to, factor: 1, extraMs: 1 + scene.leases(0.1, 0.45), forMs };
}

/** The directions of all pairs that may have a link. */
export function directionsOf({
  voters,
  members,
}: PlanMesh): readonly (readonly [number, number])[] {
  const hosts = Array.from({ length: voters + members }, (_, host) => host);
  return hosts.flatMap((from) =>
    hosts.flatMap((to): (readonly [number, number])[] => {
      return from !== to && (from < voters || to < voters) ? [[from, to]] : [];
    }),
  );
}
