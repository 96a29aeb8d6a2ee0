/**
 * The hosts of a plan's mesh.
 */

import type { PeerOptions } from '../peer/options.ts';
import { type Host, urlOf } from './host.ts';
import type { PlanMesh } from './plan.ts';
import type { World } from './world.ts';

/** The name of a voter or, after the voters, of a member, by its index. */
export function hostName({ voters }: Pick<PlanMesh, 'voters'>, index: number): string {
  return index < voters ? voterName(index) : `m${index - voters + 1}`;
}

/** Adds the hosts of a mesh to a world; they are not started. */
export function addHosts(world: World, mesh: PlanMesh): readonly Host[] {
  return mesh.clocks.map((clock, index) => {
    const name = hostName(mesh, index);
    const isVoter = index < mesh.voters;
    return world.add({
      name,
      clock,
      hasDisk: mesh.hasDisk && isVoter,
      peer: optionsOf(mesh, name, isVoter),
    });
  });
}

/** The options of a peer of the mesh. */
export function optionsOf(mesh: PlanMesh, id: string, listens: boolean): PeerOptions {
  const ids = Array.from({ length: mesh.voters }, (_, index) => voterName(index));
  return {
    id,
    allowSteal: true,
    lease: mesh.leaseMs,
    limits: mesh.limits,
    members: mesh.members > 0,
    prepareTimeout: mesh.prepareTimeoutMs,
    quorum: mesh.quorum,
    ...(mesh.replicas === undefined ? {} : { replicas: mesh.replicas }),
    ...(mesh.deadlockProbeMs === undefined ? {} : { deadlockProbeAfter: mesh.deadlockProbeMs }),
    voters: Object.fromEntries(ids.map((voter) => [voter, urlOf(voter)])),
    ...(listens ? { listen: { host: '127.0.0.1', port: 7400 } } : {}),
  };
}

function voterName(index: number): string {
  return index < 26 ? String.fromCharCode(97 + index) : `v${index}`;
}
