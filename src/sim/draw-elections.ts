/**
 * Draws the elections of some plans, by a stream of its own: whoever draws none draws what it drew
 * before there were any. Several peers campaign for one name, and several observe who leads.
 */

import type { Operation, PlanStep } from './plan.ts';
import type { Scene } from './scene.ts';
import { weighted } from './weighted.ts';

/** How many plans have elections. */
const share = 0.12;

export function drawElections(scene: Scene): readonly PlanStep[] {
  return scene.chance.chance(share) ? drawElection(scene) : [];
}

/** One that there is in any case. */
export function drawElection(scene: Scene): readonly PlanStep[] {
  const { chance } = scene;
  const name = chance.pick(scene.names);
  const steps: PlanStep[] = [];
  for (let count = chance.between(1, 4); count > 0; count -= 1) {
    steps.push(...drawCandidate(scene, name));
  }
  for (let count = chance.between(1, 4); count > 0; count -= 1) {
    const holdMs = chance.chance(0.3) ? scene.leases(0, 3) : 0;
    const atMs = chance.chance(0.5) ? 0 : scene.moment();
    steps.push({ when: { atMs }, act: operation(scene, name, { patience: 'observe', holdMs }) });
  }
  return steps;
}

/** One host that campaigns again and again. */
function drawCandidate(scene: Scene, name: string): readonly PlanStep[] {
  const { chance, healAtMs, mesh } = scene;
  const steps: PlanStep[] = [];
  const host = chance.below(scene.hostCount);
  const restLeases = chance.pick([0.05, 0.3, 1]);
  const holdLeases = chance.pick([0, 0.1, 0.5, 1, 3]);
  let atMs = scene.leases(0, restLeases);
  for (let count = chance.between(1, 4); count > 0 && atMs < healAtMs; count -= 1) {
    const patience = weighted(chance, [
      [6, 'lead'],
      [3, 'resign'],
      [2, 'always'],
    ] as const);
    const holdMs = scene.leases(0, 2 * holdLeases);
    const giveUpMs = chance.chance(0.1) ? chance.between(1, 2 * mesh.leaseMs) : 0;
    const act = { ...operation(scene, name, { patience, holdMs }), host, giveUpMs };
    steps.push({ when: { atMs }, act });
    atMs += 1 + scene.leases(0, 2 * restLeases);
  }
  return steps;
}

function operation(
  scene: Scene,
  name: string,
  of: Pick<Operation, 'patience' | 'holdMs'>,
): Operation {
  const host = scene.chance.below(scene.hostCount);
  const plain = { timeoutMs: 0, giveUpMs: 0, maxHoldMs: 0, lingerMs: 0 };
  return { do: 'acquire', host, names: [name], mode: 'exclusive', ...plain, ...of };
}
