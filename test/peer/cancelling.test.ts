/**
 * A call may be given up at any moment, between any two things that happen: nothing of it is left
 * at any peer, and whoever waits gets what it asked for.
 */

import { describe, expect, test } from 'vitest';
import type { Lock } from '../../src/peer/lock.ts';
import type { Peer } from '../../src/peer/peer.ts';
import type { WatchedCore } from '../../src/peer/runtime.ts';
import { openPeer, voterOptions, World } from '../harness/world.ts';

interface Mesh {
  readonly world: World;
  readonly a: Peer;
  readonly b: Peer;
  readonly cores: readonly WatchedCore[];
}

/** Asks, and gives up by the signal; resolves with what there is to release, if anything. */
type Call = (peer: Peer, signal: AbortSignal) => Promise<Pick<Lock, 'release'> | null>;

const calls: Readonly<Record<string, Call>> = {
  'acquire()': (peer, signal) => peer.acquire('x', { signal }),
  'acquire() of a shared lock': (peer, signal) => peer.acquire('x', { mode: 'shared', signal }),
  'acquire() of several': (peer, signal) => peer.acquire(['x', 'y'], { signal }),
  'acquire() of what lingers': (peer, signal) => peer.acquire('x', { linger: 1_000, signal }),
  'tryAcquire()': (peer, signal) => peer.tryAcquire('x', { signal }),
  'acquireAny()': (peer, signal) => peer.acquireAny(['x', 'y', 'z'], { signal }),
  'tryAcquireAny()': (peer, signal) => peer.tryAcquireAny(['x', 'y', 'z'], { signal }),
  'semaphore().acquire()': (peer, signal) => peer.semaphore('pool', 2).acquire({ signal }),
  'locks.request()': (peer, signal) => {
    return new Promise((resolve, reject) => {
      const held = (): Promise<void> => {
        return new Promise((release) => {
          resolve({ release: async () => release() });
        });
      };
      peer.locks.request('x', { signal }, held).catch(reject);
    });
  },
};

const names = ['x', 'y', 'z', 'pool#0', 'pool#1'];

async function openMesh(): Promise<Mesh> {
  const world = new World();
  const cores: WatchedCore[] = [];
  const watcher = { onStep() {}, onStart: (core: WatchedCore) => void cores.push(core) };
  const open = (id: string): Promise<Peer> =>
    openPeer(world, voterOptions(id, ['a', 'b', 'c']), { watcher });
  const [a, b, c] = await Promise.all([open('a'), open('b'), open('c')]);
  await world.settle();
  await Promise.all([a.ready(), b.ready(), c.ready()]);
  return { world, a, b, cores };
}

/** How the call came out, given up after so many things have happened. */
async function giveUpAfter(count: number, call: Call, isBusy: boolean): Promise<string> {
  const { world, a, b, cores } = await openMesh();
  const other = isBusy ? b.acquire(names) : null;
  await world.settle();
  const abort = new AbortController();
  const reason = new Error('It was given up');
  let outcome = 'late';
  const answered = call(a, abort.signal).then(
    (lock) => {
      outcome = lock === null ? 'busy' : 'granted';
      return lock;
    },
    (error: unknown) => {
      expect(error).toBe(reason);
      outcome = 'given up';
      return null;
    },
  );
  for (let step = 0; step < count; step += 1) await world.step();
  const isInTime = outcome === 'late';
  abort.abort(reason);
  await world.settle();
  await (await other)?.release();
  await world.settle();
  await (await answered)?.release();
  // Whoever asks now gets all of it at once.
  const next = b.acquire(names, { linger: 0 });
  await world.settle();
  await (await next).release();
  await world.settle();
  for (const { peer, sizes } of cores) {
    const { entries, rounds, awaiting } = sizes;
    expect({ peer, entries, rounds, awaiting }).toEqual({
      peer,
      entries: 0,
      rounds: 0,
      awaiting: 0,
    });
  }
  expect(a.status()).toMatchObject({ held: 0, pending: 0 });
  return isInTime ? outcome : `${outcome} before`;
}

describe.each(Object.entries(calls))('%s', (name, call) => {
  test.each([
    { where: 'of a free lock', isBusy: false },
    { where: 'behind a holder', isBusy: true },
  ])('$where leaves nothing, whenever it is given up', async ({ isBusy }) => {
    const outcomes: string[] = [];
    for (let count = 0; outcomes.at(-1)?.endsWith('before') !== true; count += 1) {
      outcomes.push(await giveUpAfter(count, call, isBusy));
      if (isBusy && !name.startsWith('try') && count > 24) break;
    }
    // It was given up before anything was sent, and at many moments after.
    expect(outcomes.slice(0, 6)).toEqual(Array.from({ length: 6 }, () => 'given up'));
  });
});
