/**
 * All that a search of a scope has reached, in words that a naive mesh can be told in, too: cores,
 * what is under way, what clients have been told, and the faults that are left.
 */

import { nameOfFrame, nameOfSnapshot } from '../../src/sim/explore/canonical.ts';
import { CoreShelf } from '../../src/sim/explore/core-shelf.ts';
import { explore } from '../../src/sim/explore/engine.ts';
import { claimStates } from '../../src/sim/explore/mesh-layout.ts';
import { meshModel } from '../../src/sim/explore/mesh-model.ts';
import type { MeshWorld } from '../../src/sim/explore/mesh-world.ts';
import type { Budgets, MeshScope } from '../../src/sim/explore/scope.ts';

export const budgetKinds: readonly (keyof Budgets)[] = [
  'crashes',
  'restarts',
  'breaks',
  'jumps',
  'beats',
  'pauses',
  'giveUps',
];

/** Numbers for names, the same on both sides. */
export class Numbers {
  readonly #numbers = new Map<string, number>();

  of(name: string): number {
    let number = this.#numbers.get(name);
    if (number === undefined) {
      number = this.#numbers.size + 1;
      this.#numbers.set(name, number);
    }
    return number;
  }
}

/** All that a search has reached, in words that a naive mesh can tell, too. */
export class Reached {
  readonly scope: MeshScope;
  readonly meshes: Set<string> = new Set();
  readonly cores: Set<number> = new Set();
  readonly numbers: Numbers = new Numbers();
  readonly states: number;
  readonly complete: boolean;

  constructor(scope: MeshScope, shelf: CoreShelf = new CoreShelf()) {
    this.scope = scope;
    const model = meshModel(scope, shelf.of(scope));
    const naming = new Naming(model.world, this.numbers);
    const note = (state: Int32Array): null => {
      this.meshes.add(naming.meshOf(state));
      for (const core of naming.coresOf(state)) this.cores.add(core);
      return null;
    };
    const limits = { bytesMax: 3e9, hasTime: () => true };
    const always = [{ name: 'reached', breach: note }, ...model.always];
    const found = explore({ ...model, always, atRest: [] }, limits);
    this.states = found.states;
    this.complete = found.complete;
    if (found.violations.length > 0) throw new Error(JSON.stringify(found.violations));
  }
}

/** What a state of the search is called. */
class Naming {
  readonly #world: MeshWorld;
  readonly #numbers: Numbers;
  readonly #cores = new Map<number, number>();
  readonly #rows = new Map<number, string>();

  constructor(world: MeshWorld, numbers: Numbers) {
    this.#world = world;
    this.#numbers = numbers;
  }

  coresOf(state: Int32Array): readonly number[] {
    return [...state.subarray(0, this.#world.layout.peers)].map((core) => this.#coreOf(core));
  }

  meshOf(state: Int32Array): string {
    const { layout, scope } = this.#world;
    const told = scope.claims.map((_, claim) => {
      const isShared = layout.isShared(state, claim);
      return `${claimStates.indexOf(layout.claimOf(state, claim))}${isShared ? 's' : ''}`;
    });
    const left = budgetKinds.map((kind) => layout.leftOf(state, kind));
    const rows: string[] = [];
    for (let from = 0; from < layout.peers; from += 1) {
      for (let to = 0; to < layout.peers; to += 1) {
        if (from !== to) rows.push(this.#rowOf(state[layout.queueAt(from, to)] ?? 0));
      }
    }
    return [this.coresOf(state).join(), rows.join(';'), told.join(''), left.join()].join('|');
  }

  #coreOf(core: number): number {
    if (core === 0) return 0;
    let number = this.#cores.get(core);
    if (number === undefined) {
      const { incarnation, peer, snapshot, wall } = this.#world.cores.stateOf(core);
      number = this.#numbers.of(`${peer} ${incarnation} ${wall} ${nameOfSnapshot(snapshot)}`);
      this.#cores.set(core, number);
    }
    return number;
  }

  #rowOf(row: number): string {
    let name = this.#rows.get(row);
    if (name === undefined) {
      const { cores, queues } = this.#world;
      const items = queues.of(row).items.map((item) => {
        if (item.item === 'down') return 'down';
        if (item.item === 'up') return `up${item.incarnation}`;
        return this.#numbers.of(nameOfFrame(cores.frameOf(item.frame)));
      });
      name = items.join();
      this.#rows.set(row, name);
    }
    return name;
  }
}
