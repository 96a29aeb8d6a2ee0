/**
 * `npm run bench`: what a lock costs with lockmesh, with what people would use instead, and with
 * bare WebSockets, side by side in one run. docs/bench.md tells how to read it.
 */

import { cpus, release } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Children } from './children.ts';
import { measure, startSystems } from './conductor.ts';
import { type Flags, parseFlags, usage } from './flags.ts';
import { type LifeFigures, measureLife } from './measures/life.ts';
import { profileClient } from './measures/profile.ts';
import { draw } from './pictures.ts';
import { planOf } from './plan.ts';
import { type Ratios, ratiosOf } from './ratios.ts';
import { lifeLines, overlapLines, ratioTable, tablesOf } from './report.ts';
import type { Medians } from './results.ts';

const resultsFolder = fileURLToPath(new URL('../../bench/results', import.meta.url));
const placement = 'every process by itself on loopback, placed by the scheduler';

const flags = readFlags();
const children = new Children();
const signals = { SIGINT: 2, SIGTERM: 15 } as const;
for (const [signal, number] of Object.entries(signals)) {
  process.once(signal, () => {
    void children.end().finally(() => process.exit(128 + number));
  });
}
try {
  await run(flags);
} finally {
  await children.end();
}

function readFlags(): Flags {
  try {
    return parseFlags(process.argv.slice(2));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${usage}`);
    process.exit(2);
  }
}

async function run(given: Flags): Promise<void> {
  const plan = planOf(given);
  say(`Node ${process.version}, Linux ${release()}, ${cpus().length} cores: ${placement}`);
  const started = await startSystems(plan, children, say);
  const results = await measure({ flags: given, plan, started, say });
  await children.end();

  const medians = results.medians();
  const rounds = Array.from({ length: plan.rounds }, (_, at) => ratiosOf(results.round(at + 1)));
  const ratios = ratiosOf(medians);
  const life = plan.life ? await measureLife() : null;
  for (const table of tablesOf(medians)) say(`\n${table}`);
  for (const line of overlapLines(results)) say(`\n${line}`);
  if (life !== null) say(`\n${lifeLines(life)}`);
  say(`\n${ratioTable(ratios, rounds)}`);
  if (given.profile !== null) await profileClient(given.profile, say);
  if (given.plot) for (const path of draw(medians, resultsFolder)) say(`drawn: ${path}`);
  if (given.json) say(JSON.stringify(summaryOf(medians, life, ratios)));
}

interface Summary {
  readonly node: string;
  readonly cores: number;
  readonly placement: string;
  readonly rounds: number;
  readonly systems: Medians;
  readonly life: LifeFigures | null;
  readonly ratios: Ratios;
}

function summaryOf(systems: Medians, life: LifeFigures | null, ratios: Ratios): Summary {
  const { rounds } = flags;
  return { node: process.version, cores: cpus().length, placement, rounds, systems, life, ratios };
}

function say(line: string): void {
  console.log(line);
}
