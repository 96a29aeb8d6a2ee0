/**
 * The suite speed: what a lock costs with lockmesh, with what people would use instead, and with
 * bare WebSockets.
 */

import { measure, startSystems } from './conductor.ts';
import type { SpeedFlags } from './flags.ts';
import { type LifeFigures, measureLife } from './measures/life.ts';
import { profileClient } from './measures/profile.ts';
import { draw } from './pictures.ts';
import { planOf } from './plan.ts';
import { type Ratios, ratiosOf } from './ratios.ts';
import { lifeLines, overlapLines, ratioTable, tablesOf } from './report.ts';
import type { Medians } from './results.ts';
import { resultsFolder, type Stage } from './stage.ts';

/** What the line of JSON tells of it. */
interface SpeedSummary {
  readonly systems: Medians;
  readonly life: LifeFigures | null;
  readonly ratios: Ratios;
}

export async function runSpeed(flags: SpeedFlags, { children, say }: Stage): Promise<SpeedSummary> {
  const plan = planOf(flags);
  const started = await startSystems(plan, children, say);
  const results = await measure({ flags, plan, started, say });
  await children.end();

  const medians = results.medians();
  const rounds = Array.from({ length: plan.rounds }, (_, at) => ratiosOf(results.round(at + 1)));
  const ratios = ratiosOf(medians);
  const life = plan.life ? await measureLife() : null;
  for (const table of tablesOf(medians)) say(`\n${table}`);
  for (const line of overlapLines(results)) say(`\n${line}`);
  if (life !== null) say(`\n${lifeLines(life)}`);
  say(`\n${ratioTable(ratios, rounds)}`);
  if (flags.profile !== null) await profileClient(flags.profile, say);
  if (flags.plot) for (const path of draw(medians, resultsFolder)) say(`drawn: ${path}`);
  return { systems: medians, life, ratios };
}
