/**
 * Bad input: what a simulation refuses, naming what it got and what it wants.
 */

import { describe, expect, test } from 'vitest';
import { drawPlan } from '../../src/sim/draw-plan.ts';
import { fewest } from '../../src/sim/fewest.ts';
import { runSim, type Sim, swarm } from '../../src/sim/index.ts';
import { formatToken, parseToken } from '../../src/sim/sim-token.ts';

const nothing = (): void => {};

/** As JavaScript may call it. */
function run(options: unknown, scenario: unknown = nothing): Promise<unknown> {
  return Reflect.apply(runSim, undefined, [options, scenario]);
}

describe('runSim() refuses', () => {
  const plan = drawPlan(1, { voters: 3, members: 0 });

  test.each([
    ['an unknown option', { node: 3 }, 'options may have checks, cold, faults, goals, network'],
    ['no nodes', { nodes: 0 }, 'nodes must be a whole number from 1 to 256, received 0'],
    ['half a node', { nodes: 1.5 }, 'nodes must be a whole number from 1 to 256, received 1.5'],
    ['a bad id', { nodes: ['A 1'] }, 'beginning with a letter, received "A 1"'],
    ['an id twice', { nodes: ['a', 'a'] }, 'node ids must differ, received "a"'],
    ['an id that is taken', { nodes: ['outside'] }, 'a node id must be free, received "outside"'],
    ['an unknown node option', { nodes: [{ id: 'a', disc: true }] }, 'received "disc"'],
    ['options that are none', undefined, 'options must be an object, received undefined'],
    ['a list as options', [3], 'options must be an object, received an array of 1'],
    [
      'a node that is none',
      { nodes: ['a', undefined] },
      'a node must be an id or an object, received undefined',
    ],
    ['a word as a vote', { nodes: [{ id: 'a', votes: 'no' }] }, 'votes must be true or false'],
    ['a word as a disk', { nodes: [{ id: 'a', disk: 'ssd' }] }, 'disk must be true or false'],
    [
      'nodes that do not vote',
      { nodes: [{ id: 'a', votes: false }] },
      'one node at least must vote',
    ],
    [
      'an impossible rate',
      { nodes: [{ id: 'a', clock: { drift: 1e9 } }] },
      'drift of the clock of a',
    ],
    ['a negative time', { timeout: -1 }, 'timeout must be a number of milliseconds from 0 to'],
    ['an unknown network', { network: 'moon' }, 'network must be loopback, local, region, world'],
    ['a bad distribution', { network: { kind: 'constant', us: -1 } }, 'received an object'],
    ['no seeds', { seeds: [] }, 'seeds must be a number or a list of some, received an array of 0'],
    ['a negative seed', { seeds: [-1] }, 'a seed must be a whole number from 0 to'],
    ['a word as a flag', { cold: 'yes' }, 'cold must be true or false, received "yes"'],
    [
      'an odd check',
      { checks: 'yes' },
      'checks must be true, false or \'promises\', received "yes"',
    ],
    ['goals that are no list', { goals: 'x' }, 'goals must be a list of strings, received "x"'],
    ['an option of its own', { peer: { listen: { port: 1 } } }, 'by itself, received "listen"'],
    ['a plan of another version', { faults: { ...plan, version: 99 } }, 'version must be 2'],
    ['a plan for more nodes', { faults: plan, nodes: 2 }, 'a plan for at most 2 nodes, received 3'],
    [
      'faults that only disks can have, without any',
      { faults: swarm({ kinds: ['disk', 'strobe'] }) },
      'faults of only these kinds need a disk at each node that votes, as in ' +
        'nodes: [{ id: \'a\', disk: true }], received "disk and strobe"',
    ],
    ['faults that are none', { faults: 'many' }, 'plan must be an object, received "many"'],
    ['a token that is none', { replay: 'seed 7' }, 'the token must be what a failure has printed'],
    ['a token of another version', { replay: 'sim2-00000000-1' }, 'must be of version 1'],
    ['a token of other options', { replay: 'sim1-00000000-1' }, 'nodes, peer, network, faults'],
  ])('%s', async (_, options, message) => {
    await expect(run(options)).rejects.toThrow(TypeError);
    await expect(run(options)).rejects.toThrow(message);
  });

  test('impossible options of a peer, as createPeer does', async () => {
    const wrong = run({ peer: { lease: -5 } });
    await expect(wrong).rejects.toMatchObject({ code: 'ERR_CONFIG', field: 'lease' });
  });

  test('a scenario that is no function', async () => {
    await expect(run({}, 7)).rejects.toThrow('the scenario must be a function, received 7');
  });
});

