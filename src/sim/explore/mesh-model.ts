/**
 * The lock mesh as a model: some cores of this project, their clients, and what lies between them.
 * It knows how connections, processes and clocks behave; of the protocol it knows only what a
 * client is promised.
 */

import { isOptional } from './action.ts';
import type { Cores } from './cores.ts';
import { describeAction } from './mesh-actions.ts';
import { goalsOf } from './mesh-goals.ts';
import { whyStuck } from './mesh-heal.ts';
import { Successors } from './mesh-successors.ts';
import { symmetryOf } from './mesh-symmetry.ts';
import { MeshWorld } from './mesh-world.ts';
import type { Model } from './model.ts';
import { Prelude } from './prelude.ts';
import type { MeshScope } from './scope.ts';

export interface MeshModel extends Model {
  readonly world: MeshWorld;
  /** What happens before the search. */
  readonly prelude: Prelude;
}

/** The mesh of a scope. @param cores what is known of its cores from other scopes (`CoreShelf`) */
export function meshModel(scope: MeshScope, cores?: Cores): MeshModel {
  const world = new MeshWorld(scope, cores);
  const { brokenAt } = world.layout;
  const successors = new Successors(world);
  const canonical = symmetryOf(scope, world);
  const prelude = new Prelude(world);
  return {
    world,
    prelude,
    width: world.layout.width,
    initial: (emit) => {
      prelude.play();
      emit(world.state, 0);
    },
    successors: (state, emit) => {
      // What is broken is looked at, and goes no further.
      if (state[brokenAt] === 0) successors.of(state, emit);
    },
    ...(canonical === null ? {} : { canonical }),
    isOptional,
    always: [{ name: 'promises', breach: (state) => world.promises.breachOf(state) }],
    atRest: [{ name: 'nothing is stuck', breach: (state) => whyStuck(world, scope, state) }],
    sometimes: goalsOf(scope, world),
    eventually: [],
    describe: (action, before) => {
      world.state.set(before);
      return describeAction(world, action);
    },
    bytes: () => world.cores.bytes,
  };
}
