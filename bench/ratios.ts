/**
 * The ratios by which lockmesh with three voters is judged. `null` where a figure is missing.
 */

import { type Goal, verdict } from './goals.ts';
import type { MeasureName } from './measure-names.ts';
import type { Medians } from './results.ts';
import type { SystemName } from './system-names.ts';

/** What a run is judged by, in the order in which it is printed. */
export const ratioNames = [
  'acquireOverFloor',
  'acquireOverRedis',
  'pairsOverBatchedFloor',
  'pairsOverRedis',
  'pairsOverRedlock3',
  'contendedOverCentral',
  'jain',
  'maxOverMin',
  'handoffOverOneWay',
  'cpuOverRedlock3',
  'waiters10kOver10',
] as const;

export type RatioName = (typeof ratioNames)[number];
export type Ratios = Readonly<Record<RatioName, number | null>>;

export function ratiosOf(medians: Medians): Ratios {
  const of = (system: SystemName, measure: MeasureName, figure: string): number =>
    medians[system]?.[measure]?.[figure] ?? Number.NaN;
  const acquire = of('lockmesh-3', 'sequential', 'acquireP50Ms');
  const pairs = of('lockmesh-3', 'in64', 'pairsPerS');
  const grants = of('lockmesh-3', 'contended', 'grantsPerS');
  const cpu = of('lockmesh-3', 'in64', 'cpuSPer10kPairs');
  const oneWay = of('floor-one', 'sequential', 'acquireP50Ms') / 2;
  return allOrNull({
    acquireOverFloor: acquire / of('floor-two', 'sequential', 'acquireP50Ms'),
    acquireOverRedis: acquire / of('redis', 'sequential', 'acquireP50Ms'),
    pairsOverBatchedFloor: pairs / of('floor-batched', 'in64', 'pairsPerS'),
    pairsOverRedis: pairs / of('redis', 'in64', 'pairsPerS'),
    pairsOverRedlock3: pairs / of('redlock-3', 'in64', 'pairsPerS'),
    contendedOverCentral: grants / of('central', 'contended', 'grantsPerS'),
    jain: of('lockmesh-3', 'contended', 'jain'),
    maxOverMin: of('lockmesh-3', 'contended', 'maxOverMin'),
    handoffOverOneWay: of('lockmesh-3', 'contended', 'handoffP50Ms') / oneWay,
    cpuOverRedlock3: cpu / of('redlock-3', 'in64', 'cpuSPer10kPairs'),
    waiters10kOver10:
      of('lockmesh-3', 'waiters10k', 'grantsPerS') / of('lockmesh-3', 'waiters10', 'grantsPerS'),
  });
}

export const goals: Readonly<Record<RatioName, Goal>> = {
  acquireOverFloor: { reach: 1.5, aim: 1.15, atMost: true },
  acquireOverRedis: { reach: 0.9, aim: 0.6, atMost: true },
  pairsOverBatchedFloor: { reach: 0.3, aim: 0.6, atMost: false },
  pairsOverRedis: { reach: 1.3, aim: 3, atMost: false },
  pairsOverRedlock3: { reach: 6, aim: 12, atMost: false },
  contendedOverCentral: { reach: 0.8, aim: 1.5, atMost: false },
  jain: { reach: 0.99, aim: 0.99, atMost: false },
  maxOverMin: { reach: 1.2, aim: 1.2, atMost: true },
  handoffOverOneWay: { reach: 3, aim: 1.5, atMost: true },
  cpuOverRedlock3: { reach: 0.4, aim: 0.15, atMost: true },
  waiters10kOver10: { reach: 0.7, aim: 0.95, atMost: false },
};

/** `missing`, `short`, `reached`, or the `aim` met. */
export function verdictOn(name: RatioName, ratio: number | null): string {
  return verdict(goals[name], ratio);
}

function allOrNull(ratios: Readonly<Record<RatioName, number>>): Ratios {
  const entries = ratioNames.map((name) => {
    const ratio = ratios[name];
    return [name, Number.isFinite(ratio) ? ratio : null] as const;
  });
  return Object.fromEntries(entries) as Ratios;
}
