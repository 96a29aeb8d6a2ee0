/**
 * What a lock weighs that is held, and what a claim weighs that waits: by how much the processes of
 * a system grow with many of them. Of our own processes it is the heap, collected before; of
 * servers, the memory that is theirs.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { memoryBytes } from '../proc.ts';
import type { Running, System } from '../systems.ts';
import { freshPrefix } from './span.ts';

export interface MemoryFigures {
  readonly bytesPerHeldLock: number;
  /** NaN where the system keeps no queue. */
  readonly bytesPerWaiter: number;
}

/** Until what is under way has arrived everywhere. */
const settleMs = 500;

export async function measureMemory(
  running: Running,
  { heldMax, waitersMax }: System,
): Promise<MemoryFigures> {
  const [client] = running.clients;
  if (client === undefined) throw new Error('There is no client');
  const before = await weigh(running);
  await client.call('hold', { prefix: freshPrefix(), count: heldMax });
  const withHeld = await weigh(running);
  await client.call('letGo', null);

  if (waitersMax === 0) {
    return { bytesPerHeldLock: (withHeld - before) / heldMax, bytesPerWaiter: Number.NaN };
  }
  const prefix = freshPrefix();
  await client.call('hold', { prefix, count: 1 });
  const withOne = await weigh(running);
  await client.call('queue', { key: `${prefix}:1`, count: waitersMax });
  const withWaiters = await weigh(running);
  await client.call('letGo', null);
  await client.call('drained', null);
  return {
    bytesPerHeldLock: (withHeld - before) / heldMax,
    bytesPerWaiter: (withWaiters - withOne) / waitersMax,
  };
}

async function weigh({ clients, others, services }: Running): Promise<number> {
  await sleep(settleMs);
  const heaps = [...clients, ...others].map((each) => each.call('heap', null));
  return (await Promise.all(heaps)).reduce((sum, heap) => sum + heap, memoryBytes(services));
}
