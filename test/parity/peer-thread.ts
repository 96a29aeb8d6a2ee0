/**
 * A thread with a peer in it, which can stand still as a process does: its timers and all that has
 * arrived meanwhile come late, in one burst. thread-peer.ts speaks for it.
 */

import { parentPort, workerData } from 'node:worker_threads';
import { createPeer } from '../../src/peer/create-peer.ts';
import { LockLostError, LockmeshError } from '../../src/peer/errors.ts';
import type { Lock } from '../../src/peer/lock.ts';
import type { PeerOptions } from '../../src/peer/options.ts';
import type { Peer } from '../../src/peer/peer.ts';
import type { Call, ErrorFacts, Told } from './thread-messages.ts';

/** How often it tells how it stands. */
const tellMs = 10;

const options: PeerOptions = workerData;
const endings = new Map<number, AbortController>();
const locks = new Map<number, Lock>();

try {
  serve(await createPeer(options));
} catch (error) {
  tell({ tell: 'not open', error: factsOf(error) });
}

function serve(peer: Peer): void {
  const timer = setInterval(() => tellStatus(peer), tellMs);
  parentPort?.on('message', (call: Call) => {
    if (call.call === 'acquire') void acquire(peer, call);
    else if (call.call === 'abort') endings.get(call.id)?.abort();
    else if (call.call === 'release') void locks.get(call.id)?.release();
    else if (call.call === 'pause') Atomics.wait(call.flag, 0, 0);
    else {
      void peer.close({ drain: call.drain }).then(() => {
        clearInterval(timer);
        tell({ tell: 'closed' });
        parentPort?.close();
      });
    }
  });
  tellStatus(peer);
  tell({ tell: 'open', url: peer.url });
}

async function acquire(
  peer: Peer,
  { id, request, options: given }: Call & { readonly call: 'acquire' },
): Promise<void> {
  const ending = new AbortController();
  endings.set(id, ending);
  try {
    const lock = await peer.acquire(request, { ...given, signal: ending.signal });
    locks.set(id, lock);
    lock.signal.addEventListener('abort', () => {
      tell({ tell: 'lost', id, error: factsOf(lock.signal.reason) });
    });
    const { acquiredAt, deadline, mode, name, names, token } = lock;
    tell({ tell: 'granted', id, lock: { acquiredAt, deadline, mode, name, names, token } });
  } catch (error) {
    tell({ tell: 'failed', id, error: factsOf(error) });
  } finally {
    endings.delete(id);
  }
}

function tellStatus(peer: Peer): void {
  const deadlines = [...locks].map(([id, { deadline }]) => [id, deadline] as const);
  tell({ tell: 'status', status: peer.status(), deadlines });
}

function tell(told: Told): void {
  parentPort?.postMessage(told);
}

function factsOf(error: unknown): ErrorFacts {
  const code = error instanceof LockmeshError ? error.code : null;
  const message = error instanceof Error ? error.message : String(error);
  return { code, message, ...(error instanceof LockLostError && { reason: error.reason }) };
}
