/**
 * What can be done to a node, and what becomes of the programs on it.
 */

import { describe, expect, test } from 'vitest';
import { runSim, type SimProcess } from '../../src/sim/index.ts';

const shortLease = { peer: { lease: 1_000 } };

describe('crash()', () => {
  test('loses memory: what a program waited for never returns', async () => {
    await runSim(shortLease, async (sim) => {
      const lines: string[] = [];
      const node = sim.node('a');
      void node.run(async ({ sleep, peer }) => {
        lines.push('begins');
        const lock = await peer.acquire('x');
        await sleep(1_000);
        lines.push(`held: ${lock.held}`);
      });
      await sim.sleep(500);
      const before = node.peer;
      node.crash();
      expect(node.isUp).toBe(false);
      expect(() => node.peer).toThrow('Cannot use the peer of a: the node is down');
      await sim.sleep(5_000);
      expect(lines).toEqual(['begins']);
      expect(await node.restart()).not.toBe(before);
      await sim.sleep(5_000);
      expect(lines).toEqual(['begins', 'begins', 'held: true']);
    });
  });

  test('keeps what is on a disk, unless that is wiped', async () => {
    const nodes = ['a', 'b', 'c'].map((id) => ({ id, disk: true, clock: { offset: 0 } }));
    const tokens = async (disk: 'last write kept' | 'wiped'): Promise<number[]> => {
      const seen: number[] = [];
      await runSim({ nodes, ...shortLease }, async (sim) => {
        const take = async (): Promise<void> => {
          await using lock = await sim.node('a').peer.acquire('x');
          seen.push(lock.token);
        };
        await take();
        for (const node of sim.nodes) {
          node.crash({ disk });
          node.clock.jump(-3_600_000);
        }
        await Promise.all(sim.nodes.map((node) => node.restart()));
        await take();
      });
      return seen;
    };
    const [first = 0, second = 0] = await tokens('last write kept');
    expect(second).toBeGreaterThan(first);
    const [before = 0, after = 0] = await tokens('wiped');
    expect(after).toBeLessThan(before);
  });

  test('leaves nothing to be looked into', async () => {
    await runSim(shortLease, async (sim) => {
      const node = sim.node('a');
      const lock = await node.peer.acquire('x');
      expect(node.sizes).toMatchObject({ rounds: 1, entries: 1, sessions: 3 });
      await lock.release();
      expect(node.sizes).toMatchObject({ rounds: 0, entries: 0, sessions: 3 });
      node.crash();
      expect(() => node.sizes).toThrow('Cannot look into a: the node is down');
    });
  });

  test('tells the others nothing when the power fails', async () => {
    await runSim(shortLease, async (sim) => {
      const seen = (): string | undefined => {
        return sim
          .node('b')
          .peer.status()
          .voters.find(({ id }) => id === 'a')?.state;
      };
      sim.node('a').crash({ network: 'silent' });
      await sim.sleep(200);
      expect(seen()).toBe('voting');
      await sim.sleep(1_000);
      expect(seen()).toBe('unreachable');
    });
  });
});

describe('pause()', () => {
  test('fires timers late, in one burst', async () => {
    await runSim(shortLease, async (sim) => {
      const wokenAt: number[] = [];
      void sim.node('a').run(async ({ sleep, peer }) => {
        const lock = await peer.acquire('x');
        await Promise.all([300, 100, 200].map((ms) => sleep(ms).then(() => wokenAt.push(sim.now))));
        await sleep(1);
        wokenAt.push(lock.held ? 1 : 0);
      });
      await sim.sleep(50);
      sim.node('a').pause(5_000);
      const endsAt = sim.now + 5_000;
      await sim.sleep(4_999);
      expect(wokenAt).toEqual([]);
      expect(sim.node('a').isPaused).toBe(true);
      await sim.sleep(100);
      expect(wokenAt).toEqual([endsAt, endsAt, endsAt, 0]);
    });
  });

  test('ends with resume(), and with sim.heal()', async () => {
    await runSim({}, async (sim) => {
      for (const end of [() => sim.node('a').resume(), () => sim.heal()]) {
        sim.node('a').pause();
        await sim.sleep(100);
        expect(sim.node('a').isPaused).toBe(true);
        end();
        expect(sim.node('a').isPaused).toBe(false);
      }
    });
  });
});

