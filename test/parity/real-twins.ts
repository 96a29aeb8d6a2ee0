/**
 * The one fault of a plan that can be had for real and not by hand: a second process with the id of
 * a node.
 */

import type { ResolvedSim } from '../../src/sim/resolve-sim.ts';
import { isSwarm } from '../../src/sim/sim-swarm.ts';
import { cannot } from './net.ts';

/** When a twin starts, counted from the beginning of the scenario, and for how long it is there. */
export interface TwinStep {
  readonly atMs: number;
  readonly host: number;
  readonly forMs: number;
}

/** @throws `Error` when anything else is to go wrong by itself */
export function twinsOf(faults: ResolvedSim['faults']): readonly TwinStep[] {
  if (faults === null) return [];
  const refuse = (): never => cannot('let things go wrong by themselves', 'begin them by hand');
  if (isSwarm(faults)) return refuse();
  return faults.steps.map(({ when, act }) => {
    if (act.do !== 'duplicate' || !('atMs' in when)) return refuse();
    return { atMs: when.atMs, host: act.host, forMs: act.forMs };
  });
}
