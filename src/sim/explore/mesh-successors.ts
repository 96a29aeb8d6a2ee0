/**
 * What may come next in a state of the mesh: each action that is possible is tried once, and one
 * order of those that commute is kept.
 */

import { listActions, takeAction } from './mesh-actions.ts';
import { isOf, Reduction } from './mesh-reduction.ts';
import type { MeshWorld } from './mesh-world.ts';
import type { Emit } from './model.ts';

export class Successors {
  readonly #world: MeshWorld;
  readonly #reduction: Reduction;
  readonly #actions: number[] = [];
  /** Where each action leads, once it is tried. */
  readonly #nexts: Int32Array[] = [];
  readonly #isTried: boolean[] = [];
  readonly #isSeen: boolean[] = [];
  readonly #from: Int32Array;

  constructor(world: MeshWorld) {
    this.#world = world;
    this.#reduction = new Reduction(world);
    this.#from = new Int32Array(world.layout.width);
  }

  /** Calls `emit` with where each action leads that is possible in a state, and may go first. */
  of(state: Int32Array, emit: Emit): void {
    const { scope } = this.#world;
    this.#from.set(state);
    this.#world.state.set(state);
    this.#actions.length = 0;
    listActions(this.#world, this.#actions);
    this.#isTried.fill(false);
    const first = scope.isReduced
      ? this.#reduction.firstToGo(this.#actions, (index) => this.#isSeenBy(index))
      : -1;
    for (const [index, action] of this.#actions.entries()) {
      if (first !== -1 && !isOf(first, this.#world, action)) continue;
      emit(this.#next(index), action);
    }
  }

  #isSeenBy(index: number): boolean {
    this.#next(index);
    return this.#isSeen[index] ?? true;
  }

  #next(index: number): Int32Array {
    let next = this.#nexts[index];
    if (next === undefined) {
      next = new Int32Array(this.#from.length);
      this.#nexts[index] = next;
    }
    if (this.#isTried[index] === true) return next;
    const { promises, state } = this.#world;
    state.set(this.#from);
    takeAction(this.#world, this.#actions[index] ?? 0);
    next.set(state);
    this.#isTried[index] = true;
    this.#isSeen[index] = promises.isSeenSince(this.#from);
    return next;
  }
}
