/**
 * One of the demo's three services: a peer of the mesh that takes the lock, writes to the register,
 * and gives the lock back, until SIGTERM.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { createPeer, type Lock, LockmeshError } from 'lockmesh';
import {
  moment,
  type Waking,
  type WorkerNews,
  type WorkerOrder,
  type WorkerSetup,
} from './messages.ts';
import { RegisterClient } from './register-client.ts';

const setup: WorkerSetup = JSON.parse(process.argv[2] ?? '');
const { id, voters, port, lease, secret } = setup;

const stopping = new AbortController();
let shouldStay = false;
process.on('SIGTERM', () => stopping.abort());
process.on('SIGINT', () => {}); // Ctrl-C reaches every process of the terminal: main decides
process.on('disconnect', () => process.exit());
process.on('message', (_order: WorkerOrder) => {
  shouldStay = true;
});

const register = await RegisterClient.connect(setup.registerPort, id);
const peer = await createPeer({
  id,
  voters,
  lease,
  secret,
  listen: { host: '127.0.0.1', port },
  prepareTimeout: lease / 3,
  ...(setup.verbose ? {} : { logger: false as const }),
});
await peer.ready();
tell({ type: 'ready' });

try {
  while (!stopping.signal.aborted) await visit();
} catch (error) {
  if (error !== stopping.signal.reason) throw error;
}
await peer.close(); // releases what is held: the next one has it at once
register.close();
process.disconnect?.();

/** Takes the lock, enters the register, writes, leaves, and gives the lock back. */
async function visit(): Promise<void> {
  const lock = await peer.acquire('the register', { signal: stopping.signal });
  const { token } = lock;
  await register.ask({ type: 'enter', token });
  await register.ask({ type: 'write', token, value: `written by ${id}` });
  await sleep(5);
  if (shouldStay) await stayInside(lock);
  await register.ask({ type: 'leave', token, held: lock.held });
  if (stopping.signal.aborted) return; // shows that close() gives the lock back by itself
  await lock.release();
  await sleep(5 + Math.random() * 10);
}

/** Stays until SIGTERM, or until a pause is over; looks at the clock to notice one. */
async function stayInside(lock: Lock): Promise<void> {
  shouldStay = false;
  tell({ type: 'staying', token: lock.token });
  const abort = new Promise<number>((resolve) => {
    lock.signal.addEventListener('abort', () => resolve(moment()));
  });
  for (let last = moment(); !stopping.signal.aborted; last = moment()) {
    await sleep(10);
    if (moment() - last > 1_000) {
      tell({ type: 'woke', ...(await lookAround(lock, abort)) });
      return;
    }
  }
}

async function lookAround(lock: Lock, abort: Promise<number>): Promise<Waking> {
  const at = moment();
  const { held, token } = lock;
  // Deliberately wrong: writes although the lock is lost. This is what the fence is for.
  const lateWriteTaken = await register.ask({ type: 'write', token, value: 'too late' });
  const abortedAt = await abort;
  const { reason } = lock.signal;
  const code = reason instanceof LockmeshError ? reason.code : String(reason);
  return { at, held, abortedAt, reason: code, lateWriteTaken };
}

function tell(news: WorkerNews): void {
  if (process.connected) process.send?.(news);
}
