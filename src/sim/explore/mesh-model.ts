/**
 * The lock mesh as a model: some cores of this project, their clients, and what lies between them.
 * It knows how connections, processes and clocks behave; of the protocol it knows only what a
 * client is promised.
 */

import { describeAction, isOptional, possibleActions, takeAction } from './mesh-actions.ts';
import { goalsOf } from './mesh-goals.ts';
import { whyStuck } from './mesh-heal.ts';
import { reducedActions } from './mesh-reduction.ts';
import { symmetryOf } from './mesh-symmetry.ts';
import { MeshWorld } from './mesh-world.ts';
import type { Model } from './model.ts';
import type { MeshScope } from './scope.ts';

export interface MeshModel extends Model {
  readonly world: MeshWorld;
}

/** The mesh of a scope. */
export function meshModel(scope: MeshScope): MeshModel {
  const world = new MeshWorld(scope);
  const { brokenAt } = world.layout;
  const actions: number[] = [];
  const canonical = symmetryOf(scope, world);
  return {
    world,
    width: world.layout.width,
    initial: (emit) => {
      world.open();
      emit(world.state, 0);
    },
    successors: (state, emit) => {
      // What is broken is looked at, and goes no further.
      if (state[brokenAt] !== 0) return;
      world.state.set(state);
      actions.length = 0;
      possibleActions(world, scope, (action) => actions.push(action));
      const isUnseen = (action: number): boolean => {
        world.state.set(state);
        takeAction(world, scope, action);
        return !world.promises.isSeenSince(state);
      };
      const chosen = scope.isReduced ? reducedActions(world, actions, isUnseen) : actions;
      for (const action of chosen) {
        world.state.set(state);
        takeAction(world, scope, action);
        emit(world.state, action);
      }
    },
    ...(canonical === null ? {} : { canonical }),
    isOptional,
    always: [{ name: 'promises', breach: (state) => world.promises.breachOf(state) }],
    atRest: [{ name: 'nothing is stuck', breach: (state) => whyStuck(world, scope, state) }],
    sometimes: goalsOf(scope, world),
    eventually: [],
    describe: (action, before) => {
      world.state.set(before);
      return describeAction(world, scope, action);
    },
    bytes: () => world.cores.bytes,
  };
}
