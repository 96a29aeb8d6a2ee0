/**
 * What a lock weighs that is held, and what a claim weighs that waits: by how much the processes of
 * a system grow with many of them. Of our own processes it is the heap, collected before; of
 * servers, the memory that is theirs.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { memoryBytes } from '../proc.ts';
import type { Running } from '../running.ts';
import type { System } from '../systems.ts';
import type { WorkerProcess } from '../worker-process.ts';
import { freshPrefix } from './span.ts';

/** Until what is under way has arrived everywhere. */
const settleMs = 500;

export async function measureHeld(
  running: Running,
  { heldMax }: System,
): Promise<{ readonly bytesPerHeldLock: number }> {
  const client = clientOf(running);
  const before = await weigh(running);
  try {
    await client.call('hold', { prefix: freshPrefix(), count: heldMax });
    return { bytesPerHeldLock: ((await weigh(running)) - before) / heldMax };
  } finally {
    await client.call('letGo', null);
  }
}

export async function measureQueued(
  running: Running,
  { waitersMax }: System,
): Promise<{ readonly bytesPerWaiter: number }> {
  const client = clientOf(running);
  const prefix = freshPrefix();
  await client.call('hold', { prefix, count: 1 });
  try {
    const before = await weigh(running);
    await client.call('queue', { key: `${prefix}:1`, count: waitersMax });
    return { bytesPerWaiter: ((await weigh(running)) - before) / waitersMax };
  } finally {
    await client.call('letGo', null);
    await client.call('drained', null);
  }
}

function clientOf({ clients: [client] }: Running): WorkerProcess {
  if (client === undefined) throw new Error('There is no client');
  return client;
}

async function weigh({ clients, others, services }: Running): Promise<number> {
  await sleep(settleMs);
  const heaps = [...clients, ...others].map((each) => each.call('heap', null));
  return (await Promise.all(heaps)).reduce((sum, heap) => sum + heap, memoryBytes(services));
}
