/**
 * The suite scale: what it costs where a lock stays, where there are many voters, and where many
 * locks are held.
 */

import type { ScaleFlags } from '../flags.ts';
import { verdict } from '../goals.ts';
import { resultsFolder, type Stage } from '../stage.ts';
import { type FigureName, figureGoals, figureNames, figuresOf } from './figures.ts';
import { measureMany, measureMemory } from './many.ts';
import type { ScaleMeasure } from './names.ts';
import { drawScale } from './pictures.ts';
import { mediansOf, merged, type Raw } from './raw.ts';
import { figureTable, rawTable } from './report.ts';
import { measureStaying } from './stay.ts';
import { measureMessages, measureThroughput } from './voters.ts';

/** A figure in the line of JSON. */
interface Told {
  readonly figure: number | null;
  readonly reach: number;
  readonly aim: number | null;
  readonly verdict: string;
}

/** What the line of JSON tells. */
interface ScaleSummary {
  readonly figures: Readonly<Record<FigureName, Told>>;
  readonly medians: Raw;
}

/** Measures that share their meshes, and what is measured round by round. */
interface Group {
  readonly measures: readonly ScaleMeasure[];
  readonly take: (flags: ScaleFlags) => Promise<readonly Raw[]>;
}

const groups: readonly Group[] = [
  {
    measures: ['lingering', 'handOver'],
    take: ({ rounds, measures }) => measureStaying(rounds, measures),
  },
  { measures: ['throughput'], take: ({ rounds, plot }) => measureThroughput(rounds, plot) },
  { measures: ['messages'], take: ({ plot }) => measureMessages(plot) },
  { measures: ['memory'], take: ({ rounds, plot }) => measureMemory(rounds, plot) },
  { measures: ['idle', 'many'], take: ({ rounds, measures }) => measureMany(rounds, measures) },
];

export async function runScale(flags: ScaleFlags, { say }: Stage): Promise<ScaleSummary> {
  let found: readonly Raw[] = [];
  for (const { measures, take } of groups) {
    const asked = measures.filter((name) => flags.measures.includes(name));
    if (asked.length === 0) continue;
    const startedMs = performance.now();
    try {
      found = merged(found, await take(flags));
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      say(`${asked.join(', ')} failed: ${text.split('\n')[0]}`);
      process.exitCode = 1;
    }
    say(`${asked.join(', ')}: ${((performance.now() - startedMs) / 1_000).toFixed(1)} s`);
  }
  const medians = mediansOf(found);
  const figures = figuresOf(medians);
  say(`\n${rawTable(medians, found)}`);
  say(`\n${figureTable(figures, found.map(figuresOf))}`);
  if (flags.plot) for (const path of drawScale(medians, resultsFolder)) say(`drawn: ${path}`);
  const told = figureNames.map((name): readonly [FigureName, Told] => {
    const goal = figureGoals[name];
    const { reach, aim } = goal;
    return [name, { figure: figures[name], reach, aim, verdict: verdict(goal, figures[name]) }];
  });
  return { figures: Object.fromEntries(told) as ScaleSummary['figures'], medians };
}
