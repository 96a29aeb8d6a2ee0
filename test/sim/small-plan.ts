/**
 * A plan to begin with, in tests.
 */

import { latencies } from '../../src/sim/latency.ts';
import { type Operation, type Plan, type PlanStep, planVersion } from '../../src/sim/plan.ts';

/** Three voters, nothing wrong with them, and these steps. */
export function smallPlan(steps: readonly PlanStep[] = [], seed = 1): Plan {
  const exact = { offsetMs: 0, driftPpm: 0 };
  return {
    version: planVersion,
    seed,
    mesh: {
      ...{ voters: 3, members: 0, quorum: 2, leaseMs: 1_000, prepareTimeoutMs: 200 },
      ...{ hasDisk: false, isWarm: true, latency: latencies.local, clocks: [exact, exact, exact] },
      limits: { endingsMax: 1_000, idleResourcesMax: 1_000, lookAhead: 8, waitersMax: 1_000 },
    },
    healAtMs: 5_000,
    steps,
  };
}

/** A host asks for a name at a moment. */
export function ask(atMs: number, host: number, wishes: Partial<Operation> = {}): PlanStep {
  const act: Operation = {
    ...{ do: 'acquire', host, names: ['x'], mode: 'exclusive', patience: 'wait' },
    ...{ holdMs: 50, timeoutMs: 0, giveUpMs: 0, maxHoldMs: 0, lingerMs: 0 },
    ...wishes,
  };
  return { when: { atMs }, act };
}
