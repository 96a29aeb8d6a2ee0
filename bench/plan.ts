/**
 * What a run measures, of which systems, how often and for how long.
 */

import type { SpeedFlags } from './flags.ts';
import type { MeasureName } from './measure-names.ts';
import { type SystemName, systemNames } from './system-names.ts';
import { type System, systemOf } from './systems.ts';

export interface Plan {
  readonly rounds: number;
  readonly systems: readonly System[];
  /** In the order of a round. */
  readonly measures: readonly MeasureName[];
  /** Whether a mesh is also watched while it is idle and while peers leave. */
  readonly life: boolean;
  readonly times: Times;
}

/** How long each measure takes, in milliseconds. */
export interface Times {
  readonly sequentialMs: number;
  readonly inFlightMs: number;
  readonly contendedMs: number;
  readonly waitersMs: number;
  /** At most, for each way of warming up before the first round. */
  readonly warmUpMs: number;
}

const fullTimes: Times = {
  sequentialMs: 1_000,
  inFlightMs: 1_500,
  contendedMs: 1_500,
  waitersMs: 1_500,
  warmUpMs: 4_000,
};

const quickTimes: Times = {
  sequentialMs: 400,
  inFlightMs: 600,
  contendedMs: 600,
  waitersMs: 0,
  warmUpMs: 1_000,
};

/** What the ratios of a quick run are made of. */
const quickMeasures: Readonly<Partial<Record<SystemName, readonly MeasureName[]>>> = {
  'floor-one': ['sequential'],
  'floor-two': ['sequential'],
  'floor-batched': ['in64'],
  central: ['contended'],
  'lockmesh-3': ['sequential', 'in64', 'contended'],
  redis: ['sequential', 'in64'],
  'redlock-3': ['in64'],
};

const roundMeasures: readonly MeasureName[] = ['sequential', 'in64', 'contended'];
const plotMeasures: readonly MeasureName[] = ['in4', 'in16', 'in256'];
const lastMeasures: readonly MeasureName[] = ['waiters10', 'waiters10k', 'held', 'queued'];

export function planOf({ quick, plot, rounds, systems, measures }: SpeedFlags): Plan {
  const named = systems ?? systemNames;
  const chosen = quick && systems === null ? named.filter((name) => name in quickMeasures) : named;
  const inFull = [...roundMeasures, ...(plot ? plotMeasures : []), ...lastMeasures];
  return {
    rounds,
    systems: chosen.map(systemOf),
    measures: measures ?? (quick ? roundMeasures : inFull),
    life: !quick && measures === null && chosen.includes('lockmesh-3'),
    times: quick ? quickTimes : fullTimes,
  };
}

/** Whether a system takes part in a measure, in a run with these flags. */
export function takesPart(system: System, measure: MeasureName, flags: SpeedFlags): boolean {
  if (flags.quick && flags.systems === null) {
    return quickMeasures[system.name]?.includes(measure) ?? false;
  }
  switch (measure) {
    case 'contended':
      return system.locks;
    case 'waiters10':
    case 'waiters10k':
    case 'queued':
      return system.waitersMax >= 10_000;
    case 'held':
      return system.heldMax > 0;
    default:
      return true;
  }
}

/** How many pairs are in flight in a measure; `null` for one of another kind. */
export function claimsIn(measure: MeasureName): number | null {
  if (measure === 'sequential') return 1;
  const digits = /^in(\d+)$/.exec(measure)?.[1];
  return digits === undefined ? null : Number(digits);
}
