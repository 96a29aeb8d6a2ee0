/**
 * Work that runs on one instance at each moment.
 */

import { describe, expect, test } from 'vitest';
import type { PeerWarning } from '../../src/peer/events.ts';
import type { MeshPeer } from '../../src/peer/mesh-peer.ts';
import type { RunningSingleton } from '../../src/peer/standing-singleton.ts';
import { openPeer, openThree, voterOptions, World } from '../harness/world.ts';

describe('a singleton that runs always', () => {
  /** What it does, on which peer, in order. */
  async function standing(
    work: (signal: AbortSignal, name: string) => unknown,
  ): Promise<{ world: World; peers: readonly MeshPeer[]; running: readonly RunningSingleton[] }> {
    const world = new World();
    const peers = await openThree(world);
    const running: RunningSingleton[] = [];
    for (const peer of peers) {
      const run = (signal: AbortSignal): unknown => work(signal, peer.id);
      running.push(peer.singleton('poller', run, { per: 'always' }));
      await world.settle();
    }
    return { world, peers, running };
  }

  function until(signal: AbortSignal): Promise<unknown> {
    return new Promise((resolve) => signal.addEventListener('abort', () => resolve(signal.reason)));
  }

  test('runs on one, and on another once that stops or closes', async () => {
    const log: string[] = [];
    const { world, peers, running } = await standing(async (signal, id) => {
      log.push(`${id} begins`);
      const reason = await until(signal);
      log.push(`${id} ends: ${reason instanceof Error ? reason.name : ''}`);
    });
    expect(log).toEqual(['a begins']);
    const stopped = running[0]?.stop();
    await world.settle();
    await stopped;
    expect(log).toEqual(['a begins', 'a ends: AbortError', 'b begins']);
    const closed = peers[1]?.close();
    await world.advance(1_000);
    await closed;
    expect(log.slice(3)).toEqual(['b ends: PeerClosedError', 'c begins']);
    await running[0]?.[Symbol.asyncDispose]();
    await running[1]?.stop();
    expect(peers.map((peer) => peer.status().held)).toEqual([0, 0, 1]);
    expect(peers[0]?.status().pending).toBe(0);
  });

  test('is run again, by whoever is first, after a pause that grows', async () => {
    const starts: number[] = [];
    const world = new World();
    const peer = await openPeer(world, voterOptions('a', ['a']));
    const warnings: PeerWarning[] = [];
    peer.on('warning', (warning) => warnings.push(warning));
    const work = (): void => {
      starts.push(world.now);
      if (starts.length % 2 === 0) throw new Error('no disk');
    };
    const running = peer.singleton('poller', work, { per: 'always' });
    await world.advance(120_000);
    const pauses = starts.slice(1).map((at, index) => at - (starts[index] ?? 0));
    expect(pauses[0]).toBeLessThanOrEqual(101);
    for (const pause of pauses.slice(8)) expect(pause).toBeGreaterThanOrEqual(5_000);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(10_001);
    expect(warnings[0]).toMatchObject({
      type: 'singleton',
      message: 'The singleton "poller" failed, and is run again soon: no disk',
      cause: { message: 'no disk' },
    });
    expect(warnings).toHaveLength(Math.floor(starts.length / 2));
    await running.stop();
    await world.advance(60_000);
    expect(starts).toHaveLength(pauses.length + 1);
  });

  test('never runs twice in one process, and again where its lock is lost', async () => {
    let inside = 0;
    let finish = (): void => {};
    const runs: string[] = [];
    const { world } = await standing(async (signal, id) => {
      runs.push(id);
      inside += id === 'a' ? 1 : 0;
      expect(inside).toBeLessThanOrEqual(1);
      await until(signal);
      if (id === 'a') await new Promise<void>((resolve) => (finish = resolve));
      inside -= id === 'a' ? 1 : 0;
    });
    for (const other of ['b', 'c']) world.network.cut('ws://a:7400', `ws://${other}:7400`);
    await world.advance(20_000);
    expect(runs).toEqual(['a', 'b']);
    for (const other of ['b', 'c']) world.network.mend('ws://a:7400', `ws://${other}:7400`);
    await world.advance(20_000);
    expect(runs).toEqual(['a', 'b']);
    finish();
    await world.advance(1_000);
    expect([runs, inside]).toEqual([['a', 'b'], 0]);
  });

  test('may stop itself', async () => {
    const world = new World();
    const peer = await openPeer(world, voterOptions('a', ['a']));
    let runs = 0;
    const running = peer.singleton(
      'poller',
      async (signal) => {
        runs += 1;
        await running.stop();
        expect(signal.aborted).toBe(true);
      },
      { per: 'always' },
    );
    await world.advance(30_000);
    expect([runs, peer.status().held]).toEqual([1, 0]);
  });

  test.each([
    ['x', 5, { per: 'always' }, 'what it runs must be a function, received 5'],
    ['', () => {}, { per: 'always' }, 'a name must have 1 to 1024 bytes'],
    ['x', () => {}, { per: 'always', remember: 5 }, 'per alone, received "remember"'],
  ])('is refused at once: %j %s %j', async (name, work, options, why) => {
    const peer = await openPeer(new World(), voterOptions('a', ['a']));
    const make = (): unknown =>
      peer.singleton(name, work as () => void, options as { per: 'always' });
    expect(make).toThrow(TypeError);
    expect(make).toThrow(why);
    expect(peer.status().pending).toBe(0);
  });
});
