/**
 * Runs the same work, with the same seeds and the same troubles, on every way to lock.
 */

import { runSim, type SimProcess } from 'lockmesh/sim';
import { type Figures, Ledger, noFigures } from './ledger.ts';
import {
  type LockClient,
  type LockService,
  server,
  type Traffic,
  workers,
} from './lock-service.ts';
import { mesh } from './mesh.ts';
import { carefulQueueServer, queueServer } from './queue-server.ts';
import { sharedMemory } from './shared-memory.ts';
import { drawTroubles, type Kind, runTroubles } from './troubles.ts';

/** The ways to lock, in the order in which they are shown. */
export const services: readonly LockService[] = Object.freeze([
  sharedMemory,
  queueServer,
  carefulQueueServer,
  mesh,
]);

/** What came of one way under one kind of trouble. */
export interface Row extends Figures {
  readonly service: string;
  readonly kind: Kind;
  /** That arrived, but for keep-alives. */
  readonly messages: number;
  /** Frames that carried nothing, and only renewed leases. */
  readonly keepAlives: number;
  readonly simulatedMs: number;
}

/** How long the work goes on. */
export const runMs: number = 5_000;
const names: readonly string[] = ['x', 'y'];
/** What a worker does while it holds: some steps, each looking first whether it still may. */
const steps = { most: 4, stepMs: 60 };
const thinkMs = { least: 50, most: 150 };

/** Runs one way to lock with each seed. */
export async function measure(
  service: LockService,
  kind: Kind,
  seeds: number | readonly number[],
): Promise<Row> {
  const figures = noFigures();
  const traffic: Traffic = { messages: 0 };
  const { serve, world } = service;
  const report = await runSim({ ...world, seeds }, async (sim) => {
    const ledger = new Ledger(sim, figures);
    const troubles = drawTroubles({ sim, ledger }, kind, runMs);
    if (serve !== undefined) sim.node(server).run((process) => serve(process, traffic));
    for (const id of workers) {
      sim.node(id).run((process) => work(process, service.connect(process, traffic), ledger));
    }
    await Promise.all([sim.sleep(runMs), runTroubles(sim, troubles)]);
    ledger.close();
  });
  const isMesh = service === mesh;
  return {
    ...{ service: service.title, kind, ...figures },
    messages: isMesh ? report.messages : traffic.messages,
    keepAlives: isMesh ? report.keepAlives : 0,
    simulatedMs: report.simulatedMs,
  };
}

/** Rows of one way to lock, in one. */
export function sumOf(rows: readonly Row[]): Omit<Row, 'kind'> {
  const sum = (of: (row: Row) => number): number => {
    return rows.reduce((total, row) => total + of(row), 0);
  };
  return {
    service: rows[0]?.service ?? '',
    grants: sum(({ grants }) => grants),
    doubleGrants: sum(({ doubleGrants }) => doubleGrants),
    tokensBack: sum(({ tokensBack }) => tokensBack),
    idleMs: sum(({ idleMs }) => idleMs),
    longestIdleMs: Math.max(...rows.map(({ longestIdleMs }) => longestIdleMs)),
    observedMs: sum(({ observedMs }) => observedMs),
    messages: sum(({ messages }) => messages),
    keepAlives: sum(({ keepAlives }) => keepAlives),
    simulatedMs: sum(({ simulatedMs }) => simulatedMs),
  };
}

async function work(
  { id, random, sleep }: SimProcess,
  client: LockClient,
  ledger: Ledger,
): Promise<void> {
  for (;;) {
    await sleep(thinkMs.least + random() * (thinkMs.most - thinkMs.least));
    const name = names[Math.floor(random() * names.length)] ?? 'x';
    ledger.waits(id, name);
    const held = await client.acquire(name);
    ledger.granted(id, name, held);
    const count = Math.ceil(random() * steps.most);
    for (let step = 0; step < count && held.isHeld(); step += 1) await sleep(steps.stepMs);
    ledger.ended(id, name);
    await held.release();
  }
}
