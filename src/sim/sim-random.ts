/**
 * Chance for scenarios, from the seed of the run.
 */

import { Stream } from './random.ts';
import { numberOf, refuse } from './refusals.ts';

const wholes = { least: -Number.MAX_SAFE_INTEGER, most: Number.MAX_SAFE_INTEGER, whole: true };

/** A sequence of draws: the same for the same seed, on every machine. */
export class SimRandom {
  readonly #stream: Stream;

  /** @internal */
  constructor(seed: number) {
    this.#stream = Stream.of(seed, 'scenario');
  }

  /** A number that is at least 0 and less than 1. */
  next(): number {
    return this.#stream.next() / 0x1_0000_0000;
  }

  /**
   * A whole number, both bounds included.
   *
   * @throws `TypeError` unless both are whole numbers
   */
  between(least: number, most: number): number {
    numberOf('draw', least, { what: 'the bounds', ...wholes });
    numberOf('draw', most, { what: 'the greater bound', ...wholes, least });
    return this.#stream.between(least, most);
  }

  /**
   * Whether something of this probability, from 0 to 1, happens.
   *
   * @throws `TypeError` for any other number
   */
  chance(probability: number): boolean {
    numberOf('draw', probability, { what: 'the probability', least: 0, most: 1 });
    return this.#stream.chance(probability);
  }

  /**
   * One of the items.
   *
   * @throws `TypeError` when there is none
   */
  pick<Item>(items: readonly Item[]): Item {
    const at = this.#stream.below(items.length);
    // An item may well be `undefined`.
    for (const item of items.slice(at, at + 1)) return item;
    return refuse('draw', 'the list must have an item', items);
  }

  /** The items in another order. */
  shuffled<Item>(items: readonly Item[]): Item[] {
    return this.#stream.shuffled(items);
  }
}
