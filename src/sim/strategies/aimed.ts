/**
 * Faults at points of the protocol: a message has just been sent or heard, a claim was granted or
 * lost. There a crash, a pause or a cut is worth more than at any other time.
 */

import type { FaultVariant } from '../fault-kinds.ts';
import type { FaultKind, PlanStep, When } from '../plan.ts';
import type { Point } from '../point.ts';
import type { Scene } from '../scene.ts';
import { type Weighted, weighted } from '../weighted.ts';
import type { Strategy } from './strategy.ts';

/** The points at which something is at stake, the likelier ones first. */
const stakes: readonly Weighted<Point>[] = [
  [6, 'commit sent'],
  [4, 'commit delivered'],
  [5, 'all votes in'],
  [5, 'prepare sent'],
  [3, 'prepare delivered'],
  [5, 'vote sent'],
  [3, 'vote delivered'],
  [4, 'inquire sent'],
  [2, 'inquire delivered'],
  [4, 'yield sent'],
  [3, 'yield delivered'],
  [5, 'release sent'],
  [2, 'release delivered'],
  [3, 'abort sent'],
  [2, 'refuse sent'],
  [2, 'queued sent'],
  [4, 'settled sent'],
  [3, 'settled delivered'],
  [3, 'recovered sent'],
  [2, 'recovered delivered'],
  [4, 'hello sent'],
  [3, 'hello delivered'],
  [2, 'live sent'],
  [2, 'live delivered'],
  [4, 'link up'],
  [3, 'link down'],
  [3, 'claim lost'],
  [2, 'claim failed'],
  [3, 'mark asked'],
];

/** What is worth aiming. */
const aimable: ReadonlySet<FaultKind> = new Set([
  'crash',
  'disk',
  'half-open',
  'hold',
  'jump',
  'partition',
  'pause',
  'reset',
  'stop',
  'storm',
  'suspend',
]);

/** A moment of the protocol, at one host, or at any. */
export function aim(scene: Scene, host: number): When {
  const { chance } = scene;
  const point = weighted(chance, stakes);
  const nth = chance.chance(0.6) ? chance.between(1, 3) : chance.between(1, 12);
  return { point, host: chance.chance(0.8) ? host : null, nth };
}

export const aimed: Strategy = (scene, menu) => {
  const { chance } = scene;
  const isSuch = ({ kind }: FaultVariant): boolean => aimable.has(kind);
  const choice = menu.only(isSuch);
  const steps: PlanStep[] = [];
  const count = chance.between(1, 8);
  for (let at = 0; at < count; at += 1) {
    const target = scene.target();
    const when = aim(scene, target.host);
    // Often it is the far end of the link that is hurt, not the one that has just spoken.
    const victim = chance.chance(0.6) ? target : { host: target.other, other: target.host };
    const act = choice.fault(scene, victim);
    if (act !== null) steps.push({ when, act });
  }
  return steps;
};
