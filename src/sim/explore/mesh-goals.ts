/**
 * What a search of the mesh should have come across, or it has shown little.
 */

import type { MeshWorld } from './mesh-world.ts';
import type { Property } from './model.ts';
import type { MeshScope } from './scope.ts';

/** The goals that a scope names. @throws {RangeError} for a name that there is not */
export function goalsOf(scope: MeshScope, world: MeshWorld): readonly Property[] {
  const all = allGoals(scope, world);
  return scope.goals.map((name) => {
    const goal = all.find((other) => other.name === name);
    if (goal === undefined) throw new RangeError(`No such goal: ${name}`);
    return goal;
  });
}

function allGoals(scope: MeshScope, world: MeshWorld): readonly Property[] {
  const { layout } = world;
  const claims = [...scope.claims.keys()];
  const all = (state: Int32Array, of: string): boolean =>
    claims.every((claim) => layout.claimOf(state, claim) === of);
  const some = (state: Int32Array, of: string): boolean =>
    claims.some((claim) => layout.claimOf(state, claim) === of);
  const cores = (state: Int32Array): readonly number[] =>
    [...state.subarray(0, layout.peers)].filter((core) => core !== 0);
  return [
    { name: 'granted', holds: (state) => some(state, 'held') },
    { name: 'waits for a holder', holds: (state) => some(state, 'held') && some(state, 'waiting') },
    {
      name: 'handed over',
      holds: (state) => some(state, 'over') && some(state, 'held') && !some(state, 'unasked'),
    },
    { name: 'downgraded', holds: (state) => layout.sharedOf(state) !== 0 },
    { name: 'held together', holds: (state) => all(state, 'held') },
    { name: 'all over', holds: (state) => all(state, 'over') },
    { name: 'lapsed', holds: (state) => some(state, 'lapsed') },
    {
      name: 'holds while another recovers',
      holds: (state) =>
        some(state, 'held') && cores(state).some((core) => !world.cores.stateOf(core).isVoting),
    },
    {
      name: 'recovered',
      holds: (state) =>
        cores(state).some((core) => {
          const { incarnation, isVoting } = world.cores.stateOf(core);
          return incarnation > 1 && isVoting;
        }),
    },
    {
      name: 'vote given back',
      holds: (state) => cores(state).some((core) => world.cores.stateOf(core).hasYielded),
    },
    {
      name: 'token raised',
      holds: (state) => cores(state).some((core) => world.cores.stateOf(core).hasRaised),
    },
    {
      name: 'granted again',
      holds: (state) => cores(state).some((core) => world.cores.stateOf(core).hasLingered),
    },
    {
      name: 'granted after a death',
      holds: (state) =>
        some(state, 'over') && some(state, 'held') && cores(state).length < layout.peers,
    },
  ];
}
