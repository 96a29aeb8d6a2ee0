/**
 * A process of the benchmark: a client of a lock service, or a bare server. It does what the
 * conductor asks of it, and ends with it.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import type { AnswerOf, CallName, News, Order, OrderOf } from './calls.ts';
import { takeRole } from './clients/connect.ts';
import type { Held, LockClient } from './clients/lock-client.ts';
import type { ProcessSetup } from './clients/setup.ts';
import { clockMs } from './clock.ts';
import { runAgain, runContenders, runEach, runInFlight, runSequential } from './loops.ts';

type Handlers = {
  readonly [Name in CallName]: (order: OrderOf<Name>) => Promise<AnswerOf<Name>>;
};

/** So many claims at once while locks are taken to be kept. */
const takenAtOnce = 60;

const setup: ProcessSetup = JSON.parse(process.argv[2] ?? '');
const role = await takeRole(setup);
const held: Held[] = [];
/** Each comes to the error of a claim that failed, or to `null`. */
const queued: Promise<unknown>[] = [];

const handlers: Handlers = {
  sequential: (order) => runSequential(client(), order),
  inFlight: (order) => runInFlight(client(), order),
  contend: (order) => runContenders(client(), order),
  hold: async ({ prefix, count }) => {
    let next = 0;
    const takeSome = async (): Promise<void> => {
      while (next < count) {
        next += 1;
        held.push(await client().acquire(`${prefix}:${next}`));
      }
    };
    await Promise.all(Array.from({ length: Math.min(count, takenAtOnce) }, takeSome));
    return null;
  },
  queue: async ({ key, count }) => {
    for (let left = count; left > 0; left -= 1) {
      queued.push(takeAndRelease(key));
    }
    return null;
  },
  letGo: async () => {
    await Promise.all(held.splice(0).map((lock) => lock.release()));
    return null;
  },
  drained: async () => {
    const failures = (await Promise.all(queued.splice(0))).filter((error) => error !== null);
    if (failures.length > 0) throw failures[0];
    return null;
  },
  take: async ({ key }) => {
    held.push(await client().acquire(key));
    return clockMs();
  },
  again: (order) => runAgain(client(), order),
  each: (order) => runEach(client(), order),
  holding: async () => client().holding?.() ?? Number.NaN,
  messages: async () => {
    const { sent, heard } = client().messages?.() ?? { sent: Number.NaN, heard: Number.NaN };
    return sent + heard;
  },
  cpu: async () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  },
  heap: async () => {
    // What hangs on buffers goes with the collection after the one that finds them free.
    for (let left = 3; left > 0; left -= 1) {
      globalThis.gc?.();
      await sleep(50);
    }
    const { external, heapUsed } = process.memoryUsage();
    return heapUsed + external;
  },
  close: async () => {
    if (role.role === 'client') await role.client.close();
    setImmediate(() => process.exit());
    return null;
  },
};

process.on('message', (order: Order) => void obey(order));
process.on('disconnect', () => process.exit());
tell({ type: 'ready', port: role.role === 'server' ? role.port : 0 });

function client(): LockClient {
  if (role.role === 'client') return role.client;
  throw new Error('A server takes no locks');
}

async function takeAndRelease(key: string): Promise<unknown> {
  try {
    const lock = await client().acquire(key);
    await lock.release();
    return null;
  } catch (error) {
    return error;
  }
}

async function obey({ id, name, order }: Order): Promise<void> {
  try {
    const handler = handlers[name] as (order: unknown) => Promise<unknown>;
    tell({ type: 'answer', id, answer: await handler(order) });
  } catch (error) {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    tell({ type: 'failed', id, reason });
  }
}

function tell(news: News): void {
  process.send?.(news);
}
