/**
 * What a mesh of three costs while nothing is asked of it, and how long a lock stays with nobody
 * once the peer that holds it leaves, or is killed.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { Children } from '../children.ts';
import { leaseMs } from '../clients/lock-client.ts';
import { clockMs } from '../clock.ts';
import { startMesh } from '../mesh.ts';
import { cpuSeconds } from '../proc.ts';
import { pidsOf, type Running } from '../running.ts';
import type { WorkerProcess } from '../worker-process.ts';
import { freshPrefix } from './span.ts';

export interface LifeFigures {
  /** Of a core, all three processes together, in percent. */
  readonly idlePercent: number;
  /** From the order to close until the next has the lock, once for each time. */
  readonly handOverMs: readonly number[];
  /** From SIGKILL until the next has it. */
  readonly takeoverMs: number;
  readonly leaseMs: number;
}

/** What the engine tidies up after it has started is not the mesh's. */
const settleMs = 5_000;
const idleMs = 10_000;
const cleanStops = 5;

export async function measureLife(): Promise<LifeFigures> {
  const idlePercent = await withMesh(measureIdle);
  const handOverMs: number[] = [];
  for (let left = cleanStops; left > 0; left -= 1) {
    handOverMs.push(await withMesh((mesh) => timeNext(mesh, (holder) => holder.close())));
  }
  const takeoverMs = await withMesh((mesh) => timeNext(mesh, (holder) => holder.kill()));
  return { idlePercent, handOverMs, takeoverMs, leaseMs };
}

async function withMesh<Figure>(measure: (mesh: Running) => Promise<Figure>): Promise<Figure> {
  const children = new Children();
  try {
    return await measure(await startMesh(children, { voters: 3 }));
  } finally {
    await children.end();
  }
}

async function measureIdle(mesh: Running): Promise<number> {
  await Promise.all(mesh.clients.map((each) => each.call('heap', null)));
  await sleep(settleMs);
  const pids = pidsOf(mesh);
  const startedMs = clockMs();
  const before = cpuSeconds(pids);
  await sleep(idleMs);
  return ((cpuSeconds(pids) - before) / (clockMs() - startedMs)) * 1_000 * 100;
}

/** From when its holder ends until another has the lock, in milliseconds. */
async function timeNext(
  { clients }: Running,
  end: (holder: WorkerProcess) => Promise<void>,
): Promise<number> {
  const [waiter, holder] = clients;
  if (waiter === undefined || holder === undefined) throw new Error('The mesh is too small');
  const key = freshPrefix();
  await holder.call('take', { key });
  const taken = waiter.call('take', { key });
  await sleep(500);
  const endedMs = clockMs();
  const ended = end(holder);
  const tookMs = (await taken) - endedMs;
  await ended;
  return tookMs;
}
