/**
 * Partitions of a real mesh: the same shapes as in the simulator, as directions that are held.
 */

import { cutsOf, stagesOf } from '../../src/sim/partition.ts';
import type { Shape } from '../../src/sim/plan.ts';
import { knownOptions, msOf, refuse } from '../../src/sim/refusals.ts';
import type { SimPartition, SimPartitionOptions } from '../../src/sim/sim-partition.ts';

/** From whom to whom nothing passes, by places. */
type Cuts = readonly (readonly [from: number, to: number])[];

/** What a partition needs of its mesh. */
export interface Divided {
  /** Holds the directions. @returns what releases them */
  cut(cuts: Cuts, breaks: boolean): () => void;
  /** Calls back, unless the mesh is closed before. */
  later(ms: number, run: () => void): void;
}

/** How a mesh is divided: groups, or a shape and who stands where in it. */
export interface Division {
  readonly groups: readonly (readonly number[])[] | null;
  readonly shape: Shape | null;
  readonly order: readonly number[];
}

/** @throws `TypeError` for impossible options */
export function beginRealPartition(
  mesh: Divided,
  { groups, shape, order }: Division,
  options: SimPartitionOptions,
): SimPartition {
  const act = 'partition';
  knownOptions(act, options, ['breaks', 'every', 'for', 'order']);
  const { breaks = false } = options;
  const forMs = msOf(act, options.for ?? 0, 'for');
  const periodMs = msOf(act, options.every ?? 0, 'every');
  if (groups !== null && periodMs > 0) refuse(act, 'groups must have no `every`', periodMs);
  const heal =
    shape === 'swizzle'
      ? swizzle(mesh, { order, breaks, forMs })
      : steady(mesh, {
          cuts: groups === null ? shapeOf(shape, order) : apart(groups),
          breaks,
          periodMs,
        });
  if (options.for !== undefined) mesh.later(forMs, heal);
  return { heal };
}

function shapeOf(shape: Shape | null, order: readonly number[]): Cuts {
  return shape === null ? [] : cutsOf(shape, order);
}

/** Stays, or comes and goes. */
function steady(
  mesh: Divided,
  { cuts, breaks, periodMs }: { cuts: Cuts; breaks: boolean; periodMs: number },
): () => void {
  let release: (() => void) | null = null;
  let isOver = false;
  const toggle = (): void => {
    if (isOver) return;
    if (release === null) release = mesh.cut(cuts, breaks);
    else {
      release();
      release = null;
    }
    if (periodMs > 0) mesh.later(periodMs, toggle);
  };
  toggle();
  return () => {
    isOver = true;
    release?.();
    release = null;
  };
}

/** Cuts one after the other off, and lets them back. */
function swizzle(
  mesh: Divided,
  { order, breaks, forMs }: { order: readonly number[]; breaks: boolean; forMs: number },
): () => void {
  if (forMs === 0) refuse('partition', 'swizzle must have a time in `for`', undefined);
  const stages = stagesOf(order);
  const stepMs = Math.max(1, Math.floor(forMs / (2 * stages.length)));
  const releases: (() => void)[] = [];
  let isOver = false;
  stages.forEach((cuts, at) => {
    mesh.later(at * stepMs, () => {
      if (!isOver) releases.push(mesh.cut(cuts, breaks));
    });
    mesh.later((stages.length + at) * stepMs, () => releases.shift()?.());
  });
  return () => {
    isOver = true;
    for (const release of releases.splice(0)) release();
  };
}

function apart(groups: readonly (readonly number[])[]): Cuts {
  return groups.flatMap((group, at) => {
    const others = groups.filter((_, other) => other !== at).flat();
    return group.flatMap((from) => others.map((to) => [from, to] as const));
  });
}
