/**
 * Draws what the clients of a plan do: some of them, each on a host of its own choice, each asking
 * again and again, mostly for the same few names.
 */

import type { Operation, PlanStep } from './plan.ts';
import type { Stream } from './random.ts';
import type { Scene } from './scene.ts';
import { weighted } from './weighted.ts';

/** The most claims that a plan draws. */
const operationsMax = 60;

/** How a client asks. */
interface Habit {
  readonly host: number;
  readonly tries: number;
  readonly shares: number;
  /** Between two of its claims, in leases. */
  readonly restLeases: number;
  readonly holdLeases: number;
  /** How often one may linger. */
  readonly lingers: number;
}

/** @param clients how many */
export function drawOperations(scene: Scene, clients: number): readonly PlanStep[] {
  const { chance, healAtMs } = scene;
  const steps: PlanStep[] = [];
  for (let client = 0; client < clients; client += 1) {
    const habit = drawHabit(scene);
    const count = chance.chance(0.8) ? chance.between(2, 6) : chance.between(6, 12);
    let atMs = scene.leases(0, habit.restLeases);
    for (let at = 0; at < count && atMs < healAtMs; at += 1) {
      if (steps.length === operationsMax) return steps;
      steps.push({ when: { atMs }, act: drawOperation(scene, habit) });
      atMs += 1 + scene.leases(0, 2 * habit.restLeases);
    }
  }
  return steps;
}

function drawHabit(scene: Scene): Habit {
  const { chance } = scene;
  return {
    host: chance.chance(0.85) ? scene.host() : chance.below(scene.hostCount),
    tries: chance.pick([0, 0, 0.2, 1]),
    shares: chance.pick([0, 0, 0.3, 1]),
    lingers: chance.pick([0, 0, 0.3, 1]),
    restLeases: chance.pick([0.05, 0.2, 0.5, 1]),
    holdLeases: chance.pick([0, 0.02, 0.1, 0.3, 1, 2]),
  };
}

function drawOperation(
  scene: Scene,
  { host, tries, shares, holdLeases, lingers }: Habit,
): Operation {
  const { chance, mesh } = scene;
  return {
    do: 'acquire',
    host,
    names: drawNames(chance, scene.names),
    mode: chance.chance(shares) ? 'shared' : 'exclusive',
    patience: chance.chance(tries) ? 'try' : 'wait',
    holdMs: scene.leases(0, 2 * holdLeases),
    timeoutMs: chance.chance(0.15) ? chance.between(1, mesh.leaseMs) : 0,
    giveUpMs: chance.chance(0.1) ? chance.between(1, mesh.leaseMs) : 0,
    maxHoldMs: chance.chance(0.08) ? chance.between(1, Math.max(2, mesh.leaseMs >> 1)) : 0,
    lingerMs: chance.chance(lingers) ? chance.between(1, 2 * mesh.leaseMs) : 0,
  };
}

function drawNames(chance: Stream, names: readonly string[]): readonly string[] {
  const count = weighted(chance, [
    [8, 1],
    [2, Math.min(2, names.length)],
    [1, names.length],
  ]);
  const isFirst = count === 1 && chance.chance(0.6);
  return isFirst ? names.slice(0, 1) : chance.shuffled(names).slice(0, count);
}
