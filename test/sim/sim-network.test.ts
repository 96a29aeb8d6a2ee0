/**
 * What lies between the nodes: links, partitions, channels of one's own, and the world outside.
 */

import { describe, expect, test } from 'vitest';
import { runSim, type Sim } from '../../src/sim/index.ts';

const shortLease = { peer: { lease: 1_000 } };

/** Whom a node's peer can reach. */
function reached(sim: Sim, id: string): readonly string[] {
  const { voters } = sim.node(id).peer.status();
  return voters.filter(({ state }) => state === 'voting').map((voter) => voter.id);
}

describe('sim.link()', () => {
  test('holds one direction, and lets what was sent come later', async () => {
    await runSim({}, async (sim) => {
      sim.link('a', 'b').hold();
      sim.link('a', 'c').hold();
      const granted = sim.node('a').peer.acquire('x');
      await sim.sleep(500);
      expect(sim.link('a', 'b').isHeld).toBe(true);
      await expect(Promise.race([granted, Promise.resolve('not yet')])).resolves.toBe('not yet');
      sim.link('a', 'b').release();
      expect((await granted).held).toBe(true);
      expect(sim.now).toBeLessThan(600);
    });
  });

  test('is slow by a factor', async () => {
    await runSim({ network: 1 }, async (sim) => {
      for (const to of ['b', 'c']) sim.link('a', to).slow(100);
      const from = sim.now;
      await sim.node('a').peer.acquire('x');
      expect(sim.now - from).toBeCloseTo(101, 0);
    });
  });

  test('drops a message of one type, once; the two then find a gap', async () => {
    const { effects, witnessed } = await runSim(shortLease, async (sim) => {
      const drop = sim.link('a', 'b').drop('commit').once();
      await using lock = await sim.node('a').peer.acquire('x');
      await sim.sleep(2_000);
      expect(drop.count).toBe(1);
      expect(lock.held).toBe(true);
    });
    expect(effects).toMatchObject({ 'messages lost': expect.any(Number) });
    expect(witnessed).toContain('a link was closed for a gap in its frames');
  });

  test('breaks', async () => {
    await runSim({}, async (sim) => {
      sim.link('a', 'b').break();
      await sim.at('link down', { node: 'a', with: 'b' });
      await sim.at('link up', { node: 'a', with: 'b', timeout: 5_000 });
    });
  });

  test.each([
    ['a', 'a'],
    ['a', 'z'],
    [0, 3],
  ])('refuses %s and %s', async (from, to) => {
    await runSim({}, (sim) => {
      expect(() => sim.link(from, to)).toThrow(/^Cannot find the link: .+, received/);
    });
  });
});

describe('sim.partition()', () => {
  test('divides into groups, and the rest', async () => {
    await runSim({ nodes: 5, ...shortLease }, async (sim) => {
      const partition = sim.partition([['a', 'b']], { breaks: true });
      await sim.sleep(2_000);
      expect(reached(sim, 'a')).toEqual(['a', 'b']);
      expect(reached(sim, 'e')).toEqual(['c', 'd', 'e']);
      partition.heal();
      await sim.converge(10_000);
      expect(reached(sim, 'a')).toHaveLength(5);
    });
  });

  test('has shapes, with whom one likes in the places', async () => {
    await runSim({ nodes: 5, ...shortLease }, async (sim) => {
      sim.partition('bridge', { order: ['c', 'a', 'b', 'd', 'e'] });
      await sim.sleep(3_000);
      expect(reached(sim, 'c')).toHaveLength(5);
      expect(reached(sim, 'a')).toEqual(['a', 'b', 'c']);
      expect(reached(sim, 'e')).toEqual(['c', 'd', 'e']);
    });
  });

  test('ends by itself after its time', async () => {
    await runSim(shortLease, async (sim) => {
      sim.partition('isolate', { for: 3_000 });
      await sim.until(() => reached(sim, 'a').length === 1, { timeout: 2_000 });
      await sim.until(() => reached(sim, 'a').length === 3, { timeout: 10_000 });
      expect(sim.now).toBeGreaterThan(3_000);
    });
  });

  test.each([
    [[['a', 'z']], 'a node must be one of a, b, c, or 0 to 2, received "z"'],
    [[['a'], ['a']], 'a node must be in one group, received "a"'],
    ['thirds', 'the shape must be one of bridge, halves, '],
    [7, 'give a shape, or groups of nodes, received 7'],
    ['swizzle', 'swizzle must have a time in `for`'],
  ])('refuses %j', async (how, message) => {
    await runSim({}, (sim) => {
      expect(() => Reflect.apply(sim.partition, sim, [how])).toThrow(message);
    });
  });
});

describe('channels between programs', () => {
  test('carry messages in order, both ways', async () => {
    await runSim({ network: 'jittery' }, async (sim) => {
      void sim.node('b').run(({ listen }) => {
        listen('sums', async (channel) => {
          let sum = 0;
          for await (const message of channel) {
            sum += Number(message);
            channel.send({ sum });
          }
        });
      });
      const sums = await sim.node('a').run(async ({ connect, sleep }) => {
        await sleep(10);
        const channel = connect('b', 'sums');
        for (const value of [1, 2, 3]) channel.send(value);
        const seen = [await channel.receive(), await channel.receive(), await channel.receive()];
        channel.close();
        return seen;
      });
      expect(sums).toEqual([{ sum: 1 }, { sum: 3 }, { sum: 6 }]);
    });
  });

  test('close when the other end crashes, or nobody listens', async () => {
    await runSim({}, async (sim) => {
      void sim.node('b').run(({ listen }) => listen('echo', () => {}));
      const ends = sim.node('a').run(async ({ connect, sleep }) => {
        await sleep(10);
        const channels = ['echo', 'nothing'].map((service) => connect('b', service));
        return await Promise.all(
          channels.map((channel) => channel.receive().catch(({ message }) => message)),
        );
      });
      await sim.sleep(100);
      sim.node('b').crash();
      expect(await ends).toEqual([
        'Cannot receive: the channel to b:7400 is closed: Connection lost',
        'Cannot receive: the channel to b:7400 is closed: connect ECONNREFUSED ws://b:80/nothing',
      ]);
    });
  });
});

describe('request()', () => {
  test('reaches what is outside, and is late, like anything', async () => {
    await runSim({ network: 10 }, async (sim) => {
      const store = new Map<string, number>();
      const before = await sim.node('a').run(async ({ request, now }) => {
        const from = now();
        await request(() => store.set('x', 1));
        return now() - from;
      });
      expect(before).toBeCloseTo(20, 0);
      expect(store.get('x')).toBe(1);
    });
  });

  test('happens though the node has crashed: the late write', async () => {
    await runSim({ network: 10 }, async (sim) => {
      const writes: string[] = [];
      let isTold = false;
      void sim.node('a').run(async ({ request }) => {
        await request(() => writes.push('a'));
        isTold = true;
      });
      await sim.sleep(5);
      sim.node('a').crash();
      await sim.sleep(100);
      expect([writes, isTold]).toEqual([['a'], false]);
    });
  });

  test('rejects with what it meets there, and waits where its link is held', async () => {
    await runSim({ network: 10 }, async (sim) => {
      sim.link('a', 'outside').hold();
      const failed = sim.node('a').run(({ request }) => {
        return request(() => Promise.reject(new Error('No such row'))).catch(
          ({ message }) => message,
        );
      });
      await sim.sleep(1_000);
      sim.link('a', 'outside').release();
      expect(await failed).toBe('No such row');
      expect(sim.now).toBeGreaterThan(1_000);
    });
  });
});
