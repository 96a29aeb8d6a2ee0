/**
 * One of several, some of them more likely.
 */

import type { Stream } from './random.ts';

/** An item with its weight: whole, at least 0. */
export type Weighted<Item> = readonly [weight: number, item: Item];

/** @throws `RangeError` when all weights are 0 */
export function weighted<Item>(chance: Stream, items: readonly Weighted<Item>[]): Item {
  let rest = chance.below(items.reduce((sum, [weight]) => sum + weight, 0));
  for (const [weight, item] of items) {
    rest -= weight;
    if (rest < 0) return item;
  }
  throw new RangeError('Cannot choose: nothing has a weight');
}
