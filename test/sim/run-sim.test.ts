/**
 * What a user can count on: async code of any kind, run in a simulation, is the same for the same
 * seed, and says how to repeat it when it fails.
 */

import { describe, expect, test } from 'vitest';
import { installGuards } from '../../src/sim/guards.ts';
import { runSim, type Sim, type SimFailure, type SimOptions, swarm } from '../../src/sim/index.ts';
import { resolveSim } from '../../src/sim/resolve-sim.ts';
import { type RunSetup, runOnce } from '../../src/sim/run-once.ts';

/** Three nodes take turns; what happened, line by line. */
async function takeTurns(sim: Sim, lines: string[]): Promise<void> {
  const turns = sim.nodes.map((node) => {
    return node.run(async ({ id, peer, random, sleep, now }) => {
      for (let turn = 0; turn < 5; turn += 1) {
        await sleep(random() * 100);
        await using lock = await peer.acquire('x');
        lines.push(`${sim.now} ${now()} ${id} has ${lock.token}`);
        await Promise.all([sleep(random() * 20), Promise.resolve()]);
        lines.push(`${sim.now} ${id} is done`);
      }
    });
  });
  await Promise.all(turns);
}

async function traceOf(options: SimOptions): Promise<{ lines: string[]; hash: string }> {
  const lines: string[] = [];
  const { hash } = await runSim(options, (sim) => takeTurns(sim, lines));
  return { lines, hash };
}

/** What a simulation fails with. */
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

const faulty: SimOptions = { peer: { lease: 1_000 }, faults: swarm({ for: 10_000 }) };

describe('runSim()', () => {
  test('runs async code the same for the same seed', async () => {
    const one = await traceOf({ seeds: [7] });
    const other = await traceOf({ seeds: [7] });
    expect(one.lines).toHaveLength(30);
    expect(other).toEqual(one);
  });

  test('runs it otherwise for another seed', async () => {
    const one = await traceOf({ seeds: [7] });
    const other = await traceOf({ seeds: [8] });
    expect(other.lines).not.toEqual(one.lines);
    expect(other.hash).not.toBe(one.hash);
  });

  test('is not disturbed by another simulation in the same process', async () => {
    const alone = await Promise.all([1, 2, 3].map((seed) => traceOf({ seeds: [seed] })));
    const runs = [1, 2, 3].map(async (seed) => {
      for (let other = 0; other < seed; other += 1) await Promise.resolve();
      return await traceOf({ seeds: [seed] });
    });
    expect(await Promise.all(runs)).toEqual(alone);
  });

  test('is the same whatever the scenario draws and notes for itself', async () => {
    const lines: string[] = [];
    const { hash } = await runSim({ seeds: [7] }, async (sim) => {
      for (let draws = 0; draws < 100; draws += 1) sim.log(`drawn: ${sim.random.next()}`);
      await takeTurns(sim, lines);
    });
    expect({ lines, hash }).toEqual(await traceOf({ seeds: [7] }));
  });

  test('is the same whether its events and call sites are looked at or not', async () => {
    const uninstall = installGuards();
    const sim = resolveSim({});
    const hashOf = async (more: Partial<RunSetup>): Promise<string> => {
      const lines: string[] = [];
      const setup = { sim, seed: 7, steps: [], ...more };
      const { failure, hash } = await runOnce(setup, (each) => takeTurns(each, lines));
      expect(failure).toBeNull();
      return hash;
    };
    const plain = await hashOf({});
    expect(await hashOf({ onTask: (task) => String(task.detail) })).toBe(plain);
    expect(await hashOf({ keepsSites: true })).toBe(plain);
    uninstall();
  });

  test('with faults, runs the same when run twice', async () => {
    const report = await runSim({ ...faulty, seeds: 6, twice: true }, async (sim) => {
      for (const node of sim.nodes) {
        void node.run(async ({ peer, sleep }) => {
          for (;;) {
            await sleep(300);
            const lock = await peer.acquire('x', { timeout: 2_000 }).catch(() => null);
            await sleep(20);
            await lock?.release();
          }
        });
      }
      await sim.sleep(15_000);
    });
    expect(report.grants).toBeGreaterThan(200);
    expect(report.grantsUnderFault).toBeGreaterThan(40);
    expect(Object.keys(report.effects).length).toBeGreaterThan(5);
  });

  test('names the first event at which two runs of a seed differ', async () => {
    let runs = 0;
    const failure = await failureOf({ twice: true }, async (sim) => {
      runs += 1;
      await sim.sleep(runs === 1 ? 1_000 : 1_001);
    });
    expect(failure.source).toBe('twice');
    expect(failure.message).toMatch(/Two runs of one seed differ at event \d+: .+; then .+/);
  });

  test('runs seeds until one fails, and tells which', async () => {
    const seen: number[] = [];
    const failure = await failureOf({ seeds: 10 }, (sim) => {
      seen.push(sim.seed);
      if (sim.seed === 4) throw new RangeError('The fourth is odd');
    });
    expect(seen).toEqual([1, 2, 3, 4]);
    expect(failure).toMatchObject({ name: 'SimFailure', seed: 4, source: 'scenario' });
    expect(failure.cause).toBeInstanceOf(RangeError);
    expect(failure.message).toContain('The fourth is odd');
  });

  test('needs no real time', async () => {
    const hourMs = 3_600_000;
    const { simulatedMs } = await runSim({ timeout: 2 * hourMs }, (sim) => sim.sleep(hourMs));
    expect(simulatedMs).toBeGreaterThan(hourMs);
  });
});

