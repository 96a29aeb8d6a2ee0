/**
 * What a plan leaves of the assumptions under which the protocol promises what it promises (section
 * 1 of docs/protocol.md): the checks that depend on them are made only where they hold.
 */

import { isFault } from './acts.ts';
import type { Fault, Plan } from './plan.ts';

/** Which promises hold for a plan. */
export interface Assumptions {
  /** Clock rates within the bound, and one process to an id. */
  readonly isExclusive: boolean;
  /** No voter forgets its tokens, or wall clocks agree well enough. */
  readonly isFenced: boolean;
}

/** The bound of the peers' options, in millionths: `maxClockDrift` is 1 %. */
const driftPpmMax = 10_000;

export function assumptionsOf(plan: Plan): Assumptions {
  const faults = plan.steps.flatMap(({ act }) => (isFault(act) ? [act] : []));
  const isSingle = !faults.some(({ do: kind }) => kind === 'duplicate') || faults.every(isHarmless);
  const isExclusive = isSingle && ratesAgree(plan, faults) && sleepIsSeen(faults);
  const keepsMarks = plan.mesh.hasDisk && !faults.some(wipes);
  return { isExclusive, isFenced: isSingle && (keepsMarks || wallsAgree(plan, faults)) };
}

/** What does not divide the mesh: a second process with one id is then refused by someone. */
function isHarmless(fault: Fault): boolean {
  return ['disk', 'drift', 'duplicate', 'join', 'jump', 'misfit', 'strobe'].includes(fault.do);
}

function wipes(fault: Fault): boolean {
  return fault.do === 'crash' && fault.disk === 'wiped';
}

/**
 * A suspended machine finds its leases gone by its wall clock (rule 6.7): not if that was set back
 * by as much.
 */
function sleepIsSeen(faults: readonly Fault[]): boolean {
  const isSetBack = faults.some((fault) => {
    return fault.do === 'strobe' || (fault.do === 'jump' && fault.ms < 0);
  });
  return !isSetBack || !faults.some((fault) => fault.do === 'suspend');
}

/** Whether no two monotonic clocks ever differ in rate by more than the bound. */
function ratesAgree({ mesh }: Plan, faults: readonly Fault[]): boolean {
  const rates = mesh.clocks.map(({ driftPpm }) => driftPpm);
  for (const fault of faults) if (fault.do === 'drift') rates.push(fault.ppm);
  const fastest = 1 + Math.max(0, ...rates) / 1_000_000;
  const slowest = 1 + Math.min(0, ...rates) / 1_000_000;
  return fastest / slowest <= 1 + driftPpmMax / 1_000_000;
}

/** Whether wall clocks stay within a lease of each other, and are never set back. */
function wallsAgree({ mesh }: Plan, faults: readonly Fault[]): boolean {
  const least = mesh.clocks.map(({ offsetMs }) => offsetMs);
  const most = [...least];
  for (const fault of faults) {
    if (fault.do === 'strobe') return false;
    if (fault.do !== 'jump') continue;
    if (fault.ms < 0) return false;
    most[fault.host] = (most[fault.host] ?? 0) + fault.ms;
  }
  return Math.max(...most) - Math.min(...least) < mesh.leaseMs;
}
