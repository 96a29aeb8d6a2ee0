/**
 * What is drawn of a run: latency and throughput, against voters and against claims in flight.
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MeasureName } from './measure-names.ts';
import { claimsIn } from './plan.ts';
import { type Line, type Plot, svgOf } from './plot.ts';
import type { Medians } from './results.ts';
import { type SystemName, systemNames } from './system-names.ts';

const latency = { figure: 'acquireP50Ms', label: 'acquire, median (ms)' };
const throughput = { figure: 'pairsPerS', label: 'pairs per second' };
type Quantity = typeof latency;

const meshes: readonly (readonly [voters: number, system: SystemName])[] = [
  [1, 'lockmesh-1'],
  [3, 'lockmesh-3'],
  [5, 'lockmesh-5'],
  [7, 'lockmesh-7'],
];
const loads: readonly MeasureName[] = ['sequential', 'in4', 'in16', 'in64', 'in256'];

/** Writes the pictures for which there are figures; returns their paths. */
export function draw(medians: Medians, folder: string): readonly string[] {
  mkdirSync(folder, { recursive: true });
  return Object.entries(plotsOf(medians)).flatMap(([name, plot]) => {
    if (plot.lines.every(({ points }) => points.length === 0)) return [];
    const path = join(folder, `${name}.svg`);
    writeFileSync(path, svgOf(plot));
    return [path];
  });
}

export function plotsOf(medians: Medians): Readonly<Record<string, Plot>> {
  return {
    'latency-by-voters': byVoters(medians, latency),
    'throughput-by-voters': byVoters(medians, throughput),
    'latency-by-claims': byClaims(medians, latency),
    'throughput-by-claims': byClaims(medians, throughput),
  };
}

/** A line for each load. */
function byVoters(medians: Medians, { figure, label }: Quantity): Plot {
  const lines = loads.map((measure): Line => {
    const points = meshes.flatMap(([x, system]) =>
      pointAt(x, medians[system]?.[measure]?.[figure]),
    );
    return { name: `${claimsIn(measure)} in flight`, points };
  });
  return { title: 'lockmesh, by voters', xLabel: 'voters', yLabel: label, lines };
}

/** A line for each system. */
function byClaims(medians: Medians, { figure, label }: Quantity): Plot {
  const lines = systemNames.map((name): Line => {
    const points = loads.flatMap((measure) =>
      pointAt(claimsIn(measure) ?? 0, medians[name]?.[measure]?.[figure]),
    );
    return { name, points };
  });
  const xLabel = 'pairs in flight from one client';
  return { title: 'By claims in flight', xLabel, yLabel: label, lines };
}

function pointAt(x: number, y: number | undefined): Line['points'] {
  return y === undefined || !(y > 0) ? [] : [{ x, y }];
}
