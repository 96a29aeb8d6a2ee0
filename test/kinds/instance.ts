/** One process of `npm run kinds`: a peer that does as it is told. */

import { setTimeout as sleep } from 'node:timers/promises';
import { createPeer } from '../../src/peer/index.ts';
import type { Lock } from '../../src/peer/lock.ts';
import type { Permit } from '../../src/peer/semaphore.ts';
import type { Answer, Asked, Call, Told } from './calls.ts';
import { Standing } from './standing.ts';

const [, , id = 'a', ports = ''] = process.argv;
const urls = ports.split(',').map((port, at) => {
  return ['abc'.charAt(at), `ws://127.0.0.1:${port}`] as const;
});
const voters = Object.fromEntries(urls);
const port = Number(new URL(voters[id] ?? '').port);
const listen = { host: '127.0.0.1', port };
const settings = { allowSteal: true, lease: 2_000, logger: false } as const;
const peer = await createPeer({ id, voters, listen, ...settings });
const locks = new Map<number, Lock | Permit>();
const fired: string[] = [];
const standing = new Standing(peer);
let last = 0;

process.on('message', ({ asked, what }: Asked) => {
  perform(what).then(
    (value) => answer({ asked, value }),
    (error: Error & { code?: string }) => {
      const { name, code } = error;
      answer({ asked, error: code === undefined ? { name } : { name, code } });
    },
  );
});
process.once('disconnect', () => process.exit());
await peer.ready();
answer({ ready: true });

function answer(what: Answer): void {
  process.send?.(what);
}

async function perform(what: Call): Promise<unknown> {
  switch (what.call) {
    case 'acquire':
      return keep(await peer.acquire(what.request, what.options));
    case 'tryAcquire':
      return keep(await peer.tryAcquire(what.request, what.options));
    case 'acquireAny':
      return keep(await peer.acquireAny(what.requests, what.options));
    case 'permit':
      return keep(await peer.semaphore(what.name, what.permits).acquire());
    case 'tryPermit':
      return keep(await peer.semaphore(what.name, what.permits).tryAcquire());
    case 'fire': {
      const { name, at } = what;
      const job = peer.singleton(name, () => fired.push(name), { per: 'fire' });
      return (await job(at)) !== undefined;
    }
    case 'shouldRun':
      return await peer.runCoordinator().shouldRun(what.key, what.ttlMs);
    case 'release':
      return void (await locks.get(what.lock)?.release());
    case 'held':
      return locks.get(what.lock)?.held;
    case 'lossOf':
      return await lossOf(locks.get(what.lock));
    case 'downgrade': {
      const lock = locks.get(what.lock);
      if (lock !== undefined && 'downgrade' in lock) await lock.downgrade();
      return lock?.mode;
    }
    case 'contended':
      return await whenContended(locks.get(what.lock));
    case 'isContended':
      return locks.get(what.lock)?.contended.aborted;
    case 'request':
      return await peer.locks.request(what.name, async (lock) => {
        await sleep(what.holdMs);
        return [lock.name, lock.mode];
      });
    case 'ifAvailable':
      return await peer.locks.request(what.name, { ifAvailable: true }, (lock) => lock !== null);
    case 'elect':
    case 'campaign':
    case 'leader':
    case 'resign':
    case 'endElection':
      return await standing.elect(what.call);
    case 'always':
    case 'alwaysRuns':
    case 'endAlways':
      return await standing.always(what.call);
    case 'acquireHolding': {
      const lock = locks.get(what.lock);
      const holding = lock !== undefined && 'downgrade' in lock ? [lock] : [];
      return keep(await peer.acquire(what.name, { holding }));
    }
    case 'reenter':
      return await peer.locks.request(what.name, () => peer.acquire(what.name));
    case 'query':
      return await peer.query(what.options);
  }
}

function keep(lock: Lock | Permit | null): Told | null {
  if (lock === null) return null;
  last += 1;
  locks.set(last, lock);
  const { name, mode, token } = lock;
  const slot = 'slot' in lock ? { slot: lock.slot } : {};
  return { id: last, name, mode, token, ...slot };
}

/** The code of the error with which it is lost. */
function lossOf(lock: Lock | Permit | undefined): Promise<unknown> {
  return new Promise((resolve) => {
    const signal = lock?.signal;
    const tell = (): void => resolve(signal?.reason.code);
    if (signal === undefined || signal.aborted) tell();
    signal?.addEventListener('abort', tell);
  });
}

function whenContended(lock: Lock | Permit | undefined): Promise<boolean> {
  return new Promise((resolve) => {
    const signal = lock?.contended;
    if (signal === undefined || signal.aborted) resolve(signal !== undefined);
    signal?.addEventListener('abort', () => resolve(true));
  });
}
