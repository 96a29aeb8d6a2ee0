/**
 * Plans beside a plan: where it cannot be made smaller as it is, one of them may.
 */

import { withoutHosts } from './fewer-hosts.ts';
import { mutatePlan } from './mutate-plan.ts';
import type { Plan, PlanStep } from './plan.ts';
import { Stream } from './random.ts';

/** A plan near `plan`, by chance; another one for each number. */
export function neighbourOf(plan: Plan, number: number): Plan {
  const chance = Stream.of(number, 'neighbour');
  const { seed, mesh } = plan;
  const mutated = chance.chance(0.8) ? { ...mutatePlan(plan, number), seed } : plan;
  const changes: ((each: Plan) => Plan)[] = [
    (each) => withoutHosts(each, new Set([chance.below(mesh.clocks.length)])) ?? each,
    (each) => warmed(each, chance.between(0, mesh.leaseMs)),
    (each) => healedAt(each, chance.between(0, 2 * each.healAtMs)),
    (each) => ({ ...each, seed: number }),
  ];
  return chance.chance(0.5) ? chance.pick(changes)(mutated) : mutated;
}

/** From a mesh that has met, with the steps sooner: what happened in the start is past. */
function warmed(plan: Plan, byMs: number): Plan {
  if (plan.mesh.isWarm) return plan;
  const steps = plan.steps.map(({ when, act }): PlanStep => {
    return { when: 'atMs' in when ? { atMs: Math.max(0, when.atMs - byMs) } : when, act };
  });
  return { ...plan, mesh: { ...plan.mesh, isWarm: true }, steps };
}

/** At another time, but after all steps. */
function healedAt(plan: Plan, atMs: number): Plan {
  const times = plan.steps.map(({ when }) => ('atMs' in when ? when.atMs + 1 : 0));
  return { ...plan, healAtMs: Math.max(atMs, ...times) };
}
