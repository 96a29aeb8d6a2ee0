/**
 * A plan with fewer hosts or fewer names: what those who are left do stays.
 */

import { namesOf } from './acts.ts';
import { isAct } from './parse-plan.ts';
import type { Act, Plan, PlanMesh, PlanStep, When } from './plan.ts';
import { fieldsOf } from './plan-fields.ts';

/** The plan without some hosts and what they did, or `null` where too few would be left. */
export function withoutHosts(plan: Plan, gone: ReadonlySet<number>): Plan | null {
  const { mesh } = plan;
  const isVoter = (host: number): boolean => host < mesh.voters;
  const voters = mesh.voters - [...gone].filter(isVoter).length;
  if (voters < 1) return null;
  const indices = mesh.clocks.map((_, host) => host).filter((host) => !gone.has(host));
  const newIndex = new Map(indices.map((host, index) => [host, index]));
  const steps = plan.steps.flatMap((step) => remapped(step, newIndex));
  const clocks = mesh.clocks.filter((_, host) => !gone.has(host));
  const members = clocks.length - voters;
  const { replicas = mesh.voters, ...undivided } = mesh;
  const isDivided = replicas < voters;
  const quorum = quorumOf(mesh, isDivided ? replicas : voters);
  const fewer: PlanMesh = { ...undivided, voters, members, quorum, clocks };
  return { ...plan, mesh: isDivided ? { ...fewer, replicas } : fewer, steps };
}

/** As many more than a majority as before, at most all. */
function quorumOf({ voters, quorum, replicas = voters }: PlanMesh, left: number): number {
  const spare = quorum - Math.floor(replicas / 2) - 1;
  return Math.min(left, Math.floor(left / 2) + 1 + spare);
}

/** The plan with one name in place of another. */
export function withoutName(plan: Plan, name: string, instead: string): Plan {
  const steps = plan.steps.map((step): PlanStep => {
    const { act } = step;
    if (!namesOf(act).includes(name)) return step;
    if (act.do === 'look') return { ...step, act: { ...act, name: instead } };
    if (act.do !== 'acquire') return step;
    const names = act.names.map((each) => (each === name ? instead : each));
    return { ...step, act: { ...act, names: [...new Set(names)] } };
  });
  return { ...plan, steps };
}

/** All names that are locked, in the order of the steps. */
export function namesIn({ steps }: Pick<Plan, 'steps'>): readonly string[] {
  return [...new Set(steps.flatMap(({ act }) => namesOf(act)))];
}

/** None where it needs a host that is gone. */
function remapped({ when, act }: PlanStep, newIndex: ReadonlyMap<number, number>): PlanStep[] {
  const moment = remappedWhen(when, newIndex);
  const values = new Map<string, unknown>(Object.entries(act));
  for (const [name, field] of fieldsOf(act)) {
    const value = values.get(name);
    if (field.is === 'host') values.set(name, newIndex.get(Number(value)));
    if (field.is === 'order' && Array.isArray(value)) {
      values.set(
        name,
        value.flatMap((host: number) => newIndex.get(host) ?? []),
      );
    }
  }
  const changed: unknown = Object.fromEntries(values);
  return moment !== null && isAct(changed) && isWorthwhile(changed)
    ? [{ when: moment, act: changed }]
    : [];
}

function remappedWhen(when: When, newIndex: ReadonlyMap<number, number>): When | null {
  if ('atMs' in when || when.host === null) return when;
  const host = newIndex.get(when.host);
  return host === undefined ? null : { ...when, host };
}

/** A partition of one host divides nothing. */
function isWorthwhile(act: Act): boolean {
  return act.do !== 'partition' || act.order.length > 1;
}