describe('swarm() refuses', () => {
  test.each([
    [{ kinds: ['crush'] }, 'a kind must be one of crash, disk, '],
    [{ for: -1 }, 'for must be a number of milliseconds'],
    [{ since: 1 }, 'options may have for, kinds, received "since"'],
  ])('%j', (options, message) => {
    expect(() => Reflect.apply(swarm, undefined, [options])).toThrow(message);
  });
});

describe('a scenario is refused', () => {
  const calls: readonly (readonly [string, (sim: Sim) => unknown, string])[] = [
    ['an unknown node', (sim) => sim.node('z'), 'a node must be one of a, b, c, or 0 to 2'],
    ['a negative sleep', (sim) => sim.sleep(-1), 'Cannot sleep: the time must be a number of'],
    ['a negative pause', (sim) => sim.node('a').pause(-1), 'Cannot pause a: the time must be'],
    ['an endless jump', (sim) => sim.node('a').clock.jump(1e15), 'Cannot set the clock of a'],
    ['a clock at a stop', (sim) => sim.node('a').clock.drift(-1e6), 'the drift must be a whole'],
    [
      'a program that is none',
      (sim) => Reflect.apply(sim.node('a').run, sim.node('a'), [7]),
      'a fun',
    ],
    ['a faster link', (sim) => sim.link('a', 'b').slow(0.5), 'the factor must be a number from 1'],
    ['half a drop', (sim) => sim.link('a', 'b').drop().times(0.5), 'times must be a whole number'],
    [
      'a wrong chance',
      (sim) => sim.random.chance(2),
      'the probability must be a number from 0 to 1',
    ],
    [
      'a group that is a node',
      (sim) => Reflect.apply(sim.partition, sim, [['a', 'b']]),
      'Cannot partition: a group must be a list of nodes, received "a"',
    ],
    [
      'no options of a partition',
      (sim) => Reflect.apply(sim.partition, sim, ['halves', null]),
      'Cannot partition: options must be an object, received null',
    ],
    [
      'an order that is none',
      (sim) => Reflect.apply(sim.partition, sim, ['halves', { order: 'abc' }]),
      'Cannot partition: the order must be a list of nodes, received "abc"',
    ],
    [
      'a node twice in an order',
      (sim) => sim.partition('halves', { order: ['a', 'b', 0] }),
      'Cannot partition: a node must be in the order once, received 0',
    ],
    [
      'a goal without a name',
      (sim) => Reflect.apply(sim.sometimes, sim, [5]),
      'Cannot declare a goal: its name must be a string, received 5',
    ],
    ['nothing to pick', (sim) => sim.random.pick([]), 'the list must have an item'],
    ['a wrong range', (sim) => sim.random.between(2, 1), 'the greater bound must be'],
  ];

  test.each(calls)('%s', async (_, call, message) => {
    await runSim({}, (sim) => {
      expect(() => call(sim)).toThrow(TypeError);
      expect(() => call(sim)).toThrow(message);
    });
  });

  test('an unknown death', async () => {
    await runSim({}, (sim) => {
      const node = sim.node('a');
      expect(() => Reflect.apply(node.crash, node, [{ network: 'loud' }])).toThrow(
        'Cannot crash a: network must be one of reset, reset, tail lost, silent, received "loud"',
      );
      expect(node.isUp).toBe(true);
    });
  });
});

describe('tokens', () => {
  test.each([
    { fingerprint: '0f3c9a21', seed: 0, kept: null },
    { fingerprint: '0f3c9a21', seed: Number.MAX_SAFE_INTEGER, kept: [] },
    { fingerprint: '0f3c9a21', seed: 7, kept: [0, 1, 31, 32, 199] },
  ])('name the run %j', (name) => {
    expect(parseToken(formatToken(name))).toEqual(name);
    expect(formatToken(name).length).toBeLessThan(200);
  });
});

describe('fewest()', () => {
  test.each([
    [[], 1],
    [[7], 20],
    [[3, 4], 40],
    [[0, 15], 40],
  ])('finds %j', async (needed, triesMax) => {
    let tries = 0;
    const items = Array.from({ length: 16 }, (_, index) => index);
    const found = await fewest(
      items,
      async (some) => {
        tries += 1;
        return needed.every((item) => some.includes(item));
      },
      triesMax,
    );
    expect(found).toEqual(needed);
    expect(tries).toBeLessThanOrEqual(triesMax);
  });
});
