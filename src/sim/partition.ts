/**
 * The shapes of partitions, as the directions that are cut.
 */

import type { Shape } from './plan.ts';

/** From whom to whom nothing passes. */
export type Cut = readonly [from: number, to: number];

/**
 * The directions that a partition cuts.
 *
 * - `halves`: the first half from the second.
 * - `minority`: the first few, fewer than half, from the others.
 * - `isolate`: the first from all others.
 * - `bridge`: two halves that do not see each other, and the first, which sees both.
 * - `ring`: each sees a majority, and no two the same one.
 * - `one-way`: nothing passes from the first half to the second; what comes back does.
 * - `swizzle`: each from all others, one after the other: see `stages`.
 *
 * @param order who stands where
 */
export function cutsOf(shape: Shape, order: readonly number[]): readonly Cut[] {
  const count = order.length;
  switch (shape) {
    case 'halves':
      return between(order.slice(0, count >> 1), order.slice(count >> 1));
    case 'minority': {
      const few = Math.max(1, (count - 1) >> 1);
      return between(order.slice(0, few), order.slice(few));
    }
    case 'isolate':
    case 'swizzle':
      return between(order.slice(0, 1), order.slice(1));
    case 'bridge': {
      const rest = order.slice(1);
      return between(rest.slice(0, rest.length >> 1), rest.slice(rest.length >> 1));
    }
    case 'ring':
      return ring(order);
    case 'one-way':
      return oneWay(order.slice(0, count >> 1), order.slice(count >> 1));
  }
}

/** For `swizzle`: the cuts of each stage; a stage begins while those before it still stand. */
export function stagesOf(order: readonly number[]): readonly (readonly Cut[])[] {
  return order.map((each) =>
    between(
      [each],
      order.filter((other) => other !== each),
    ),
  );
}

function between(left: readonly number[], right: readonly number[]): readonly Cut[] {
  return [...oneWay(left, right), ...oneWay(right, left)];
}

function oneWay(left: readonly number[], right: readonly number[]): readonly Cut[] {
  return left.flatMap((from) => right.map((to): Cut => [from, to]));
}

/** Each sees only so many neighbours on either side that they are a majority with itself. */
function ring(order: readonly number[]): readonly Cut[] {
  const count = order.length;
  const reach = Math.ceil((count >> 1) / 2);
  return order.flatMap((from, at) =>
    order.flatMap((to, other): Cut[] => {
      const apart = Math.abs(at - other);
      return Math.min(apart, count - apart) > reach ? [[from, to]] : [];
    }),
  );
}
