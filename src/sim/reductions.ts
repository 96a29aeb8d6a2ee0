/**
 * The ways to make a plan smaller, as passes: each proposes plans one by one, is told whether a
 * proposal still fails, and goes on from there. Who tells it never, sees all that it would try.
 */

import { namesIn, withoutHosts, withoutName } from './fewer-hosts.ts';
import type { Latency } from './latency.ts';
import type { Plan, PlanMesh, PlanStep, When } from './plan.ts';
import { simplerSteps } from './simpler-steps.ts';

/** Yields smaller plans, receives whether each was accepted, and returns the smallest accepted. */
export type Pass = (plan: Plan) => Generator<Plan, Plan, boolean>;

/** In the order in which they pay. */
export const passes: readonly Pass[] = [
  fewerSteps,
  calmerMesh,
  fewerHosts,
  fewerNames,
  fewerSteps,
  fewerPairsOfSteps,
  earlierHealing,
  simplerActs,
  earlierSteps,
];

/** All plans that one pass or another proposes first, each a little smaller than `plan`. */
export function* smallerPlans(plan: Plan): Generator<Plan, void, undefined> {
  for (const pass of new Set(passes)) {
    const proposals = pass(plan);
    for (let next = proposals.next(false); !next.done; next = proposals.next(false)) {
      yield next.value;
    }
  }
}

/** Delta debugging (Zeller and Hildebrandt, 2002): halves first, single steps last. */
function* fewerSteps(plan: Plan): ReturnType<Pass> {
  let best = plan;
  for (let size = Math.max(1, plan.steps.length >> 1); ; size = size >> 1) {
    for (let at = 0; at < best.steps.length; ) {
      const smaller = { ...best, steps: best.steps.toSpliced(at, size) };
      if (yield smaller) best = smaller;
      else at += size;
    }
    if (size <= 1) return best;
  }
}

/** Two that need each other, such as a fault and the one that mends it, go only together. */
function* fewerPairsOfSteps(plan: Plan): ReturnType<Pass> {
  let best = plan;
  // More pairs than that cost more than they save.
  if (plan.steps.length > 24) return best;
  for (let one = 0; one < best.steps.length; one += 1) {
    for (let other = one + 1; other < best.steps.length; other += 1) {
      const steps = best.steps.filter((_, at) => at !== one && at !== other);
      const smaller = { ...best, steps };
      if (!(yield smaller)) continue;
      best = smaller;
      other = one;
    }
  }
  return best;
}

function* fewerHosts(plan: Plan): ReturnType<Pass> {
  let best = plan;
  for (let isSmaller = true; isSmaller; ) {
    isSmaller = false;
    for (const gone of hostsToRemove(best.mesh)) {
      const smaller = withoutHosts(best, new Set(gone));
      if (smaller === null || !(yield smaller)) continue;
      best = smaller;
      isSmaller = true;
      break;
    }
  }
  return best;
}

/** Members first; then pairs of voters, which keep an odd mesh odd; then single ones. */
function hostsToRemove({ voters, clocks }: PlanMesh): readonly (readonly number[])[] {
  const all = clocks.map((_, host) => host).reverse();
  const members = all.filter((host) => host >= voters);
  const others = all.filter((host) => host < voters);
  const pairs = others.flatMap((one, at) => others.slice(at + 1).map((other) => [one, other]));
  return [...members.map((host) => [host]), ...pairs, ...others.map((host) => [host])];
}

function* fewerNames(plan: Plan): ReturnType<Pass> {
  let best = plan;
  const [first = 'x', ...others] = namesIn(plan);
  for (const name of others) {
    const smaller = withoutName(best, name, first);
    if (yield smaller) best = smaller;
  }
  return best;
}

/** Nothing left to chance, and nothing unusual. */
function* calmerMesh(plan: Plan): ReturnType<Pass> {
  let best = plan;
  for (const calm of calmings) {
    const mesh = { ...best.mesh, ...calm(best.mesh) };
    if (JSON.stringify(mesh) === JSON.stringify(best.mesh)) continue;
    const smaller = { ...best, mesh };
    if (yield smaller) best = smaller;
  }
  return best;
}

/** Each changes one thing, and nothing once that is as it wants it. */
const calmings: readonly ((mesh: PlanMesh) => Partial<PlanMesh>)[] = [
  () => ({ isWarm: true }),
  ({ latency }) => (isCalm(latency) ? {} : { latency: { kind: 'constant', us: 1_000 } }),
  ({ latency }) => (isCalm(latency) ? {} : { latency: { kind: 'constant', us: 200 } }),
  ({ clocks }) => ({ clocks: clocks.map(() => ({ offsetMs: 0, driftPpm: 0 })) }),
  ({ clocks }) => ({ clocks: clocks.map(({ offsetMs }) => ({ offsetMs, driftPpm: 0 })) }),
  ({ clocks }) => ({ clocks: clocks.map(({ driftPpm }) => ({ offsetMs: 0, driftPpm })) }),
  () => {
    const usual = 1_000;
    const limits = { endingsMax: usual, idleResourcesMax: usual, lookAhead: 8, waitersMax: usual };
    return { limits };
  },
  () => ({ hasDisk: false }),
  ({ voters, replicas = voters }) => ({ quorum: Math.floor(replicas / 2) + 1 }),
  ({ leaseMs }) => ({ prepareTimeoutMs: Math.floor(leaseMs / 5) }),
];

function isCalm(latency: Latency): boolean {
  return latency.kind === 'constant' && (latency.us === 1_000 || latency.us === 200);
}

function* earlierHealing(plan: Plan): ReturnType<Pass> {
  let best = plan;
  const last = Math.max(0, ...plan.steps.map(({ when }) => ('atMs' in when ? when.atMs : 0)));
  for (const healAtMs of [last + 1, last + plan.mesh.leaseMs, (last + plan.healAtMs) >> 1]) {
    if (healAtMs >= best.healAtMs) continue;
    const smaller = { ...best, healAtMs };
    if (yield smaller) best = smaller;
  }
  return best;
}

function* simplerActs(plan: Plan): ReturnType<Pass> {
  let best = plan;
  for (let at = 0; at < best.steps.length; at += 1) {
    for (let tried = 0; ; tried += 1) {
      const step = best.steps[at];
      const simpler = step && simplerSteps(step)[tried];
      if (simpler === undefined) break;
      const smaller = { ...best, steps: best.steps.with(at, simpler) };
      if (yield smaller) {
        best = smaller;
        tried = -1;
      }
    }
  }
  return best;
}

/** What comes later comes sooner: the pauses between steps go, or halve. */
function* earlierSteps(plan: Plan): ReturnType<Pass> {
  let best = plan;
  for (let at = 0; at < best.steps.length; at += 1) {
    const before = best.steps[at - 1];
    const gapMs = timeOf(best.steps[at]) - (before === undefined ? 0 : timeOf(before));
    for (const lessMs of [gapMs, gapMs >> 1, gapMs % 100, gapMs % 10]) {
      if (!(lessMs > 0) || !Number.isFinite(lessMs)) continue;
      const steps = best.steps.map((step, index) => (index < at ? step : sooner(step, lessMs)));
      const smaller = { ...best, steps };
      if (!(yield smaller)) continue;
      best = smaller;
      break;
    }
  }
  return best;
}

function timeOf(step: PlanStep | undefined): number {
  return step !== undefined && 'atMs' in step.when ? step.when.atMs : Number.NaN;
}

function sooner({ when, act }: PlanStep, byMs: number): PlanStep {
  const moment: When = 'atMs' in when ? { atMs: when.atMs - byMs } : when;
  return { when: moment, act };
}
