/**
 * How fast the simulator is, every check on unless it says otherwise: `npm run bench:sim`.
 */

import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { latencies } from '../src/sim/latency.ts';
import { type Plan, type PlanStep, planVersion } from '../src/sim/plan.ts';
import { Stream } from '../src/sim/random.ts';
import { runPlan } from '../src/sim/run-plan.ts';
import type { RunReport } from '../src/sim/run-report.ts';

/** Each figure is taken so often, on code that has run for a while; the best counts. */
const rounds = 10;
const warmUpMs = 8_000;

/** A campaign: so many seeds, by so many workers, each fresh. */
const seeds = 200;
const workers = 2;

const few = load({ seconds: 60, perSecond: 10, names: 7, holdMs: 20 });
const none = load({ seconds: 3_600, perSecond: 0, names: 1, holdMs: 0 });
const many = load({ seconds: 5, perSecond: 2_000, names: 1_000, holdMs: 1 });

if (isMainThread) await main();
else await runShare(workerData);

async function main(): Promise<void> {
  await showCampaign();
  await show('5 peers, 10 acquisitions/s in all', few, realTime(700));
  await show('5 peers, idle, lease 10 s', none, realTime(10_000));
  await show('5 peers, 2,000 acquisitions/s', many, messages(null));
  await show('the same, nothing checked', many, { ...messages(100_000), checks: 'none' });
}

/** Cold code included. */
async function showCampaign(): Promise<void> {
  const startedMs = performance.now();
  await Promise.all(Array.from({ length: workers }, (_, first) => inWorker(first)));
  const tookS = (performance.now() - startedMs) / 1_000;
  const verdict = tookS <= 10 ? 'reached' : 'missed';
  const what = `${seeds} seeds of 60 s, 5 peers, 10 acquisitions/s, ${workers} workers`;
  process.stdout.write(`${what}: ${tookS.toFixed(1)} s (10 wanted: ${verdict})\n`);
}

function inWorker(first: number): Promise<void> {
  const worker = new Worker(new URL(import.meta.url), { workerData: first });
  return new Promise((resolve, reject) => {
    worker.once('message', () => resolve());
    worker.once('error', reject);
  });
}

async function runShare(first: number): Promise<void> {
  for (let seed = first; seed < seeds; seed += workers) {
    const { failure } = await runPlan({ ...few, seed });
    if (failure !== null) throw new Error(failure.message);
  }
  parentPort?.postMessage('done');
}

interface Figure {
  readonly unit: string;
  readonly wanted: number | null;
  readonly checks: 'all' | 'none';
  of(report: RunReport, wallMs: number): number;
}

async function show(what: string, plan: Plan, figure: Figure): Promise<void> {
  const { unit, wanted, checks } = figure;
  const startedMs = performance.now();
  while (performance.now() - startedMs < warmUpMs) await runPlan(plan, { checks });
  const figures: number[] = [];
  let grants = 0;
  for (let round = 0; round < rounds; round += 1) {
    const roundMs = performance.now();
    const report = await runPlan(plan, { checks });
    if (report.failure !== null) throw new Error(report.failure.message);
    figures.push(figure.of(report, performance.now() - roundMs));
    grants = report.grants;
  }
  const best = Math.max(...figures);
  const median = figures.sort((a, b) => a - b)[rounds / 2] ?? 0;
  const verdict = wanted === null ? '' : ` (${text(wanted)} wanted: ${verdictOf(best, wanted)})`;
  const said = `${text(best)} ${unit}${verdict}, median ${text(median)}; ${text(grants)} grants`;
  process.stdout.write(`${what}: ${said}\n`);
}

function realTime(wanted: number): Figure {
  return {
    unit: 'times real time',
    wanted,
    checks: 'all',
    of: ({ simulatedMs }, wallMs) => simulatedMs / wallMs,
  };
}

function messages(wanted: number | null): Figure {
  return {
    unit: 'messages/s',
    wanted,
    checks: 'all',
    of: (report, wallMs) => (1_000 * report.messages) / wallMs,
  };
}

function verdictOf(figure: number, wanted: number): string {
  return figure >= wanted ? 'reached' : 'missed';
}

function text(figure: number): string {
  return Math.round(figure).toLocaleString('en');
}

interface Load {
  readonly seconds: number;
  readonly perSecond: number;
  /** How many names the claims are spread over. */
  readonly names: number;
  readonly holdMs: number;
}

/** Five voters on a local network, and no fault. */
function load({ seconds, perSecond, names, holdMs }: Load): Plan {
  const chance = Stream.of(1, 'bench');
  const steps = Array.from({ length: seconds * perSecond }, (): PlanStep => {
    return {
      when: { atMs: chance.below(seconds * 1_000) },
      act: {
        do: 'acquire',
        host: chance.below(5),
        names: [`name ${chance.below(names)}`],
        mode: 'exclusive',
        patience: 'wait',
        holdMs,
        timeoutMs: 0,
        giveUpMs: 0,
        maxHoldMs: 0,
        lingerMs: 0,
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
