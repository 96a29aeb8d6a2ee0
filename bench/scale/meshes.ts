/**
 * Meshes that live as long as a measure, and what all measures of the suite scale ask of them.
 */

import { Children } from '../children.ts';
import { measurePairs } from '../measures/pairs.ts';
import { type MeshSpec, startMesh } from '../mesh.ts';
import type { Running } from '../running.ts';
import type { WorkerProcess } from '../worker-process.ts';

/** Starts these meshes, hands them over, and ends them. */
export async function withMeshes<Found>(
  specs: readonly MeshSpec[],
  measure: (meshes: readonly Running[]) => Promise<Found>,
): Promise<Found> {
  const children = new Children();
  try {
    const meshes: Running[] = [];
    for (const spec of specs) meshes.push(await startMesh(children, spec));
    return await measure(meshes);
  } finally {
    await children.end();
  }
}

/** Until the engines have compiled what the first client runs, and the voters for it. */
export async function warmUp(mesh: Running): Promise<void> {
  await measurePairs(mesh, { claims: 64, forMs: 4_000, pairsMax: 40_000 });
  await measurePairs(mesh, { claims: 1, forMs: 4_000, pairsMax: 10_000 });
}

/** The client so far from the first. */
export function clientAt(mesh: Running | undefined, at: number): WorkerProcess {
  const client = mesh?.clients[at];
  if (client === undefined) throw new Error('The mesh is too small');
  return client;
}

/** All processes of a mesh. */
export function peersOf({ clients, others }: Running): readonly WorkerProcess[] {
  return [...clients, ...others];
}
