/**
 * One worker: runs plans on a copy of the project that has a bug planted in it, and tells whether
 * they notice.
 */

import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { drawPlan } from '../../src/sim/draw-plan.ts';
import type { RunOptions } from '../../src/sim/run-plan.ts';
import type { RunReport } from '../../src/sim/run-report.ts';

/** What to do with one copy. */
export interface Hunt {
  /** The folder of the copy. */
  readonly folder: string;
  /** So many seeds are run without faults, from 1: no promise may be broken there. */
  readonly calmSeeds: number;
  /** The first seed of the swarm to run, and the last. */
  readonly from: number;
  readonly to: number;
}

export interface Found {
  /** The first swarm seed that failed. */
  readonly seed: number;
  readonly check: string;
  readonly message: string;
}

/** What came of it. */
export interface Catch {
  /** The first seed without faults that failed, where one did. */
  readonly calm: Found | null;
  /** The first seed of the swarm that did. */
  readonly found: Found | null;
}

interface Simulator {
  runPlan(plan: ReturnType<typeof drawPlan>, options: RunOptions): Promise<RunReport>;
}

async function hunt({ folder, calmSeeds, from, to }: Hunt): Promise<Catch> {
  const url = pathToFileURL(`${folder}/dist/src/sim/run-plan.js`).href;
  const simulator: Simulator = await import(url);
  const calm = await firstFailure(simulator, 1, calmSeeds, true);
  return { calm, found: await firstFailure(simulator, from, to, false) };
}

async function firstFailure(
  { runPlan }: Simulator,
  from: number,
  to: number,
  isCalm: boolean,
): Promise<Found | null> {
  for (let seed = from; seed <= to; seed += 1) {
    const plan = isCalm ? drawPlan(seed, { faults: [], strategy: 'calm' }) : drawPlan(seed);
    const { failure } = await runPlan(plan, { checks: isCalm ? 'promises' : 'all' });
    if (failure !== null) return { seed, check: failure.check, message: failure.message };
  }
  return null;
}

if (parentPort !== null) parentPort.postMessage(await hunt(workerData));
