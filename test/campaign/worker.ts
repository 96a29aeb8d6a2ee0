/**
 * One worker of a campaign: runs every so many-th seed, and tells the figures at the end.
 */

import { parentPort, workerData } from 'node:worker_threads';
import { differenceTo } from '../../src/sim/determinism.ts';
import { drawPlan } from '../../src/sim/draw-plan.ts';
import { Corpus } from '../../src/sim/guided.ts';
import { runPlan } from '../../src/sim/run-plan.ts';
import { addRun, type CampaignTally, noTally } from './tally.ts';

/** Which seeds are a worker's. */
export interface Share {
  readonly from: number;
  readonly seeds: number;
  /** Every so many-th seed. */
  readonly step: number;
  readonly twice: boolean;
  readonly guided: boolean;
}

/** Runs a share of the seeds. */
export async function runShare(share: Share): Promise<CampaignTally> {
  const tally = noTally();
  const corpus = share.guided ? new Corpus() : null;
  for (let at = 0; at < share.seeds; at += share.step) {
    const seed = share.from + at;
    const plan = corpus?.draw(seed) ?? drawPlan(seed);
    const report = await runPlan(plan, { covers: true });
    addRun(tally, seed, report);
    corpus?.offer(plan, report.tuples);
    const difference = share.twice ? await differenceTo(report) : null;
    if (difference !== null) {
      const { event, first, second } = difference;
      const message = `Two runs differ at event ${event}: ${first} | ${second}`;
      tally.failed.push({ seed, plan, check: 'determinism', message });
    }
  }
  return tally;
}

if (parentPort !== null) parentPort.postMessage(await runShare(workerData));
