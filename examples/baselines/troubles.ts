/**
 * What goes wrong, of one kind at a time: drawn from the seed before anything happens, so that it
 * is the same for every way to lock.
 */

import type { Sim } from 'lockmesh/sim';
import type { Ledger } from './ledger.ts';
import { leaseMs, server, workers } from './lock-service.ts';

/** A kind of trouble. */
export type Kind = 'nothing' | 'slow links' | 'partitions' | 'crashes' | 'pauses' | 'clock jumps';

/** In the order in which they are shown. */
export const kinds: readonly Kind[] = Object.freeze([
  'nothing',
  'slow links',
  'partitions',
  'crashes',
  'pauses',
  'clock jumps',
]);

/** One thing that goes wrong. */
export interface Trouble {
  readonly atMs: number;
  readonly forMs: number;
  readonly begin: Begin;
}

/** @returns what ends it */
type Begin = () => () => void;

/** Whom it befalls, and who must know. */
interface Scene {
  readonly sim: Sim;
  readonly ledger: Ledger;
}

/** What goes wrong within so many milliseconds, one after the other. */
export function drawTroubles(scene: Scene, kind: Kind, withinMs: number): readonly Trouble[] {
  if (kind === 'nothing') return [];
  const { random } = scene.sim;
  const drawRest = (): number => random.between(leaseMs / 10, leaseMs);
  const troubles: Trouble[] = [];
  for (let atMs = drawRest(); atMs < withinMs; ) {
    // Some end before anybody has noticed, others when a lease has long run out.
    const [least, most] = random.chance(0.5) ? [10, 100] : [leaseMs / 2, 3 * leaseMs];
    const forMs = Math.min(random.between(least, most), withinMs - atMs);
    const begin = draws[kind](scene, random.pick([...workers, server]));
    troubles.push({ atMs, forMs, begin });
    atMs += forMs + drawRest();
  }
  return troubles;
}

/** Lets them happen. */
export async function runTroubles(sim: Sim, troubles: readonly Trouble[]): Promise<void> {
  const beganMs = sim.now;
  for (const { atMs, forMs, begin } of troubles) {
    await sim.sleep(beganMs + atMs - sim.now);
    const end = begin();
    await sim.sleep(forMs);
    end();
  }
}

type Draw = (scene: Scene, node: string) => Begin;

const draws: Readonly<Record<Exclude<Kind, 'nothing'>, Draw>> = {
  /** All that a node sends and receives takes from some 5 to 60 ms, each way. */
  'slow links'({ sim }, node) {
    const factor = sim.random.between(20, 200);
    const others = sim.nodes.filter(({ id }) => id !== node);
    const links = others.flatMap(({ id }) => [sim.link(node, id), sim.link(id, node)]);
    return () => {
      for (const link of links) link.slow(factor);
      return () => {
        for (const link of links) link.release();
      };
    };
  },

  /** Cut off from all others, or two from two. */
  partitions({ sim }, node) {
    const [other = node] = sim.random.shuffled(sim.nodes).map(({ id }) => id);
    const breaks = sim.random.chance(0.5);
    return () => {
      const { heal } = sim.partition([[...new Set([node, other])]], { breaks });
      return heal;
    };
  },

  /** The process dies, and what it knew is gone. */
  crashes({ sim, ledger }, node) {
    const network = sim.random.pick(['reset', 'reset, tail lost', 'silent'] as const);
    return () => {
      sim.node(node).crash({ network });
      ledger.died(node);
      return () => void sim.node(node).restart();
    };
  },

  /** The process stands still, and its clocks do not. */
  pauses({ sim, ledger }, node) {
    return () => {
      sim.node(node).pause();
      ledger.look();
      return () => {
        sim.node(node).resume();
        ledger.look();
      };
    };
  },

  /** The wall clock is set, and stays so. */
  'clock jumps'({ sim }, node) {
    const ms = sim.random.pick([90_000, 2_000, -2_000, -3_600_000]);
    return () => {
      sim.node(node).clock.jump(ms);
      return () => {};
    };
  },
};
