/**
 * A thread that plays a scenario in its own copy of the project, which may have a planted bug, and
 * tells how that fails, if it does.
 */

import { parentPort, workerData } from 'node:worker_threads';
import { LockTimeoutError } from '../../src/peer/index.ts';
import { promises } from '../../src/sim/checks/promises.ts';
import { runSim, SimFailure, type SimOptions, SimTimeoutError } from '../../src/sim/index.ts';
import type { Sim } from '../../src/sim/sim.ts';

/** What a file of counterexamples/ is. */
export interface Scenario {
  readonly options: SimOptions;
  play(sim: Sim): Promise<void>;
}

/** How a scenario failed. */
export interface Played {
  /** The check that failed, or `scenario`; `null` where all went well. */
  readonly source: string | null;
  /** Whether that is a promise to clients: one of the library, or that each claim is answered. */
  readonly isPromise: boolean;
  readonly message: string;
}

if (parentPort !== null) {
  const { options, play }: Scenario = await import(String(workerData));
  parentPort.postMessage(await played(options, play));
}

async function played(options: SimOptions, play: Scenario['play']): Promise<Played> {
  try {
    await runSim(options, play);
    return { source: null, isPromise: false, message: '' };
  } catch (error) {
    if (!(error instanceof SimFailure)) throw error;
    const { cause, source } = error;
    const isStuck = cause instanceof SimTimeoutError || cause instanceof LockTimeoutError;
    const isPromise = promises.has(source) || isStuck;
    return { source, isPromise, message: cause instanceof Error ? cause.message : String(cause) };
  }
}
