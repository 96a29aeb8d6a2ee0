/**
 * One worker: runs plans on a copy of the project that has a bug planted in it, and tells whether
 * they notice.
 */

import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { drawPlan } from '../../src/sim/draw-plan.ts';
import type { RunOptions } from '../../src/sim/run-plan.ts';
import type { RunReport } from '../../src/sim/run-report.ts';
import { shrink } from '../../src/sim/shrink.ts';

/** What to do with one copy. */
export interface Hunt {
  /** The folder of the copy. */
  readonly folder: string;
  /** So many seeds are run without faults, from 1: no promise may be broken there. */
  readonly calmSeeds: number;
  /** The first seed of the swarm to run, and the last. */
  readonly from: number;
  readonly to: number;
  /** Whether the plan that fails is made smaller. */
  readonly shrinks: boolean;
}

export interface Found {
  /** The first swarm seed that failed. */
  readonly seed: number;
  readonly check: string;
  readonly message: string;
  /** What is left of its plan; `null` where it was not made smaller. */
  readonly small: Small | null;
}

/** The smallest plan found that fails the same check. */
export interface Small {
  readonly steps: number;
  /** Delivered after the mesh has started, up to the failure. */
  readonly messages: number;
  readonly runs: number;
  readonly tookMs: number;
}

/** What came of it. */
export interface Catch {
  /** The first seed without faults that failed, where one did. */
  readonly calm: Found | null;
  /** The first seed of the swarm that did. */
  readonly found: Found | null;
}

/** How long a plan is made smaller, at most. */
const shrinkMsMax = 30_000;

interface Simulator {
  runPlan(plan: ReturnType<typeof drawPlan>, options: RunOptions): Promise<RunReport>;
}

async function hunt({ folder, calmSeeds, from, to, shrinks }: Hunt): Promise<Catch> {
  const url = pathToFileURL(`${folder}/dist/src/sim/run-plan.js`).href;
  const simulator: Simulator = await import(url);
  const calm = await firstFailure(simulator, 1, calmSeeds, true);
  const found = await firstFailure(simulator, from, to, false);
  if (found === null || !shrinks) return { calm, found };
  return { calm, found: { ...found, small: await makeSmall(simulator, found.seed) } };
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
    if (failure === null) continue;
    return { seed, check: failure.check, message: failure.message, small: null };
  }
  return null;
}

async function makeSmall({ runPlan }: Simulator, seed: number): Promise<Small> {
  const startedMs = performance.now();
  const { plan, messages, runs } = await shrink(drawPlan(seed), {
    run: async (smaller) => {
      const { failure, messagesOnceUp } = await runPlan(smaller, {});
      return { failure, messages: messagesOnceUp };
    },
    isOver: () => performance.now() - startedMs > shrinkMsMax,
  });
  return { steps: plan.steps.length, messages, runs, tookMs: performance.now() - startedMs };
}

if (parentPort !== null) parentPort.postMessage(await hunt(workerData));
