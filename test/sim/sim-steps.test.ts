/**
 * A mesh that moves thing by thing: what passes when it is told to, and what by itself.
 */

import { describe, expect, test } from 'vitest';
import { runSim, type Sim } from '../../src/sim/index.ts';

const options = { network: 40, peer: { lease: 5_000 } } as const;

/** Once what is made wrong is dialled anew at once. */
async function settled(sim: Sim): Promise<void> {
  await sim.converge(5_000);
  await sim.sleep(2_000);
}

function sees(sim: Sim, from: string, to: string): string | undefined {
  return sim
    .node(from)
    .peer.status()
    .voters.find(({ id }) => id === to)?.state;
}

describe('sim.stepwise()', () => {
  test('lets messages arrive one by one, in any order of the links, and at once', async () => {
    await runSim(options, async (sim) => {
      await settled(sim);
      const steps = sim.stepwise();
      const began = sim.now;
      const asked = ['a', 'b'].map((id) => sim.node(id).peer.acquire('x'));
      await sim.sleep(0);
      expect(await steps.hear('c', 'b')).toBe(true);
      expect(await steps.hear('b', 'c')).toBe(true);
      const second = await asked[1];
      expect(second?.held).toBe(true);
      expect(sim.now).toBe(began);
      expect(await steps.hear('b', 'c')).toBe(false);
      steps.open();
      await second?.release();
      expect((await asked[0])?.held).toBe(true);
      expect(sim.now).toBeGreaterThan(began + 40);
    });
  });

  test('lets signs of life pass, unless something waits before them', async () => {
    await runSim(options, async (sim) => {
      await settled(sim);
      const steps = sim.stepwise();
      await sim.sleep(20_000);
      expect(sees(sim, 'a', 'b')).toBe('voting');
      const asked = sim.node('a').peer.acquire('x');
      await sim.sleep(0);
      await steps.hear('c', 'a');
      await steps.hear('a', 'c');
      expect((await asked).held).toBe(true);
      await sim.sleep(4_000);
      expect(sees(sim, 'b', 'a')).toBe('unreachable');
    });
  });

  test('lets an end hear what is under way before it sees the end of a connection', async () => {
    await runSim(options, async (sim) => {
      await settled(sim);
      const steps = sim.stepwise();
      const asked = sim.node('a').peer.acquire('x');
      await sim.sleep(0);
      steps.cut('a', 'b');
      expect(await steps.hear('b', 'a')).toBe(true);
      expect(await steps.hear('a', 'b')).toBe(false);
      expect(await steps.part('b', 'a')).toBe(true);
      expect(sees(sim, 'b', 'a')).toBe('unreachable');
      expect(sees(sim, 'a', 'b')).toBe('voting');
      await steps.hear('c', 'a');
      await steps.hear('a', 'c');
      expect((await asked).held).toBe(true);
      expect(await steps.part('a', 'b')).toBe(true);
      expect(await steps.part('a', 'b')).toBe(false);
    });
  });

  test('lets an end see a new connection, and hear on it, before the other sees it', async () => {
    await runSim(options, async (sim) => {
      await settled(sim);
      const steps = sim.stepwise();
      const began = sim.now;
      expect(await steps.meet('b', 'a')).toBe(false);
      steps.cut('a', 'b');
      expect(await steps.meet('b', 'a')).toBe(true);
      expect(await steps.hear('b', 'a')).toBe(false);
      expect(await steps.meet('a', 'b')).toBe(true);
      expect(await steps.hear('a', 'b')).toBe(true);
      expect(sees(sim, 'a', 'b')).toBe('voting');
      expect(sees(sim, 'b', 'a')).toBe('unreachable');
      expect(await steps.hear('b', 'a')).toBe(true);
      expect(sees(sim, 'b', 'a')).toBe('voting');
      expect(sim.now).toBeLessThan(began + 5);
    });
  });

  test('lets a process that started again be met', async () => {
    await runSim(options, async (sim) => {
      await settled(sim);
      const steps = sim.stepwise();
      sim.node('a').crash({ network: 'reset' });
      await sim.node('a').restart();
      expect(await steps.meet('b', 'a')).toBe(true);
      expect(await steps.meet('a', 'b')).toBe(true);
      expect(await steps.hear('a', 'b')).toBe(true);
      expect(await steps.meet('a', 'c')).toBe(true);
      await sim.converge(20_000);
    });
  });

  test('leaves alone what programs say to each other', async () => {
    await runSim(options, async (sim) => {
      await settled(sim);
      sim.stepwise();
      void sim.node('b').run(({ listen }) => {
        listen('echo', async (channel) => {
          for await (const message of channel) channel.send(message);
        });
      });
      const answer = await sim.node('a').run(async ({ connect, sleep }) => {
        await sleep(10);
        const channel = connect('b', 'echo');
        channel.send('hello');
        for await (const message of channel) return message;
        return null;
      });
      expect(answer).toBe('hello');
    });
  });

  test('refuses a node that there is not', async () => {
    await runSim({}, async (sim) => {
      const steps = sim.stepwise();
      expect(() => steps.cut('a', 'z')).toThrow(/^Cannot step: a node must be one of a, b, c/);
      await expect(steps.hear('z', 'a')).rejects.toThrow(TypeError);
    });
  });
});
