/**
 * A plan that is a little different: a step less, or one more, earlier, later, aimed, or at another
 * host. What the protocol assumes of clocks and processes holds afterwards if it did before.
 */

import { isElection } from './acts.ts';
import { assumptionsOf } from './assumptions.ts';
import { drawElection } from './draw-elections.ts';
import { drawOperations } from './draw-operations.ts';
import { namesIn } from './fewer-hosts.ts';
import { Menu } from './menu.ts';
import { isAct } from './parse-plan.ts';
import type { Plan, PlanStep } from './plan.ts';
import { fieldsOf } from './plan-fields.ts';
import { Stream } from './random.ts';
import { Scene } from './scene.ts';
import { aim } from './strategies/aimed.ts';
import { WallClocks } from './wall-clocks.ts';
import { type Weighted, weighted } from './weighted.ts';

type Mutation = (steps: readonly PlanStep[], scene: Scene) => readonly PlanStep[];

const mutations: readonly Weighted<Mutation>[] = [
  [2, withoutStep],
  [3, withFault],
  [1, withOperations],
  [3, withShift],
  [3, withAim],
  [2, withOtherHost],
];

/** As many steps as a plan may grow to. */
const stepsMax = 80;

/** Another plan, near `plan`; the same for the same seed. */
export function mutatePlan(plan: Plan, seed: number): Plan {
  const chance = Stream.of(seed, 'mutate');
  const names = namesIn(plan);
  const scene = new Scene({
    ...{ mesh: plan.mesh, names: names.length > 0 ? names : ['x'] },
    ...{ healAtMs: plan.healAtMs, chance },
  });
  let best: Plan = { ...plan, seed };
  for (let count = chance.between(1, 4); count > 0; count -= 1) {
    const steps = weighted(chance, mutations)(best.steps, scene);
    const next = { ...best, steps };
    if (steps.length <= stepsMax && keepsAssumptions(plan, next)) best = next;
  }
  return best;
}

function keepsAssumptions(before: Plan, after: Plan): boolean {
  const [then, now] = [assumptionsOf(before), assumptionsOf(after)];
  const isLost = (then.isExclusive && !now.isExclusive) || (then.isFenced && !now.isFenced);
  return !isLost && WallClocks.suit(after);
}

function withoutStep(steps: readonly PlanStep[], { chance }: Scene): readonly PlanStep[] {
  return steps.length === 0 ? steps : steps.toSpliced(chance.below(steps.length), 1);
}

function withFault(steps: readonly PlanStep[], scene: Scene): readonly PlanStep[] {
  const act = Menu.drawn(scene.chance, null).fault(scene);
  if (act === null) return steps;
  const isAimed = scene.chance.chance(0.4);
  const when = isAimed ? aim(scene, scene.host()) : { atMs: scene.moment() };
  return [...steps, { when, act }];
}

/** Where there are elections, more of them come as well. */
function withOperations(steps: readonly PlanStep[], scene: Scene): readonly PlanStep[] {
  const hasElections = steps.some(({ act }) => isElection(act));
  const elections = hasElections ? drawElection(scene).slice(0, 3) : [];
  return [...steps, ...drawOperations(scene, 1).slice(0, 3), ...elections];
}

function withShift(steps: readonly PlanStep[], scene: Scene): readonly PlanStep[] {
  return changed(steps, scene, ({ when, act }) => {
    const byMs = scene.leases(0, 0.5) - scene.leases(0, 0.5);
    if (!('atMs' in when)) return { when: { ...when, nth: scene.chance.between(1, 6) }, act };
    const atMs = Math.min(Math.max(0, when.atMs + byMs), Math.max(0, scene.healAtMs - 1));
    return { when: { atMs }, act };
  });
}

function withAim(steps: readonly PlanStep[], scene: Scene): readonly PlanStep[] {
  return changed(steps, scene, ({ act }) => ({ when: aim(scene, scene.host()), act }));
}

/** The act is about another host in one of its fields. */
function withOtherHost(steps: readonly PlanStep[], scene: Scene): readonly PlanStep[] {
  return changed(steps, scene, (step) => {
    const hosts = fieldsOf(step.act).filter(([, { is }]) => is === 'host');
    if (hosts.length === 0) return step;
    const [name] = scene.chance.pick(hosts);
    const act: unknown = { ...step.act, [name]: scene.host() };
    return isAct(act) ? { ...step, act } : step;
  });
}

function changed(
  steps: readonly PlanStep[],
  { chance }: Scene,
  change: (step: PlanStep) => PlanStep,
): readonly PlanStep[] {
  const at = chance.below(Math.max(1, steps.length));
  const step = steps[at];
  return step === undefined ? steps : steps.with(at, change(step));
}
