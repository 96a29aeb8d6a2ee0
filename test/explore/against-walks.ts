/**
 * Holds a finished search against walks through a naive mesh: whatever a walk comes across, the
 * search must have reached, too.
 */

import type { MeshScope } from '../../src/sim/explore/scope.ts';
import { Stream } from '../../src/sim/random.ts';
import { type Move, NaiveMesh } from './naive-mesh.ts';
import { NaiveNaming } from './naive-names.ts';
import type { Reached } from './reached.ts';

/** What the search has not reached, and the way there. */
export interface Missed {
  readonly way: readonly string[];
  readonly what: string;
}

export interface Walked {
  readonly steps: number;
  /** How many different states of the mesh, and of cores, were met. */
  readonly meshes: number;
  readonly cores: number;
  /** By kind, how many moves were made. */
  readonly kinds: Readonly<Record<string, number>>;
  /** The shortest way to what the search has not reached. */
  readonly missed: Missed | null;
  /** How many walks came to such. */
  readonly missedCount: number;
}

export interface Walks {
  readonly count: number;
  readonly seed: number;
  /** The scope to walk in, if it is not the one that was searched. */
  readonly through?: MeshScope;
}

/** Walks through naive meshes of the scope, and looks up each state that they are in. */
export function walkAgainst(reached: Reached, { count, seed, through }: Walks): Walked {
  const walker = new Walker(reached, through ?? reached.scope);
  for (let walk = 0; walk < count; walk += 1) walker.walk(Stream.of(seed, `walk ${walk}`));
  return walker.told();
}

class Walker {
  readonly #reached: Reached;
  readonly #scope: MeshScope;
  readonly #meshes = new Set<string>();
  readonly #cores = new Set<number>();
  readonly #kinds: Record<string, number> = {};
  #steps = 0;
  #missed: Missed | null = null;
  #missedCount = 0;

  constructor(reached: Reached, scope: MeshScope) {
    this.#reached = reached;
    this.#scope = scope;
  }

  /** Goes on until nothing can happen any more, or the search has not been there. */
  walk(random: Stream): void {
    const mesh = new NaiveMesh(this.#scope);
    const naming = new NaiveNaming(mesh, this.#reached.numbers);
    const weights = new Map<string, number>();
    const way: string[] = [];
    for (;;) {
      const what = this.#strangeIn(naming);
      if (what !== null) {
        this.#missedCount += 1;
        if (this.#missed === null || way.length < this.#missed.way.length) {
          this.#missed = { way, what };
        }
        return;
      }
      const move = pick(mesh.moves(), weights, random);
      if (move === null) return;
      way.push(move.text);
      this.#kinds[move.kind] = (this.#kinds[move.kind] ?? 0) + 1;
      this.#steps += 1;
      move.take();
    }
  }

  told(): Walked {
    const sizes = { meshes: this.#meshes.size, cores: this.#cores.size };
    const missed = { missed: this.#missed, missedCount: this.#missedCount };
    return { steps: this.#steps, ...sizes, kinds: this.#kinds, ...missed };
  }

  /** Notes a state. @returns what the search has not reached of it */
  #strangeIn(naming: NaiveNaming): string | null {
    const { cores, meshes, scope } = this.#reached;
    for (const [peer, core] of naming.cores().entries()) {
      if (core !== 0 && !cores.has(core)) return `core ${naming.nameOf(peer)}`;
      this.#cores.add(core);
    }
    const name = naming.mesh();
    this.#meshes.add(name);
    // Where orders are left out, each core must come through its states all the same.
    return scope.isReduced || meshes.has(name) ? null : `mesh ${name}`;
  }
}

/** In each walk another kind of move is likely. */
function pick(moves: readonly Move[], weights: Map<string, number>, random: Stream): Move | null {
  let sum = 0;
  const sums = moves.map(({ kind }) => {
    const weight = weights.get(kind) ?? random.pick([0.03, 0.2, 1, 3]);
    weights.set(kind, weight);
    sum += weight;
    return sum;
  });
  const drawn = (random.next() / 0x1_0000_0000) * sum;
  return moves[sums.findIndex((bound) => drawn < bound)] ?? null;
}
