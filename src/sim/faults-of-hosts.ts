/**
 * Faults of processes, machines and their clocks, to draw from.
 */

import { driftPpmMax } from './draw-mesh.ts';
import type { FaultVariant } from './fault-kinds.ts';
import type { Fault } from './plan.ts';
import type { Scene } from './scene.ts';

type Crash = Fault & { do: 'crash' };

export const hostFaults: readonly FaultVariant[] = [
  crash('crash, connections reset', { network: 'reset' }),
  crash('crash, unsent tail lost', { network: 'reset, tail lost' }),
  crash('crash, machine off', { network: 'silent' }),
  crash('crash, last write lost', { disk: 'last write lost' }),
  {
    name: 'stop at once',
    kind: 'stop',
    is: (fault) => fault.do === 'stop' && fault.drainMs === 0,
    draw: (scene, { host }) => ({ do: 'stop', host, drainMs: 0, forMs: scene.downTime() }),
  },
  {
    name: 'stop after draining',
    kind: 'stop',
    is: (fault) => fault.do === 'stop' && fault.drainMs > 0,
    draw: (scene, { host }) => {
      return { do: 'stop', host, drainMs: 1 + scene.leases(0, 0.5), forMs: scene.downTime() };
    },
  },
  {
    name: 'pause',
    kind: 'pause',
    draw: (scene, { host }) => ({ do: 'pause', host, forMs: scene.spell() }),
  },
  {
    name: 'suspended machine',
    kind: 'suspend',
    // Where clocks are set back, too, nothing is promised: see assumptions.ts.
    draw: (scene, { host }) => {
      if (scene.wallClocks.mayGoBack) return null;
      const isLong = scene.chance.chance(0.2);
      return { do: 'suspend', host, forMs: isLong ? scene.leases(2, 6) : scene.spell() };
    },
  },
  {
    name: 'slow processor',
    kind: 'slow',
    draw: (scene, { host }) => {
      const turnUs = scene.chance.between(50, scene.mesh.leaseMs * 5);
      return { do: 'slow', host, turnUs, forMs: scene.spell() };
    },
  },
  jump('wall clock set ahead', (ms) => ms > 0),
  jump('wall clock set back', (ms) => ms < 0),
  {
    name: 'wall clock set to and fro',
    kind: 'strobe',
    draw: (scene, { host }) => {
      const ms = scene.wallClocks.mayGoBack ? scene.wallClocks.jump(host, scene.chance) : null;
      if (ms === null) return null;
      return { do: 'strobe', host, ms, everyMs: scene.leases(0.05, 0.5), forMs: scene.spell() };
    },
  },
  {
    name: 'monotonic clock at another rate',
    kind: 'drift',
    draw: ({ chance }, { host }) => {
      const isExtreme = chance.chance(0.5);
      const ppm = isExtreme ? driftPpmMax : chance.between(0, driftPpmMax);
      return { do: 'drift', host, ppm: chance.pick([0 - ppm, ppm]) };
    },
  },
  {
    name: 'disk refuses writes',
    kind: 'disk',
    is: (fault) => fault.do === 'disk' && fault.fails,
    draw: (scene, { host }) => disk(scene, { host, extraMs: 0, fails: true }),
  },
  {
    name: 'slow disk',
    kind: 'disk',
    is: (fault) => fault.do === 'disk' && fault.extraMs > 0,
    draw: (scene, { host }) => {
      return disk(scene, { host, extraMs: 1 + scene.leases(0, 0.5), fails: false });
    },
  },
];

function crash(name: string, how: Partial<Pick<Crash, 'network' | 'disk'>>): FaultVariant {
  return {
    name,
    kind: 'crash',
    is: (fault) => {
      if (fault.do !== 'crash') return false;
      return how.network === fault.network || how.disk === fault.disk;
    },
    draw: (scene, { host }) => {
      const { chance, mesh } = scene;
      if (how.disk !== undefined && !mesh.hasDisk) return null;
      const network = chance.pick(['reset', 'reset', 'reset, tail lost', 'silent'] as const);
      const last = chance.pick(['last write kept', 'last write lost'] as const);
      const lost = mesh.hasDisk ? last : 'last write kept';
      return { do: 'crash', host, network, disk: lost, ...how, forMs: scene.downTime() };
    },
  };
}

function jump(name: string, isSuch: (ms: number) => boolean): FaultVariant {
  return {
    name,
    kind: 'jump',
    is: (fault) => fault.do === 'jump' && isSuch(fault.ms),
    draw: ({ wallClocks, chance }, { host }) => {
      const ms = wallClocks.jump(host, chance, isSuch);
      return ms === null ? null : { do: 'jump', host, ms };
    },
  };
}

function disk(
  scene: Scene,
  how: { readonly host: number; readonly extraMs: number; readonly fails: boolean },
): Fault | null {
  // Members keep nothing on disk.
  if (!scene.mesh.hasDisk || how.host >= scene.mesh.voters) return null;
  return { do: 'disk', ...how, forMs: scene.spell() };
}
