/**
 * How a scenario waits: exactly, and not for ever.
 */

import { describe, expect, test } from 'vitest';
import {
  runSim,
  type Sim,
  type SimFailure,
  type SimOptions,
  type SimProcess,
} from '../../src/sim/index.ts';

async function failureOf(
  options: SimOptions,
  scenario: (sim: Sim) => void | Promise<void>,
): Promise<SimFailure> {
  return await runSim(options, scenario).then(
    () => {
      throw new Error('It did not fail');
    },
    (error) => error,
  );
}

describe('sim.at()', () => {
  test('goes on when the message is sent, and nowhere delivered', async () => {
    await runSim({}, async (sim) => {
      const delivered = sim.at('commit delivered');
      const granted = sim.node('a').peer.acquire('x');
      const { at, node, other } = await sim.at('commit sent', { node: 'a', with: 'b' });
      expect([at, node, other]).toEqual([sim.now, 'a', 'b']);
      expect(sim.node('b').peer.status().state).toBe('ready');
      await expect(Promise.race([delivered, Promise.resolve('not yet')])).resolves.toBe('not yet');
      expect((await granted).held).toBe(true);
      expect((await delivered).at).toBeGreaterThan(at);
    });
  });

  test('lets a crash come between the grant and its news', async () => {
    const { witnessed } = await runSim({ peer: { lease: 1_000 } }, async (sim) => {
      void sim.node('a').peer.acquire('x');
      await sim.at('commit sent', { node: 'a' });
      sim.node('a').crash({ network: 'reset, tail lost' });
      // Nobody has heard of the grant, but the votes are bound until the lease is over.
      const crashedAt = sim.now;
      const next = await sim.node('b').peer.acquire('x');
      expect(sim.now - crashedAt).toBeGreaterThan(500);
      expect(next.held).toBe(true);
    });
    expect(witnessed).toContain('a claim was granted');
  });

  test('counts passings from the call', async () => {
    await runSim({}, async (sim) => {
      const [, third] = await Promise.all([
        sim.node('a').run(async ({ peer, sleep }) => {
          for (let turn = 1; turn <= 3; turn += 1) {
            await sleep(100);
            await (await peer.acquire('x')).release();
          }
        }),
        sim.at('all votes in', { nth: 3 }),
      ]);
      expect(third.at).toBeGreaterThan(300);
      expect(third.at).toBeLessThan(400);
    });
  });

  test('gives up after its timeout', async () => {
    await runSim({}, async (sim) => {
      const error = await sim.at('claim lost', { timeout: 50 }).catch((reason) => reason);
      expect(error).toMatchObject({ code: 'ERR_SIM_TIMEOUT' });
      expect(error.message).toBe('For 50 ms in vain: the scenario waits at "claim lost"');
    });
  });

  test('refuses a point that there is not, naming what there is', async () => {
    const point: string = 'comit sent';
    const failure = await failureOf({}, async (sim) => {
      await Reflect.apply(sim.at, sim, [point]);
    });
    expect(failure.message).toContain('the point must be one of abort sent, ');
    expect(failure.message).toContain('received "comit sent"');
  });
});

describe('sim.until()', () => {
  test('goes on before anything else happens', async () => {
    await runSim({}, async (sim) => {
      let turns = 0;
      void sim.node('a').run(async ({ sleep }) => {
        for (;;) {
          await sleep(1);
          turns += 1;
        }
      });
      await sim.until(() => turns === 7);
      expect(turns).toBe(7);
    });
  });

  test('rejects with what the condition throws', async () => {
    await runSim({}, async (sim) => {
      const wrong = (): boolean => {
        if (sim.now > 100) throw new RangeError('Too late');
        return false;
      };
      await expect(sim.until(wrong)).rejects.toThrow(RangeError);
    });
  });

  test('says what it waited for in vain', async () => {
    await runSim({}, async (sim) => {
      const waiting = sim.until(() => sim.now < 0, { timeout: 1_000 });
      await expect(waiting).rejects.toThrow(
        'For 1,000 ms in vain: the scenario waits until sim.now < 0',
      );
    });
  });

  test('refuses a condition that answers later', async () => {
    await runSim({}, async (sim) => {
      await expect(sim.until(async () => true)).rejects.toThrow('received a promise');
    });
  });
});

describe('a scenario that hangs', () => {
  test('ends with who waits for what, since when, and where that was asked', async () => {
    const failure = await failureOf({ timeout: 60_000 }, async (sim) => {
      const lock = await sim.node('a').peer.acquire('x');
      void sim.node('b').run(({ peer }) => peer.acquire('x'));
      void sim.node('c').run(({ sleep }) => sleep(100_000));
      void sim.at('claim failed', { node: 'b', nth: 2 });
      await sim.until(() => !lock.held, { what: 'the lock is lost' });
    });
    expect(failure).toMatchObject({ source: 'hang', cause: { code: 'ERR_SIM_HANG' } });
    const here = String.raw`since [\d.]+ ms \(test/sim/sim-waiting\.test\.ts:\d+:\d+\)`;
    const expected = [
      `the scenario waits at "claim failed" of b, passing 2, ${here}`,
      `the scenario waits until the lock is lost, ${here}`,
      `b asks for "x", ${here}`,
      `c sleeps for 100000 ms, ${here}`,
    ];
    for (const line of expected) expect(failure.message).toMatch(new RegExp(line));
    expect(failure.message).toContain('did not end within 60,000 ms');
    expect(failure.message).toContain('a is ready');
  });

  test('tells a call that nothing will answer, since its process is dead', async () => {
    const failure = await failureOf({ timeout: 20_000 }, async (sim) => {
      await sim.node('b').peer.acquire('x');
      const never = sim.node('a').peer.acquire('x');
      await sim.sleep(10);
      sim.node('a').crash();
      await never;
    });
    expect(failure.message).toMatch(/a asks for "x", since .+, and its process is dead/);
    expect(failure.message).toContain('a is down');
  });

  test('ends at once when nothing is left to happen', async () => {
    const failure = await failureOf({ nodes: 1 }, async (sim) => {
      await sim.node('a').stop();
      await new Promise(() => {});
    });
    expect(failure.message).toContain('Nothing is left to happen, and the scenario has not ended');
    expect(failure.message).toContain('nobody waits for anything that is simulated');
  });

  test.each([
    ['asks a peer that has closed', ({ peer }: SimProcess) => peer.acquire('x')],
    ['sleeps when it should end', ({ sleep, signal }: SimProcess) => sleep(10, { signal })],
  ])('ends where a program %s again and again, and no time passes', async (_, ask) => {
    const failure = await failureOf({}, async (sim) => {
      void sim.node('a').run(async (process) => {
        for (;;) {
          if (!process.signal.aborted) await process.sleep(10);
          await Promise.resolve(ask(process)).catch(() => {});
        }
      });
      await sim.sleep(50);
      await sim.node('a').stop();
      await sim.sleep(1_000);
    });
    expect(failure).toMatchObject({ source: 'hang', cause: { code: 'ERR_SIM_HANG' } });
    expect(failure.message).toContain('a is asked more than 20000 times while no time passes');
    expect(failure.message).toMatch(/last at test\/sim\/sim-waiting\.test\.ts:\d+:\d+: a program/);
  });

  test('ends before it begins when peers refuse each other', async () => {
    const peer = ({ id }: { id: string }) => ({ mesh: id });
    const failure = await failureOf({ peer, timeout: 10_000 }, () => {});
    expect(failure.message).toContain('the scenario has not begun: a peer is not ready');
  });
});
