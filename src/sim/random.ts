/**
 * Chance from a seed. A stream is named by what it is for, so that two uses never share one and a
 * draw more here changes nothing there; and a draw can be keyed by an index, so that leaving one
 * message out changes no other message's fate. Whole numbers of 32 bits throughout: the same on
 * every machine.
 */

/** 2^32. */
const range = 0x1_0000_0000;

/**
 * A stateless draw: 0 to 2^32 − 1, from a key and an index (the finalizer of MurmurHash3, Appleby,
 * over both).
 */
export function draw(key: number, index: number): number {
  let h = Math.imul(key ^ 0x9e3779b9, 0x85ebca6b) ^ index;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 16), 0x21f0aaad);
  return (h ^ (h >>> 15)) >>> 0;
}

/**
 * The key of the stream that `label` names, under a seed.
 *
 * @throws `TypeError` when the seed is not a whole number from 0 to 2^53 − 1
 */
export function keyOf(seed: number, label: string): number {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    const wanted = 'a whole number from 0 to 2^53 - 1';
    throw new TypeError(`Cannot draw: seed must be ${wanted}, received ${seed}`);
  }
  let key = draw(seed >>> 0, Math.floor(seed / range));
  for (let at = 0; at < label.length; at += 1) key = draw(key, label.charCodeAt(at));
  return key;
}

/** A sequence of draws (SplitMix with 32 bits: Steele, Lea and Flood 2014). */
export class Stream {
  #state: number;

  constructor(key: number) {
    this.#state = key | 0;
  }

  /** The stream that `label` names, under a seed. */
  static of(seed: number, label: string): Stream {
    return new Stream(keyOf(seed, label));
  }

  /** A whole number from 0 to 2^32 − 1. */
  next(): number {
    this.#state = (this.#state + 0x9e3779b9) | 0;
    let z = this.#state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  }

  /** A whole number from 0 to `bound` − 1. */
  below(bound: number): number {
    return Math.floor((this.next() / range) * bound);
  }

  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  /** Whether a thing of this chance, from 0 to 1, happens. */
  chance(probability: number): boolean {
    return this.next() < probability * range;
  }

  /** One of the items. */
  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new RangeError('Cannot pick: the list is empty');
    return item;
  }

  /** The items in another order. */
  shuffled<Item>(items: readonly Item[]): Item[] {
    const rest = [...items];
    const mixed: Item[] = [];
    while (rest.length > 0) mixed.push(...rest.splice(this.below(rest.length), 1));
    return mixed;
  }

  /** Unpredictable to the peers, not to the seed. */
  bytes(size: number): Uint8Array {
    const bytes = new Uint8Array(size);
    for (let at = 0; at < size; at += 1) bytes[at] = this.next() & 0xff;
    return bytes;
  }
}
