/**
 * Work that all instances begin, and one does.
 */

import { describe, expect, test } from 'vitest';
import type { Lock } from '../../src/peer/lock.ts';
import { isSettled, openPeer, openThree, voterOptions, World } from '../harness/world.ts';

const at = new Date('2026-03-01T03:00:00Z');

/** Three peers, and who did the work of a singleton, in order. */
async function three(options: { remember?: number; takesMs?: number } = {}): Promise<{
  world: World;
  peers: Awaited<ReturnType<typeof openThree>>;
  done: string[];
  jobs: ((fire?: Parameters<ReturnType<typeof jobOf>>[0]) => Promise<string | undefined>)[];
}> {
  const world = new World();
  const peers = await openThree(world);
  const done: string[] = [];
  const jobs = peers.map((peer) => jobOf(peer, done, options));
  return { world, peers, done, jobs };
}

function jobOf(
  peer: Awaited<ReturnType<typeof openThree>>[number],
  done: string[],
  { remember }: { remember?: number },
): ReturnType<typeof peer.singleton<Promise<string>>> {
  const work = async (lock: Lock): Promise<string> => {
    expect(lock.held).toBe(true);
    done.push(peer.id);
    return `by ${peer.id}`;
  };
  return peer.singleton('nightly', work, {
    per: 'fire',
    ...(remember === undefined ? {} : { remember }),
  });
}

describe('a singleton', () => {
  test('is run once for a fire, by one of those that begin it', async () => {
    const { world, done, jobs } = await three();
    const all = Promise.all(jobs.map((job) => job(at)));
    await world.settle();
    expect((await all).filter((result) => result !== undefined)).toEqual([`by ${done[0]}`]);
    expect(done).toHaveLength(1);
  });

  test('is not run again by one whose clock is slow, and is for the next fire', async () => {
    const { world, done, jobs } = await three({ remember: 5_000 });
    for (const [index, job] of jobs.entries()) {
      const ran = job({ date: at });
      await world.settle();
      expect(await ran).toBe(index === 0 ? 'by a' : undefined);
      await world.advance(2_000);
    }
    const next = jobs[2]?.(new Date(at.getTime() + 60_000));
    await world.settle();
    expect(await next).toBe('by c');
    expect(done).toEqual(['a', 'c']);
  });

  test('without a time is one fire for as long as it is remembered', async () => {
    const { world, peers, done, jobs } = await three({ remember: 3_000 });
    for (const job of jobs) {
      void job();
      await world.settle();
    }
    expect(done).toEqual(['a']);
    await world.advance(3_001);
    expect(peers[0].status().held).toBe(0);
    const again = jobs[1]?.();
    await world.settle();
    expect(await again).toBe('by b');
  });

  test('that fails says so to whoever began it, and is not run again', async () => {
    const { world, peers } = await three();
    const runs: string[] = [];
    const jobs = peers.map((peer) =>
      peer.singleton(
        'failing',
        () => {
          runs.push(peer.id);
          throw new Error('no disk');
        },
        { per: 'fire' },
      ),
    );
    const all = Promise.allSettled(jobs.map((job) => job(at)));
    await world.settle();
    const rejected = (await all).filter(({ status }) => status === 'rejected');
    expect(rejected).toMatchObject([{ reason: { message: 'no disk' } }]);
    expect(runs).toHaveLength(1);
  });

  test('holds its lock for as long as it runs, though it is remembered for less', async () => {
    const { world, peers } = await three();
    const [a, b] = peers;
    let finish = (): void => {};
    const work = (): Promise<void> => new Promise((resolve) => (finish = resolve));
    const ran = a.singleton('long', work, { per: 'fire', remember: 10 })(at);
    await world.advance(4_000);
    const other = b.singleton('long', () => 'b', { per: 'fire', remember: 10 });
    const tried = other(at);
    await world.settle();
    expect(await tried).toBe(undefined);
    finish();
    await ran;
    await world.advance(11);
    const later = other(at);
    await world.settle();
    expect(await later).toBe('b');
  });

  test('rejects where no quorum votes: nothing is run that another may run, too', async () => {
    const world = new World();
    const peer = await openPeer(world, voterOptions('a', ['a', 'b', 'c']));
    let runs = 0;
    const job = peer.singleton('x', () => (runs += 1), { per: 'fire' });
    const failed = job(at).catch((error: unknown) => error);
    await world.advance(60_000);
    expect(await failed).toMatchObject({ code: 'ERR_NO_QUORUM' });
    expect(runs).toBe(0);
  });

  test.each([
    [5, () => {}, { per: 'fire' }, 'a name must be a string, received 5'],
    ['x', 'y', { per: 'fire' }, 'what it runs must be a function, received "y"'],
    ['x', () => {}, { per: 'day' }, `per must be 'fire' or 'always', received "day"`],
    ['x', () => {}, undefined, `per must be 'fire' or 'always', received undefined`],
    ['x', () => {}, { per: 'fire', remember: -1 }, 'remember must be 0 or more milliseconds'],
  ])('is refused at once: %j %s %j', async (name, work, options, why) => {
    const peer = await openPeer(new World(), voterOptions('a', ['a']));
    const make = (): unknown =>
      peer.singleton(name as string, work as () => void, options as { per: 'fire' });
    expect(make).toThrow(TypeError);
    expect(make).toThrow(why);
  });

  test('rejects for what is no time', async () => {
    const peer = await openPeer(new World(), voterOptions('a', ['a']));
    const job = peer.singleton('x', () => {}, { per: 'fire' });
    await expect(job({} as Date)).rejects.toThrow(
      'Cannot run: the fire must be a date, a time in milliseconds, a text, or an object',
    );
    await expect(job(Number.NaN)).rejects.toThrow(TypeError);
  });
});

