/**
 * What is drawn of the suite scale: pairs and messages against voters, memory against locks.
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Line, type Plot, type Point, svgOf } from '../plot.ts';
import { messagesName, pairsName, type Shape } from './figures.ts';
import { drawnHeld, heldBytesName } from './many.ts';
import type { Raw } from './raw.ts';
import { drawnVoters } from './voters.ts';

/** Writes the pictures for which there are figures; returns their paths. */
export function drawScale(medians: Raw, folder: string): readonly string[] {
  mkdirSync(folder, { recursive: true });
  return Object.entries(scalePlots(medians)).flatMap(([name, plot]) => {
    if (plot.lines.every(({ points }) => points.length === 0)) return [];
    const path = join(folder, `${name}.svg`);
    writeFileSync(path, svgOf(plot));
    return [path];
  });
}

export function scalePlots(medians: Raw): Readonly<Record<string, Plot>> {
  const byVoters = (nameOf: (shape: Shape) => string): readonly Line[] => [
    { name: 'all voters', points: pointsOf(medians, drawnVoters, (voters) => nameOf({ voters })) },
    {
      name: 'replicas: 3',
      // Three of three are all of them.
      points: pointsOf(medians, drawnVoters, (voters) =>
        nameOf(voters === 3 ? { voters } : { voters, replicas: 3 }),
      ),
    },
  ];
  const held = pointsOf(medians, drawnHeld, heldBytesName);
  return {
    'scale-throughput': {
      title: '64 pairs in flight, by voters, on the same cores',
      xLabel: 'voters',
      yLabel: 'pairs per second',
      lines: byVoters(pairsName),
    },
    'scale-messages': {
      title: 'What a voter says and hears for a lock',
      xLabel: 'voters',
      yLabel: 'messages per voter and pair',
      lines: byVoters(messagesName),
    },
    'scale-memory': {
      title: 'Memory of a voter, by locks that others hold',
      xLabel: 'locks held',
      yLabel: 'megabytes',
      lines: [{ name: 'a voter of three', points: inMegabytes(held) }],
    },
  };
}

function inMegabytes(points: readonly Point[]): readonly Point[] {
  return points.map(({ x, y }) => ({ x, y: y / 1e6 }));
}

function pointsOf(
  medians: Raw,
  xs: readonly number[],
  nameAt: (x: number) => string,
): readonly Point[] {
  return xs.flatMap((x) => {
    const y = medians[nameAt(x)];
    return y === undefined || !(y > 0) ? [] : [{ x, y }];
  });
}