describe('the clocks of a node', () => {
  test('stand still while it is suspended, but for the wall clock', async () => {
    await runSim({}, async (sim) => {
      const { clock } = sim.node('a');
      const [monotonic, wall] = [clock.monotonic, clock.wall];
      sim.node('a').suspend(90_000);
      await sim.sleep(90_000);
      expect(clock.monotonic).toBe(monotonic);
      expect(clock.wall).toBeCloseTo(wall + 90_000, 3);
    });
  });

  test('jump, drift and freeze', async () => {
    const nodes = [{ id: 'a', clock: { offset: 0, drift: 0 } }];
    await runSim({ nodes }, async (sim) => {
      const { clock } = sim.node('a');
      const wall = clock.wall;
      clock.jump(-3_600_000);
      expect(clock.wall).toBe(wall - 3_600_000);
      clock.drift(100_000);
      const monotonic = clock.monotonic;
      await sim.sleep(1_000);
      expect(clock.monotonic - monotonic).toBeCloseTo(1_100, 3);
      let isAwake = false;
      void sim.node('a').run(async ({ sleep }) => {
        await sleep(10);
        isAwake = true;
      });
      clock.freeze();
      await sim.sleep(1_000);
      expect(isAwake).toBe(false);
      clock.thaw();
      await sim.until(() => isAwake, { timeout: 10 });
    });
  });

  test('beyond the assumed drift exclusion is not promised, and not checked', async () => {
    const double = runSim(shortLease, async (sim) => {
      const lock = await sim.node('a').peer.acquire('x');
      for (const id of ['b', 'c']) sim.node(id).clock.drift(500_000);
      sim.partition([['a']]);
      await sim.node('b').peer.acquire('x');
      expect(lock.held).toBe(true);
    });
    await expect(double).resolves.toMatchObject({ grants: 2 });
  });
});

describe('stop() and restart()', () => {
  test('tell programs to end, and start them again', async () => {
    await runSim({}, async (sim) => {
      const lines: string[] = [];
      const service = async ({ id, peer, signal }: SimProcess): Promise<void> => {
        const lock = await peer.acquire(`of ${id}`);
        lines.push(`${id} begins`);
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        lines.push(`${id} ends, held: ${lock.held}`);
      };
      for (const node of sim.nodes) void node.run(service);
      await sim.sleep(100);
      for (const node of sim.nodes) {
        lines.length = 0;
        await node.restart();
        await sim.sleep(100);
        expect(lines).toEqual([`${node.id} ends, held: true`, `${node.id} begins`]);
      }
    });
  });

  test('do not fail a program for the end of its peer', async () => {
    await runSim({}, async (sim) => {
      await sim.node('b').peer.acquire('x');
      void sim.node('a').run(({ peer }) => peer.acquire('x'));
      await sim.sleep(100);
      await sim.node('a').stop({ drain: 100 });
      expect(sim.node('a').isUp).toBe(false);
    });
  });
});

describe('run()', () => {
  test('gives each program time and chance of its node', async () => {
    await runSim({}, async (sim) => {
      const seen = await sim.node('a').run(async ({ id, now, random, sleep, wall }) => {
        const [from, fromWall] = [now(), wall()];
        await sleep(100);
        return { id, took: now() - from, tookWall: wall() - fromWall, chance: random() };
      });
      expect(seen.id).toBe('a');
      expect(seen.took).toBeCloseTo(100, 0);
      expect(seen.tookWall).toBeCloseTo(100, 0);
      expect(seen.chance).toBeGreaterThanOrEqual(0);
      expect(seen.chance).toBeLessThan(1);
    });
  });

  test('lets a sleep end early by a signal', async () => {
    await runSim({ nodes: 1 }, async (sim) => {
      const reason = await sim.node('a').run(async ({ peer, sleep }) => {
        const lock = await peer.acquire('x', { maxHold: 50 });
        return await sleep(60_000, { signal: lock.signal }).catch((error) => error.code);
      });
      expect(reason).toBe('ERR_LOCK_LOST');
      expect(sim.now).toBeLessThan(100);
    });
  });
});
