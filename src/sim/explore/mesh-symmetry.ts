/**
 * Which peers are alike: those that vote and never claim, where all or none of them may die. The
 * protocol compares the ids of peers only where two claims have one ticket, and then those of the
 * claims' owners, so that the others may change names. Of the states that are the same but for
 * that, one stands for all.
 */

import type { MeshWorld } from './mesh-world.ts';
import { permutationsOf, toLeast } from './permutations.ts';
import type { MeshScope } from './scope.ts';

/** Brings a state into its canonical form; `null` where no two peers are alike. */
export function symmetryOf(
  scope: MeshScope,
  world: MeshWorld,
): ((state: Int32Array) => void) | null {
  const owners = new Set(scope.claims.map(({ peer }) => peer));
  const alike = Array.from({ length: scope.voters }, (_, peer) => peer).filter(
    (peer) => !owners.has(peer),
  );
  const victims = alike.filter((peer) => scope.victims.includes(peer));
  const isSomeVictim = victims.length > 0 && victims.length < alike.length;
  // Who decides on a name depends on the ids.
  if ((scope.replicas ?? scope.voters) < scope.voters) return null;
  if (!scope.isSymmetric || isSomeVictim) return null;
  if (world.layout.hasFiles || alike.length < 2) return null;
  const renamings = permutationsOf(alike.length)
    .slice(1)
    .map((order) => new Renaming(world, alike, order));
  return (state) => toLeast(state, renamings, (from, renaming, into) => renaming.apply(from, into));
}

class Renaming {
  readonly #world: MeshWorld;
  /** By peer: which it becomes. */
  readonly #to: readonly number[];
  readonly #names: ReadonlyMap<string, string>;
  /** By state of a core: the state it becomes. */
  readonly #cores = new Map<number, number>();

  constructor(world: MeshWorld, alike: readonly number[], order: readonly number[]) {
    this.#world = world;
    const to = world.cores.peers.map((_, peer) => peer);
    for (const [index, peer] of alike.entries()) to[peer] = alike[order[index] ?? index] ?? peer;
    this.#to = to;
    const { peers } = world.cores;
    this.#names = new Map(peers.map((name, peer) => [name, peers[to[peer] ?? peer] ?? name]));
  }

  apply(from: Int32Array, into: Int32Array): void {
    const { layout } = this.#world;
    into.set(from);
    into[layout.incarnationsAt] = 0;
    for (const [one, other] of this.#to.entries()) {
      into[other] = this.#coreOf(from[one] ?? 0);
      layout.setIncarnation(into, other, layout.incarnationOf(from, one));
      for (const [left, right] of this.#to.entries()) {
        if (left === one) continue;
        into[layout.queueAt(other, right)] = from[layout.queueAt(one, left)] ?? 0;
      }
    }
  }

  #coreOf(state: number): number {
    if (state === 0) return 0;
    let renamed = this.#cores.get(state);
    if (renamed === undefined) {
      renamed = this.#world.cores.renamed(state, this.#names);
      this.#cores.set(state, renamed);
    }
    return renamed;
  }
}
