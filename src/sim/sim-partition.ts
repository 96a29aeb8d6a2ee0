/**
 * Partitions as the author of a scenario sees them.
 */

import type { Fault, Shape } from './plan.ts';
import { msOf, refuse, wordOf } from './refusals.ts';
import type { Stage } from './stage.ts';

/** How a partition is made, and for how long. */
export interface SimPartitionOptions {
  /**
   * Whether the connections across it break at once, and both ends notice. Otherwise they carry
   * nothing, and it is for the peers to notice.
   *
   * @default false
   */
  readonly breaks?: boolean;
  /**
   * Lets it come and go, each for so many milliseconds; only of a shape.
   *
   * @default it stays
   */
  readonly every?: number;
  /**
   * How long it lasts, in milliseconds; `swizzle` needs it.
   *
   * @default until it is healed
   */
  readonly for?: number;
  /**
   * Who stands where in a shape, by id or place; those who are left out are not part of it.
   *
   * @default the order of the nodes
   */
  readonly order?: readonly (string | number)[];
}

/** A partition that stands, or stood. */
export interface SimPartition {
  /** Ends it. Further calls do nothing. */
  heal(): void;
}

/** What is divided: by indices. */
interface Division {
  readonly groups: readonly (readonly number[])[] | null;
  readonly shape: Shape | null;
  readonly order: readonly number[];
}

// A record, so that a shape that is missing here does not compile.
const shapes: Readonly<Record<Shape, true>> = Object.freeze({
  bridge: true,
  halves: true,
  isolate: true,
  minority: true,
  'one-way': true,
  ring: true,
  swizzle: true,
});

/** @throws `TypeError` for impossible options */
export function beginPartition(
  stage: Stage,
  { groups, shape, order }: Division,
  options: SimPartitionOptions,
): SimPartition {
  const { breaks = false, every = 0 } = options;
  const forMs = Math.round(msOf('partition', options.for ?? 0, 'for'));
  const periodMs = Math.round(msOf('partition', every, 'every'));
  const faults: Fault[] = [];
  if (groups !== null) {
    if (periodMs > 0) refuse('partition', 'groups must have no `every`', every);
    faults.push(...faultsBetween(groups, breaks));
  } else if (shape !== null) {
    requireShape(shape, forMs);
    faults.push({ do: 'partition', shape, order, breaks, periodMs, forMs });
  }
  const ends = faults.map((fault) => stage.begin(fault));
  const heal = (): void => {
    for (const end of ends.splice(0)) end();
  };
  if (options.for !== undefined) stage.later(forMs, heal);
  return { heal };
}

function requireShape(shape: Shape, forMs: number): void {
  const names: readonly string[] = Object.keys(shapes);
  wordOf('partition', shape, {
    what: 'the shape',
    of: names.filter((name): name is Shape => name in shapes),
  });
  if (shape === 'swizzle' && forMs === 0) {
    refuse('partition', 'swizzle must have a time in `for`', undefined);
  }
}

/** Nothing passes between two of the groups. */
function faultsBetween(groups: readonly (readonly number[])[], breaks: boolean): readonly Fault[] {
  return groups.flatMap((group, at) => {
    const others = groups.filter((_, other) => other !== at).flat();
    return group.flatMap((from) => {
      return others.flatMap((to): Fault[] => {
        const hold: Fault = { do: 'hold', from, to, forMs: 0 };
        const isOnce = breaks && from < to;
        return isOnce ? [{ do: 'reset', a: from, b: to, toldMs: [0, 0] }, hold] : [hold];
      });
    });
  });
}
