/**
 * One worker: records the histories of runs on a copy of the project that has a bug planted in it,
 * and tells whether any is illegal. No other check is made.
 */

import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { drawPlan } from '../../src/sim/draw-plan.ts';
import { checkHistory } from '../../src/sim/history/check-history.ts';
import { modelOfPlan, RunHistory } from '../../src/sim/history/run-history.ts';
import type { RunOptions } from '../../src/sim/run-plan.ts';

/** What to do with one copy. */
export interface HistoryHunt {
  /** The folder of the copy. */
  readonly folder: string;
  /** The seed that some check is known to fail with: judged first. */
  readonly recorded: number | null;
  /** Then so many, from 1. */
  readonly seeds: number;
}

/** What came of it. */
export interface HistoryCatch {
  /** The seed whose history is illegal; `null` where none is. */
  readonly seed: number | null;
  /** Why it is. */
  readonly message: string;
}

interface Simulator {
  runPlan(plan: ReturnType<typeof drawPlan>, options: RunOptions): Promise<unknown>;
}

async function hunt({ folder, recorded, seeds }: HistoryHunt): Promise<HistoryCatch> {
  const simulator: Simulator = await import(
    pathToFileURL(`${folder}/dist/src/sim/run-plan.js`).href
  );
  const all = Array.from({ length: seeds }, (_, index) => index + 1);
  for (const seed of recorded === null ? all : [recorded, ...all]) {
    const plan = drawPlan(seed);
    const model = modelOfPlan(plan);
    if (model === null) continue;
    const history = new RunHistory();
    await simulator.runPlan(plan, { checks: 'none', history });
    const judged = checkHistory(history.operations, { model });
    if (judged.verdict === 'illegal') return { seed, message: judged.message };
  }
  return { seed: null, message: '' };
}

if (parentPort !== null) parentPort.postMessage(await hunt(workerData));
