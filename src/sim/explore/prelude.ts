/**
 * What happens before a search: it leads a mesh to where the search starts, by steps that are
 * possible there as in any search.
 */

import { type AllHeard, actionOf, codeOf, type PreludeStep } from './action.ts';
import { describeAction, listActions, takeAction } from './mesh-actions.ts';
import type { MeshWorld } from './mesh-world.ts';

export class Prelude {
  readonly #world: MeshWorld;
  /** What has happened. */
  #actions: number[] = [];
  /** The same in words. */
  #steps: string[] = [];
  /** The first action that was not possible; `null` where all were. */
  #stoppedAt: PreludeStep | null = null;

  constructor(world: MeshWorld) {
    this.#world = world;
  }

  get actions(): readonly number[] {
    return this.#actions;
  }

  get steps(): readonly string[] {
    return this.#steps;
  }

  /** Where cores are others than those that it was written for it may end early. */
  get stoppedAt(): PreludeStep | null {
    return this.#stoppedAt;
  }

  /** Opens the world, and takes it to where the search starts. */
  play(): void {
    this.#actions = [];
    this.#steps = [];
    this.#stoppedAt = null;
    this.#world.open();
    for (const step of this.#world.scope.prelude ?? []) {
      if (this.#world.isBroken) return;
      const isTaken =
        step.kind === 'all' ? this.#hearAll(step) : this.#take(codeOf(step.kind, step.a, step.b));
      if (isTaken) continue;
      this.#stoppedAt = step;
      return;
    }
  }

  /** In a fixed order, until there is no more. */
  #hearAll({ among }: AllHeard): boolean {
    for (;;) {
      const next = this.#possible().find((code) => {
        const { kind, a, b } = actionOf(code);
        return kind === 'deliver' && among.includes(a) && among.includes(b);
      });
      if (next === undefined || this.#world.isBroken) return true;
      this.#take(next);
    }
  }

  #take(code: number): boolean {
    if (!this.#possible().includes(code)) return false;
    this.#actions.push(code);
    this.#steps.push(describeAction(this.#world, code));
    takeAction(this.#world, code);
    return true;
  }

  #possible(): readonly number[] {
    const possible: number[] = [];
    listActions(this.#world, possible);
    return possible;
  }
}