describe('a failure', () => {
  /** Fails when a partition met a crash. */
  const scenario = async (sim: Sim): Promise<void> => {
    await sim.sleep(15_000);
    const { effects } = sim;
    const isBad = (effects['processes killed'] ?? 0) > 0 && (effects['messages held'] ?? 0) > 0;
    if (isBad) throw new Error('A crash and a partition');
  };

  test('has a token, with which it comes again', async () => {
    const first = await failureOf({ ...faulty, seeds: 50 }, scenario);
    expect(first.message).toContain(`Repeat it: runSim({ …, replay: '${first.token}' }, …)`);
    const second = await failureOf({ ...faulty, seeds: 50, replay: first.token }, scenario);
    expect(second.message).toBe(first.message);
    expect(second.at).toBe(first.at);
  });

  test('needs no more faults than it takes', async () => {
    const whole = await failureOf({ ...faulty, seeds: 50, shrink: false }, scenario);
    const small = await failureOf({ ...faulty, seeds: 50 }, scenario);
    expect(small.seed).toBe(whole.seed);
    expect(small.faults.length).toBeLessThan(whole.faults.length);
    expect(small.faults.length).toBeLessThanOrEqual(2);
  });

  test('tells the last events, and what the scenario noted', async () => {
    const failure = await failureOf({}, async (sim) => {
      await sim.node('a').peer.acquire('x');
      sim.log('a has it');
      await sim.sleep(1);
      throw new Error('Enough');
    });
    expect(failure.events.join('\n')).toMatch(/b receives prepare .+\n.+ms {2}a has it\n/s);
  });

  test('is an error of a program on a node, too', async () => {
    const failure = await failureOf({}, async (sim) => {
      void sim.node('b').run(async ({ sleep }) => {
        await sleep(5);
        throw new Error('The program is wrong');
      });
      await sim.sleep(1_000);
    });
    expect(failure).toMatchObject({ source: 'node b' });
    expect(failure.at).toBeLessThan(20);
  });
});

describe('goals', () => {
  test('that no seed reaches fail all of them', async () => {
    const run = runSim({ seeds: 3 }, (sim) => {
      sim.sometimes('two', sim.seed === 2);
      sim.sometimes('nine', sim.seed === 9);
    });
    await expect(run).rejects.toThrow('Never reached in 3 seeds: "nine"');
  });

  test('are told when they are reached', async () => {
    const { witnessed } = await runSim({ goals: ['a claim was granted'] }, async (sim) => {
      sim.sometimes('begun');
      await sim.node(0).peer.acquire('x');
    });
    expect(witnessed).toEqual(expect.arrayContaining(['a claim was granted', 'begun']));
  });

  test('named in the options must be reached, declared by the scenario or not', async () => {
    const run = runSim({ goals: ['the moon'] }, () => {});
    await expect(run).rejects.toMatchObject({ code: 'ERR_SIM_GOALS', goals: ['the moon'] });
  });
});

describe('the real world', () => {
  test('is refused, naming the call site', async () => {
    const failure = await failureOf({}, async (sim) => {
      await sim.sleep(1);
      Date.now();
    });
    expect(failure.message).toMatch(
      /Cannot call Date\.now in a simulation: .+run-sim\.test\.ts:\d+/,
    );
  });

  test('is refused in a program, even if that swallows the error', async () => {
    const failure = await failureOf({}, async (sim) => {
      await sim.node('a').run(() => {
        try {
          return Math.random();
        } catch {
          return 0;
        }
      });
      await sim.sleep(1);
    });
    expect(failure).toMatchObject({ source: 'real world', cause: { call: 'Math.random' } });
  });

  test('is there again afterwards', async () => {
    await runSim({}, () => {});
    expect(Date.now()).toBeGreaterThan(0);
    expect(Math.random()).toBeLessThan(1);
  });
});