describe('a peer that closes', () => {
  test('waits for the work that runs, and not for what is remembered', async () => {
    const { world, peers } = await three();
    const [a, b, c] = peers;
    let finish = (): void => {};
    const work = () => new Promise<void>((resolve) => (finish = resolve));
    const ran = a.singleton('nightly', work, { per: 'fire' })(at);
    const cron = a.runCoordinator();
    const runs = cron.shouldRun('job', 60_000);
    await world.settle();
    expect(await runs).toBe(true);
    const closed = a.close({ drain: 60_000 });
    await world.advance(1_000);
    cron.onComplete('job');
    expect(await isSettled(world, closed)).toBe(false);
    finish();
    await ran;
    expect(await isSettled(world, closed)).toBe(true);
    const others = [
      b.singleton('nightly', () => 'b', { per: 'fire' })(at),
      c.runCoordinator().shouldRun('job', 60_000),
    ];
    await world.settle();
    expect(await Promise.all(others)).toEqual([undefined, false]);
    await world.advance(11_000);
    const later = c.runCoordinator().shouldRun('job', 60_000);
    await world.settle();
    expect(await later).toBe(true);
  });

  test('and is not waited for any longer has its work stopped, and done by others', async () => {
    const { world, peers } = await three();
    const [a, b] = peers;
    const cron = a.runCoordinator();
    const runs = cron.shouldRun('job', 60_000);
    await world.settle();
    expect(await runs).toBe(true);
    const closed = a.close();
    await world.settle();
    await closed;
    const other = b.runCoordinator().shouldRun('job', 60_000);
    await world.settle();
    expect(await other).toBe(true);
  });
});

describe('a run coordinator', () => {
  test('says yes to one for each key, for as long as it is asked to remember', async () => {
    const { world, peers } = await three();
    const coordinators = peers.map((peer) => peer.runCoordinator());
    const ask = async (index: number, key: string): Promise<boolean | undefined> => {
      const answer = coordinators[index]?.shouldRun(key, 1_000);
      await world.settle();
      return answer;
    };
    expect(await ask(0, 'job:1')).toBe(true);
    coordinators[0]?.onComplete('job:1');
    expect(await ask(0, 'job:1')).toBe(false);
    expect(await ask(1, 'job:1')).toBe(false);
    expect(await ask(1, 'job:2')).toBe(true);
    await world.advance(1_001);
    expect(await ask(2, 'job:1')).toBe(true);
  });

  test.each([Number.NaN, -1, '5'])('refuses to remember for %j', async (ttlMs) => {
    const peer = await openPeer(new World(), voterOptions('a', ['a']));
    const answer = peer.runCoordinator().shouldRun('job', ttlMs as number);
    await expect(answer).rejects.toThrow('Cannot run: ttlMs must be 0 or more ms, received');
    expect(peer.status().held).toBe(0);
  });
});
