/**
 * How fast the simulator is, in one process and with every check on: `npm run bench:sim`.
 */

import { latencies } from '../src/sim/latency.ts';
import { type Plan, type PlanStep, planVersion } from '../src/sim/plan.ts';
import { Stream } from '../src/sim/random.ts';
import { runPlan } from '../src/sim/run-plan.ts';
import type { RunReport } from '../src/sim/run-report.ts';

/** How often each figure is taken; the best counts, since machines are noisy. */
const rounds = 5;

await show('5 peers, 10 acquisitions/s in all', load(60, 10), 'times real time', realTime, 700);
await show('5 peers, idle, lease 10 s', load(3_600, 0), 'times real time', realTime, 10_000);
await show('5 peers, 2,000 acquisitions/s', load(20, 2_000), 'messages/s', messages, 100_000);

async function show(
  what: string,
  plan: Plan,
  unit: string,
  figure: (report: RunReport, wallMs: number) => number,
  wanted: number,
): Promise<void> {
  let best = 0;
  let reached = 0;
  for (let round = 0; round < rounds; round += 1) {
    const startedMs = performance.now();
    const report = await runPlan(plan);
    const wallMs = performance.now() - startedMs;
    if (report.failure !== null) throw new Error(report.failure.message);
    best = Math.max(best, figure(report, wallMs));
    reached = report.grants;
  }
  const verdict = best >= wanted ? 'reached' : 'missed';
  const figures = `${Math.round(best).toLocaleString('en')} ${unit} (${wanted} wanted: ${verdict})`;
  process.stdout.write(`${what}: ${figures}; ${reached} grants\n`);
}

function realTime({ simulatedMs }: RunReport, wallMs: number): number {
  return simulatedMs / wallMs;
}

function messages(report: RunReport, wallMs: number): number {
  return (1_000 * report.messages) / wallMs;
}

/** Five voters on a local network, so many claims a second on seven names, and no fault. */
function load(seconds: number, perSecond: number): Plan {
  const chance = Stream.of(1, 'bench');
  const steps = Array.from({ length: seconds * perSecond }, (): PlanStep => {
    return {
      when: { atMs: chance.below(seconds * 1_000) },
      act: {
        do: 'acquire',
        host: chance.below(5),
        names: [`name ${chance.below(7)}`],
        mode: 'exclusive',
        patience: perSecond > 100 ? 'try' : 'wait',
        holdMs: perSecond > 100 ? 1 : 20,
        timeoutMs: 0,
        giveUpMs: 0,
        maxHoldMs: 0,
      },
    };
  });
  return {
    version: planVersion,
    seed: 1,
    healAtMs: seconds * 1_000,
    steps,
    mesh: {
      voters: 5,
      members: 0,
      quorum: 3,
      leaseMs: 10_000,
      prepareTimeoutMs: 2_000,
      hasDisk: false,
      isWarm: true,
      latency: latencies.local,
      clocks: Array.from({ length: 5 }, () => ({ offsetMs: 0, driftPpm: 0 })),
      limits: { endingsMax: 10_000, idleResourcesMax: 10_000, lookAhead: 8, waitersMax: 10_000 },
    },
  };
}
