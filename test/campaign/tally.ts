/**
 * The figures of a campaign, added up run by run, in the order of the seeds.
 */

import { assumptionsOf } from '../../src/sim/assumptions.ts';
import type { Plan } from '../../src/sim/plan.ts';
import type { RunReport } from '../../src/sim/run-report.ts';

/** A seed that failed. */
export interface FailedSeed {
  readonly seed: number;
  readonly plan: Plan;
  readonly check: string;
  readonly message: string;
}

/** What is known of some seeds. */
export interface CampaignTally {
  seeds: number;
  simulatedMs: number;
  frames: number;
  messages: number;
  grants: number;
  grantsUnderFault: number;
  readonly effects: Record<string, number>;
  readonly witnessed: Set<string>;
  readonly tuples: Set<string>;
  /** How many tuples were new, seed by seed. */
  readonly novel: number[];
  readonly failed: FailedSeed[];
  /** In how many seeds a promise was not judged, since an assumption of it was broken. */
  readonly unjudged: { exclusion: number; tokens: number };
  /** One for each seed, in order. */
  readonly hashes: string[];
}

export function noTally(): CampaignTally {
  return {
    seeds: 0,
    simulatedMs: 0,
    frames: 0,
    messages: 0,
    grants: 0,
    grantsUnderFault: 0,
    effects: {},
    witnessed: new Set(),
    tuples: new Set(),
    novel: [],
    failed: [],
    unjudged: { exclusion: 0, tokens: 0 },
    hashes: [],
  };
}

/** Takes one run in. */
export function addRun(tally: CampaignTally, seed: number, report: RunReport): void {
  tally.seeds += 1;
  tally.simulatedMs += report.simulatedMs;
  tally.frames += report.frames;
  tally.messages += report.messages;
  tally.grants += report.grants;
  tally.grantsUnderFault += report.grantsUnderFault;
  tally.hashes.push(report.hash);
  const { isExclusive, isFenced } = assumptionsOf(report.plan);
  if (!isExclusive) tally.unjudged.exclusion += 1;
  if (!isFenced) tally.unjudged.tokens += 1;
  if (report.failure !== null) {
    const { check, message } = report.failure;
    tally.failed.push({ seed, plan: report.plan, check, message });
  }
  merge(tally, report);
}

/** Adds the figures of another part of the campaign; hashes and seeds are the caller's to order. */
export function addTally(sum: CampaignTally, part: CampaignTally): void {
  sum.seeds += part.seeds;
  sum.simulatedMs += part.simulatedMs;
  sum.frames += part.frames;
  sum.messages += part.messages;
  sum.grants += part.grants;
  sum.grantsUnderFault += part.grantsUnderFault;
  sum.failed.push(...part.failed);
  sum.unjudged.exclusion += part.unjudged.exclusion;
  sum.unjudged.tokens += part.unjudged.tokens;
  merge(sum, part);
}

function merge(
  tally: CampaignTally,
  part: {
    readonly effects: Readonly<Record<string, number>>;
    readonly witnessed: Iterable<string>;
    readonly tuples: Iterable<string>;
  },
): void {
  for (const [effect, count] of Object.entries(part.effects)) {
    tally.effects[effect] = (tally.effects[effect] ?? 0) + count;
  }
  for (const goal of part.witnessed) tally.witnessed.add(goal);
  const before = tally.tuples.size;
  for (const tuple of part.tuples) tally.tuples.add(tuple);
  tally.novel.push(tally.tuples.size - before);
}
