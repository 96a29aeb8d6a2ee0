/**
 * Faults of connections, links and the network as a whole, to draw from.
 */

import type { FaultVariant } from './fault-kinds.ts';
import type { Mishap } from './link.ts';
import type { Fault, Shape } from './plan.ts';
import type { Scene } from './scene.ts';

const mishaps: readonly Mishap[] = [
  'lost',
  'repeated',
  'reordered',
  'corrupted',
  'truncated',
  'oversized',
  'replayed',
];

/** All shapes of partitions. */
export const shapes: readonly Shape[] = [
  'halves',
  'isolate',
  'minority',
  'bridge',
  'ring',
  'one-way',
  'swizzle',
];

export const linkFaults: readonly FaultVariant[] = [
  {
    name: 'link held, one way',
    kind: 'hold',
    draw: (scene, { host, other }) => {
      const [from, to] = scene.chance.shuffled([host, other]);
      if (from === undefined || to === undefined) return null;
      return { do: 'hold', from, to, forMs: scene.spell() };
    },
  },
  {
    name: 'connection reset, told at once',
    kind: 'reset',
    is: (fault) => fault.do === 'reset' && fault.toldMs[0] === 0 && fault.toldMs[1] === 0,
    draw: (_, { host, other }) => ({ do: 'reset', a: host, b: other, toldMs: [0, 0] }),
  },
  {
    name: 'connection reset, one end told late',
    kind: 'reset',
    is: (fault) => fault.do === 'reset' && fault.toldMs[0] !== fault.toldMs[1],
    draw: (scene, { host, other }) => {
      const late = 1 + scene.leases(0, 0.6);
      const toldMs = scene.chance.chance(0.5) ? ([0, late] as const) : ([late, 0] as const);
      return { do: 'reset', a: host, b: other, toldMs };
    },
  },
  {
    name: 'half-open, nobody told',
    kind: 'half-open',
    is: (fault) => fault.do === 'half-open' && fault.told === 'none',
    draw: (_, { host, other }) => ({ do: 'half-open', a: host, b: other, told: 'none' }),
  },
  {
    name: 'half-open, one end told',
    kind: 'half-open',
    is: (fault) => fault.do === 'half-open' && fault.told !== 'none',
    draw: ({ chance }, { host, other }) => {
      return { do: 'half-open', a: host, b: other, told: chance.pick(['a', 'b']) };
    },
  },
  {
    name: 'all connections of a host reset',
    kind: 'storm',
    draw: (_, { host }) => ({ do: 'storm', host }),
  },
  {
    name: 'dials refused',
    kind: 'refuse',
    draw: (scene, { host, other }) => ({ do: 'refuse', a: host, b: other, forMs: scene.spell() }),
  },
  {
    name: 'link slower by a factor',
    kind: 'lag',
    is: (fault) => fault.do === 'lag' && fault.factor > 1,
    draw: (scene, { host, other }) => {
      const factor = scene.chance.pick([2, 10, 100, 1_000]);
      return { ...lag(scene, host, other), factor };
    },
  },
  {
    name: 'link slower by a constant',
    kind: 'lag',
    is: (fault) => fault.do === 'lag' && fault.extraMs > 0,
    draw: (scene, { host, other }) => {
      return { ...lag(scene, host, other), extraMs: 1 + scene.leases(0, 0.45) };
    },
  },
  ...mishaps.map(hostile),
  ...shapes.map(partition),
  {
    name: 'partition that comes and goes',
    kind: 'partition',
    is: (fault) => fault.do === 'partition' && fault.periodMs > 0,
    draw: (scene) => ({
      ...divide(scene, scene.chance.pick(shapes.filter((shape) => shape !== 'swizzle'))),
      periodMs: 1 + scene.leases(0.05, 1),
      forMs: scene.leases(1, 4),
    }),
  },
  {
    name: 'partition that resets connections',
    kind: 'partition',
    is: (fault) => fault.do === 'partition' && fault.breaks,
    draw: (scene) => ({ ...divide(scene, scene.chance.pick(shapes)), breaks: true }),
  },
];

function lag(scene: Scene, host: number, other: number): Fault & { do: 'lag' } {
  const isBack = scene.chance.chance(0.5);
  const [from, to] = isBack ? [other, host] : [host, other];
  return { do: 'lag', from, to, factor: 1, extraMs: 0, forMs: scene.spell() + scene.spell() };
}

function hostile(mishap: Mishap): FaultVariant {
  return {
    name: `messages ${mishap}`,
    kind: 'hostile',
    is: (fault) => fault.do === 'hostile' && fault.mishap === mishap,
    draw: (scene, { host, other }) => {
      const ppm = scene.chance.pick([10_000, 50_000, 200_000]);
      const isBack = scene.chance.chance(0.5);
      const [from, to] = isBack ? [other, host] : [host, other];
      return { do: 'hostile', from, to, mishap, ppm, forMs: scene.spell() + scene.spell() };
    },
  };
}

function partition(shape: Shape): FaultVariant {
  return {
    name: `partition: ${shape}`,
    kind: 'partition',
    is: (fault) => fault.do === 'partition' && fault.shape === shape,
    draw: (scene) => divide(scene, shape),
  };
}

function divide(scene: Scene, shape: Shape): Fault & { do: 'partition' } {
  const order = scene.chance.shuffled(scene.hosts());
  const breaks = scene.chance.chance(0.3);
  return { do: 'partition', shape, order, breaks, periodMs: 0, forMs: scene.spell() };
}
