/**
 * What swarms draw: the same from the same seed, all kinds of faults, and nothing that the protocol
 * does not promise to bear.
 */

import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import { assumptionsOf } from '../../src/sim/assumptions.ts';
import { drawPlan } from '../../src/sim/draw-plan.ts';
import { faultKindNames, faultKindsIn } from '../../src/sim/fault-catalogue.ts';
import { parsePlan } from '../../src/sim/parse-plan.ts';
import type { Plan } from '../../src/sim/plan.ts';
import { WallClocks } from '../../src/sim/wall-clocks.ts';

const plans: readonly Plan[] = Array.from({ length: 3_000 }, (_, index) => drawPlan(index + 1));

function shareOf(isSuch: (plan: Plan) => boolean): number {
  return plans.filter(isSuch).length / plans.length;
}

function operationsIn({ steps }: Plan): number {
  return steps.filter(({ act }) => act.do === 'acquire').length;
}

describe('drawPlan()', () => {
  test('gives the same plan for the same seed, and another one for another', () => {
    for (const plan of plans.slice(0, 200)) expect(drawPlan(plan.seed)).toEqual(plan);
    const texts = plans.map(({ mesh, steps }) => JSON.stringify({ mesh, steps }));
    expect(new Set(texts).size).toBe(plans.length);
  });

  test('gives plans that can be read back', () => {
    const odd = plans.filter((plan) => {
      return !isDeepStrictEqual(parsePlan(JSON.parse(JSON.stringify(plan))), plan);
    });
    expect(odd).toEqual([]);
  });

  test('draws every kind of fault, and there are more than 30', () => {
    const seen = new Map(faultKindNames.map((name) => [name, 0]));
    for (const plan of plans) {
      for (const kind of faultKindsIn(plan)) seen.set(kind, (seen.get(kind) ?? 0) + 1);
    }
    expect(new Set(faultKindNames).size).toBe(faultKindNames.length);
    expect(faultKindNames.length).toBeGreaterThanOrEqual(30);
    expect([...seen].filter(([, count]) => count < 10)).toEqual([]);
  });

  test('leaves the assumptions of the protocol in place', () => {
    const broken = plans.filter((plan) => {
      const { isExclusive, isFenced } = assumptionsOf(plan);
      return !isExclusive || !isFenced || !WallClocks.suit(plan);
    });
    expect(broken.map(({ seed }) => seed)).toEqual([]);
  });

  test('draws meshes of 2 to 7 voters, most of them of 3 or 5', () => {
    for (const voters of [2, 3, 4, 5, 6, 7]) {
      expect(shareOf(({ mesh }) => mesh.voters === voters)).toBeGreaterThan(0.02);
    }
    expect(shareOf(({ mesh }) => mesh.voters === 3 || mesh.voters === 5)).toBeGreaterThan(0.6);
    expect(shareOf(({ mesh }) => mesh.members > 0)).toBeGreaterThan(0.15);
    const isMajority = ({ voters, quorum, replicas = voters }: Plan['mesh']): boolean => {
      return quorum === Math.floor(replicas / 2) + 1;
    };
    expect(shareOf(({ mesh }) => isMajority(mesh))).toBeGreaterThan(0.7);
    expect(shareOf(({ mesh }) => !isMajority(mesh))).toBeGreaterThan(0.05);
    expect(shareOf(({ mesh }) => mesh.replicas === 3)).toBeGreaterThan(0.1);
    expect(shareOf(({ mesh }) => mesh.replicas === 1)).toBeGreaterThan(0.01);
  });

  test('draws short runs: a lease of a tenth to ten times a second, and at most a minute', () => {
    const leases = plans.map(({ mesh }) => mesh.leaseMs);
    expect([Math.min(...leases), Math.max(...leases)]).toEqual([100, 10_000]);
    expect(shareOf(({ mesh }) => mesh.leaseMs === 1_000)).toBeGreaterThan(0.35);
    expect(Math.max(...plans.map(({ healAtMs }) => healAtMs))).toBeLessThanOrEqual(60_000);
    expect(Math.max(...plans.map(operationsIn))).toBeLessThanOrEqual(80);
  });

  test('draws some without any fault, and some with more than anything can live with', () => {
    const faultsIn = (plan: Plan): number => plan.steps.length - operationsIn(plan);
    expect(shareOf((plan) => faultsIn(plan) === 0)).toBeGreaterThan(0.01);
    expect(shareOf((plan) => faultsIn(plan) >= 20)).toBeGreaterThan(0.01);
  });

  test('leaves out about half of the kinds each time', () => {
    const kinds = plans.filter(({ steps }) => steps.length > 40).map((plan) => faultKindsIn(plan));
    const most = Math.max(...kinds.map(({ length }) => length));
    expect(most).toBeLessThan(0.7 * faultKindNames.length);
  });

  test('keeps to what it is told', () => {
    for (let seed = 1; seed <= 100; seed += 1) {
      const { mesh, steps } = drawPlan(seed, {
        ...{ voters: 4, members: 2, leaseMs: 700, hasDisk: true, hasClients: false },
        ...{ strategy: 'uniform', faults: ['crash', 'pause'] },
      });
      expect(mesh).toMatchObject({ voters: 4, members: 2, leaseMs: 700, hasDisk: true });
      for (const { act } of steps) expect(['crash', 'pause']).toContain(act.do);
    }
    expect(drawPlan(1, { faults: [], hasClients: false, strategy: 'uniform' }).steps).toEqual([]);
  });

  test.each([
    [{ voters: 0 }, 'voters must be a whole number from 1 to 32, received 0'],
    [{ leaseMs: 1.5 }, 'leaseMs must be a whole number from 100 to 60000, received 1.5'],
    [{ faults: ['flood'] }, 'faults must be a list of kinds of faults, received ["flood"]'],
    [{ strategy: 'luck' }, 'strategy must be one of calm, uniform, aimed, priorities, slow-links'],
    [{ peers: 3 }, 'the options must be among faults, hasClients, hasDisk, leaseMs, members'],
  ])('refuses %j', (options, message) => {
    const draw: (seed: number, options: object) => Plan = drawPlan;
    expect(() => draw(1, options)).toThrow(`Cannot draw plan: ${message}`);
  });

  test.each([-1, 0.5, 2 ** 53])('refuses the seed %d', (seed) => {
    expect(() => drawPlan(seed)).toThrow(`Cannot draw: seed must be a whole number`);
  });
});
