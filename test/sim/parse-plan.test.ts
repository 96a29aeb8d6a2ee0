/**
 * Plans from files: all of them is checked, and what is wrong is named.
 */

import { describe, expect, test } from 'vitest';
import { parsePlan } from '../../src/sim/parse-plan.ts';
import { packPlan, unpackPlan } from '../../src/sim/plan-bytes.ts';
import { ask, smallPlan } from './small-plan.ts';

const plan = smallPlan([
  ask(10, 1),
  { when: { point: 'commit sent', host: 1, nth: 2 }, act: { do: 'pause', host: 0, forMs: 20 } },
]);

/** The plan as JSON, with something at a path put in place of what is there. */
function spoilt(path: string, value: unknown): unknown {
  const copy: unknown = JSON.parse(JSON.stringify(plan));
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  let at: unknown = copy;
  for (const key of keys) at = Reflect.get(Object(at), key);
  Reflect.set(Object(at), last, value);
  return copy;
}

describe('parsePlan()', () => {
  test('reads what JSON wrote', () => {
    expect(parsePlan(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
  });

  test.each<[string, unknown, string]>([
    ['version', 1, 'version must be 2, as this version of lockmesh runs plans, received 1'],
    ['seed', -1, 'seed must be a whole number from 0 to 9007199254740991, received -1'],
    ['mesh', null, 'mesh must be an object, received null'],
    ['mesh.voters', 0, 'mesh.voters must be a whole number from 1 to 32, received 0'],
    ['mesh.quorum', 1, 'mesh.quorum must be a whole number from 2 to 3, received 1'],
    ['mesh.prepareTimeoutMs', 500, 'mesh.prepareTimeoutMs must be a whole number from 10 to 499'],
    ['mesh.clocks', [], 'mesh.clocks must be one for each of 3 hosts, received 0'],
    ['mesh.clocks.1.driftPpm', 0.5, 'mesh.clocks[1].driftPpm must be a whole number'],
    ['mesh.latency', { kind: 'slow' }, 'mesh.latency.kind must be one of constant, uniform'],
    ['mesh.latency.leastUs', '1', 'mesh.latency.leastUs must be a whole number'],
    ['mesh.limits.lookAhead', 0, 'mesh.limits.lookAhead must be a whole number from 1'],
    ['mesh.deadlockProbeMs', 0, 'mesh.deadlockProbeMs must be a whole number from 1'],
    ['mesh.peers', 3, 'mesh has voters, members, quorum, leaseMs'],
    ['healAtMs', -5, 'healAtMs must be a whole number from 0 to 86400000, received -5'],
    ['steps', 'none', 'steps must be a list, received "none"'],
    ['steps.0.when', { atMs: -1 }, 'steps[0].when.atMs must be a whole number from 0'],
    ['steps.0.when', { atMs: 1, nth: 1 }, 'steps[0].when has atMs, received nth too'],
    ['steps.1.when.point', 'noon', 'steps[1].when.point must be one of abort sent'],
    ['steps.1.when.host', 3, 'steps[1].when.host must be a whole number from 0 to 2, received 3'],
    ['steps.1.when.nth', 0, 'steps[1].when.nth must be a whole number from 1'],
    ['steps.0.act.do', 'melt', 'steps[0].act.do must be one of acquire, crash, stop'],
    ['steps.0.act.host', 7, 'steps[0].act.host must be the index of a host, 0 to 2, received 7'],
    ['steps.0.act.names', ['x', 'x'], 'steps[0].act.names must be a list of distinct names'],
    ['steps.0.act.mode', 'mine', "steps[0].act.mode must be 'exclusive' or 'shared'"],
    ['steps.0.act.colour', 'red', 'steps[0].act has do, host, names'],
    ['steps.1.act.forMs', -20, 'steps[1].act.forMs must be a whole number from 0 to 86400000'],
    ['steps.1.act.forMs', undefined, 'steps[1].act.forMs must be a whole number from 0'],
  ])('refuses a wrong %s: %j', (path, value, message) => {
    expect(() => parsePlan(spoilt(path, value))).toThrow(`Cannot read plan: ${message}`);
  });

  test.each([undefined, null, 'plan', []])('refuses %j', (value) => {
    expect(() => parsePlan(value)).toThrow('Cannot read plan: plan must be an object, received');
  });
});

describe('unpackPlan()', () => {
  test('reads what packPlan() wrote', () => {
    expect(unpackPlan(packPlan(plan))).toEqual(plan);
    const nested = ask(10, 1, { names: ['x', 'y'], patience: 'nest and let go' });
    const probing = { ...plan, mesh: { ...plan.mesh, deadlockProbeMs: 300 }, steps: [nested] };
    expect(parsePlan(unpackPlan(packPlan(probing)))).toEqual(probing);
  });

  test('refuses bytes that are no plan, and never hangs', () => {
    const bytes = packPlan(plan);
    for (let at = 0; at < bytes.length; at += 1) {
      expect(() => unpackPlan(bytes.subarray(0, at))).toThrow('no bytes of a plan');
    }
    expect(() => unpackPlan(Uint8Array.of(...bytes, 0))).toThrow('no bytes of a plan');
  });
});
