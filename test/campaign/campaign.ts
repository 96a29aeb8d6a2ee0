/**
 * A campaign: many seeds, shared by some workers; and what it found.
 */

import { createHash } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { definedTuples } from '../../src/sim/coverage.ts';
import { goalNames } from '../../src/sim/goals.ts';
import { addTally, type CampaignTally, noTally } from './tally.ts';
import type { Share } from './worker.ts';

/** What `--json` prints. */
export interface CampaignSummary {
  readonly seeds: number;
  readonly failures: number;
  readonly simulatedMs: number;
  readonly wallMs: number;
  readonly frames: number;
  readonly messages: number;
  readonly grants: number;
  readonly grantsUnderFault: number;
  /** What faults did, and how often. */
  readonly effects: Readonly<Record<string, number>>;
  readonly witnessed: readonly string[];
  readonly unwitnessed: readonly string[];
  /** In how many seeds a promise was not judged, since an assumption of it was broken. */
  readonly unjudged: { readonly exclusion: number; readonly tokens: number };
  /** In which situations messages met a core; how many only in the last tenth of the seeds. */
  readonly tuples: number;
  readonly tuplesNewAtEnd: number;
  /** Those that can be, and were not met. */
  readonly tuplesMissing: readonly string[];
  /** Over the hashes of all seeds, in order. */
  readonly hash: string;
}

export interface CampaignOrder {
  readonly from: number;
  readonly seeds: number;
  readonly twice: boolean;
  readonly guided: boolean;
  readonly workers: number;
}

/** Runs the seeds. */
export async function runCampaign(
  order: CampaignOrder,
): Promise<{ readonly tally: CampaignTally; readonly summary: CampaignSummary }> {
  const startedMs = performance.now();
  const count = Math.min(order.workers, order.seeds);
  const parts = await Promise.all(
    Array.from({ length: count }, (_, index) => inWorker(shareOf(order, index, count))),
  );
  const tally = noTally();
  for (const part of parts) addTally(tally, part);
  tally.failed.sort((one, other) => one.seed - other.seed);
  for (let at = 0; at < order.seeds; at += 1) {
    tally.hashes.push(parts[at % count]?.hashes[Math.floor(at / count)] ?? '');
  }
  const wallMs = Math.round(performance.now() - startedMs);
  return { tally, summary: summaryOf(tally, parts, wallMs) };
}

function shareOf({ from, seeds, twice, guided }: CampaignOrder, at: number, step: number): Share {
  return { from: from + at, seeds: seeds - at, step, twice, guided };
}

function inWorker(share: Share): Promise<CampaignTally> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: share });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`A worker ended early, with code ${code}`)));
  });
}

function summaryOf(
  tally: CampaignTally,
  parts: readonly CampaignTally[],
  wallMs: number,
): CampaignSummary {
  const { seeds, simulatedMs, frames, messages, grants, grantsUnderFault, effects } = tally;
  const late = parts.flatMap(({ novel }) => novel.slice(Math.floor(novel.length * 0.9)));
  return {
    seeds,
    failures: tally.failed.length,
    simulatedMs: Math.round(simulatedMs),
    wallMs,
    frames,
    messages,
    grants,
    grantsUnderFault,
    effects: Object.fromEntries(Object.entries(effects).sort()),
    witnessed: goalNames.filter((goal) => tally.witnessed.has(goal)),
    unwitnessed: goalNames.filter((goal) => !tally.witnessed.has(goal)),
    unjudged: tally.unjudged,
    tuples: tally.tuples.size,
    tuplesNewAtEnd: late.reduce((sum, count) => sum + count, 0),
    tuplesMissing: definedTuples.filter((tuple) => !tally.tuples.has(tuple)),
    hash: createHash('sha256').update(tally.hashes.join(' ')).digest('hex').slice(0, 16),
  };
}
