/**
 * Breadth-first search of a model: all that can be reached, the nearest first, so that the first
 * breach it meets is as short as any.
 */

import { findEndless } from './eventually.ts';
import type { Breach, Emit, Exploration, Limits, Model } from './model.ts';
import { noParent, StateTable } from './state-table.ts';
import { actionsTo, stepsTo } from './steps.ts';

/** After how many states the limits are looked at. */
const lookEvery = 1_024;

/** Searches until all is seen, something is broken, or a limit is reached. */
export function explore(model: Model, limits: Limits): Exploration {
  return new Search(model, limits).run();
}

class Search {
  readonly #model: Model;
  readonly #limits: Limits;
  readonly #table: StateTable;
  /** A copy to bring into canonical form. */
  readonly #next: Int32Array;
  readonly #unseen: Set<Model['sometimes'][number]>;
  readonly #witnessed: string[] = [];
  #generated = 0;
  #breach: Breach | null = null;
  /** The state whose successors are made, and whether something has to happen there. */
  #from = noParent;
  #isAtRest = true;

  constructor(model: Model, limits: Limits) {
    this.#model = model;
    this.#limits = limits;
    this.#table = new StateTable(model.width);
    this.#next = new Int32Array(model.width);
    this.#unseen = new Set(model.sometimes);
  }

  run(): Exploration {
    const state = new Int32Array(this.#model.width);
    const emit = (next: Int32Array, action: number): void => this.#reach(next, action);
    this.#model.initial(emit);
    let depth = this.#table.size > 0 ? 1 : 0;
    let levelEnd = this.#table.size;
    for (let index = 0; index < this.#table.size && this.#breach === null; index += 1) {
      if (index === levelEnd) {
        depth += 1;
        levelEnd = this.#table.size;
      }
      const stopped = index % lookEvery === 0 ? this.#whyStop() : null;
      if (stopped !== null) return this.#report(depth, stopped);
      this.#table.read(index, state);
      this.#expand(index, state, emit);
    }
    if (this.#breach === null) this.#breach = findEndless(this.#model, this.#table);
    return this.#report(depth, this.#breach === null ? null : 'breach');
  }

  #expand(index: number, state: Int32Array, emit: Emit): void {
    this.#from = index;
    this.#isAtRest = true;
    this.#model.successors(state, emit);
    if (!this.#isAtRest || this.#breach !== null) return;
    for (const { name, breach } of this.#model.atRest) {
      const message = breach(state);
      if (message !== null) this.#fail(name, message, index);
    }
  }

  #reach(next: Int32Array, action: number): void {
    if (this.#breach !== null) return;
    this.#generated += 1;
    if (!this.#model.isOptional?.(action)) this.#isAtRest = false;
    this.#next.set(next);
    this.#model.canonical?.(this.#next);
    const index = this.#table.add(this.#next, this.#from, action);
    if (index < 0) return;
    for (const property of this.#unseen) {
      if (!property.holds(this.#next)) continue;
      this.#unseen.delete(property);
      this.#witnessed.push(property.name);
    }
    for (const { name, breach } of this.#model.always) {
      const message = breach(this.#next);
      if (message !== null) return this.#fail(name, message, index);
    }
  }

  #fail(property: string, message: string, index: number): void {
    if (this.#breach !== null) return;
    const actions = actionsTo(this.#model, this.#table, index);
    const steps = stepsTo(this.#model, this.#table, index);
    this.#breach = { property, message, actions, steps };
  }

  #whyStop(): 'memory' | 'time' | null {
    const { bytesMax, hasTime } = this.#limits;
    if (this.#table.bytes + (this.#model.bytes?.() ?? 0) > bytesMax) return 'memory';
    return hasTime() ? null : 'time';
  }

  #report(depth: number, stopped: Exploration['stopped']): Exploration {
    return {
      states: this.#table.size,
      generated: this.#generated,
      depth,
      complete: stopped === null,
      stopped,
      violations: this.#breach === null ? [] : [this.#breach],
      witnessed: this.#witnessed,
    };
  }
}
