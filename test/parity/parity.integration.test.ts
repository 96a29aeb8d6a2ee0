/**
 * A part of `npm run parity` that is quick enough for every run of the tests, and what its proxies
 * and nodes promise themselves.
 */

import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { swarm } from '../../src/sim/sim-swarm.ts';
import { loopback } from './fault-proxy.ts';
import { compareWorlds } from './parity.ts';
import { RealNet } from './real-net.ts';
import type { ParityScenario } from './scenario.ts';
import { scenarios } from './scenarios.ts';

function named(name: string): ParityScenario {
  const found = scenarios.find((scenario) => scenario.name === name);
  if (found === undefined) throw new Error(`Cannot find the scenario: there is no ${name}`);
  return found;
}

describe('the simulator and the real world tell the same story', () => {
  const some = ['try', 'holder-cut-off', 'coordinator-dies-committing'];
  test.each(some)('%s', async (name) => {
    const { differences, grants } = await compareWorlds(named(name));
    expect(differences).toEqual([]);
    expect(grants).toBeGreaterThan(1);
  });

  test('and where they do not, it is said in which line', async () => {
    const scenario = named('crossing-orders-unanimous');
    const { agrees, differences } = await compareWorlds({
      ...scenario,
      tells: ['x: a gives it back', 'x: nobody holds it'],
      effects: ['processes killed'],
    });
    expect(agrees).toBe(false);
    const found = '"no effect: processes killed", not "x: a gives it back"';
    expect(differences).toContain(`the simulator, seed 5, line 1: ${found}`);
    expect(differences).toContain(`the real run, line 1: ${found}`);
  });
});

describe('RealNet', () => {
  test('leaves no port open', async () => {
    const net = await RealNet.open({ nodes: 2 });
    const { ports } = net;
    expect(ports.length).toBe(4);
    await net.close();
    for (const port of ports) {
      const socket = connect(port, loopback);
      const [error] = await once(socket, 'error');
      expect(error).toMatchObject({ code: 'ECONNREFUSED' });
    }
  });

  test('refuses what cannot be done for real', async () => {
    const net = await RealNet.open({ nodes: 1 });
    const node = net.node('a');
    const acts = [
      () => node.clock.jump(1_000),
      () => node.clock.drift(100),
      () => node.clock.freeze(),
      () => node.pause(),
      () => node.suspend(),
      () => node.crash({ disk: 'wiped' }),
      () => node.crash({ network: 'reset' }),
    ];
    for (const act of acts) expect(act).toThrow(/^Cannot .+ for real: /);
    await expect(net.at('claim lost')).rejects.toThrow('Cannot wait at "claim lost" for real: ');
    await net.close();
    await expect(RealNet.open({ faults: swarm() })).rejects.toThrow(/ for real: /);
    const withDisk = RealNet.open({ nodes: [{ id: 'a', disk: true }] });
    await expect(withDisk).rejects.toThrow('Cannot give a a disk for real: ');
  });
});
