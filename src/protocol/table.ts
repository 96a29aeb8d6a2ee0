/**
 * A map in the order of insertion, for what comes and goes all the time. `Map` would do, but for
 * this: when one has filled its room it moves into a new one, and the old room, of no more use to
 * anybody, goes on to point at the new one. Once an old room has been promoted to where V8 keeps
 * what lives long, it keeps all later ones alive with whatever stood in them, until the next full
 * collection: so each collection of young objects copies megabytes of dead rounds.
 *
 *     buckets[hash & mask] ─▶ slot ─chained─▶ slot         first ⇄ slot ⇄ slot ⇄ last
 *
 * What is taken out points at nothing.
 */

import { hashOfText } from './hash.ts';

interface Slot<Key, Value> {
  readonly key: Key;
  readonly hash: number;
  value: Value;
  /** The next in the same bucket. */
  chained: Slot<Key, Value> | null;
  previous: Slot<Key, Value> | null;
  next: Slot<Key, Value> | null;
}

const leastBuckets = 16;

export class Table<Key extends number | string, Value> {
  #buckets: (Slot<Key, Value> | null)[] = emptyBuckets(leastBuckets);
  #first: Slot<Key, Value> | null = null;
  #last: Slot<Key, Value> | null = null;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(key: Key): Value | undefined {
    return this.#find(key, hashOf(key))?.value;
  }

  has(key: Key): boolean {
    return this.#find(key, hashOf(key)) !== null;
  }

  set(key: Key, value: Value): void {
    const hash = hashOf(key);
    const known = this.#find(key, hash);
    if (known !== null) {
      known.value = value;
      return;
    }
    if (this.#size === this.#buckets.length) this.#grow();
    const at = hash & (this.#buckets.length - 1);
    const chained = this.#buckets[at] ?? null;
    const previous = this.#last;
    const slot: Slot<Key, Value> = { key, hash, value, chained, previous, next: null };
    this.#buckets[at] = slot;
    if (previous === null) this.#first = slot;
    else previous.next = slot;
    this.#last = slot;
    this.#size += 1;
  }

  /** @returns what was taken out; `undefined` if nothing was there */
  delete(key: Key): Value | undefined {
    const hash = hashOf(key);
    const at = hash & (this.#buckets.length - 1);
    let before: Slot<Key, Value> | null = null;
    let slot = this.#buckets[at] ?? null;
    while (slot !== null && slot.key !== key) {
      before = slot;
      slot = slot.chained;
    }
    if (slot === null) return undefined;
    if (before === null) this.#buckets[at] = slot.chained;
    else before.chained = slot.chained;
    const { next, previous } = slot;
    if (previous === null) this.#first = next;
    else previous.next = next;
    if (next === null) this.#last = previous;
    else next.previous = previous;
    slot.chained = null;
    slot.previous = null;
    slot.next = null;
    this.#size -= 1;
    return slot.value;
  }

  /** Takes everything out. */
  clear(): void {
    while (this.#first !== null) this.delete(this.#first.key);
  }

  /** The key that was put in first of those that are there. */
  firstKey(): Key | undefined {
    return this.#first?.key;
  }

  /** In the order of insertion. Nothing may be taken out meanwhile. */
  *keys(): IterableIterator<Key> {
    for (let slot = this.#first; slot !== null; slot = slot.next) yield slot.key;
  }

  /** In the order of insertion. Nothing may be taken out meanwhile. */
  *values(): IterableIterator<Value> {
    for (let slot = this.#first; slot !== null; slot = slot.next) yield slot.value;
  }

  /** The last put in comes first. Nothing may be taken out meanwhile. */
  *valuesFromLast(): IterableIterator<Value> {
    for (let slot = this.#last; slot !== null; slot = slot.previous) yield slot.value;
  }

  /** In the order of insertion. Nothing may be taken out meanwhile. */
  *[Symbol.iterator](): IterableIterator<[Key, Value]> {
    for (let slot = this.#first; slot !== null; slot = slot.next) yield [slot.key, slot.value];
  }

  #find(key: Key, hash: number): Slot<Key, Value> | null {
    let slot = this.#buckets[hash & (this.#buckets.length - 1)] ?? null;
    while (slot !== null && slot.key !== key) slot = slot.chained;
    return slot;
  }

  #grow(): void {
    const buckets = emptyBuckets<Key, Value>(2 * this.#buckets.length);
    for (let slot = this.#first; slot !== null; slot = slot.next) {
      const at = slot.hash & (buckets.length - 1);
      slot.chained = buckets[at] ?? null;
      buckets[at] = slot;
    }
    this.#buckets = buckets;
  }
}

function emptyBuckets<Key, Value>(length: number): (Slot<Key, Value> | null)[] {
  return new Array<Slot<Key, Value> | null>(length).fill(null);
}

/** Numbers that follow each other spread evenly as they are. */
function hashOf(key: number | string): number {
  if (typeof key === 'number') return key | 0;
  const hash = hashOfText(key);
  return hash ^ (hash >>> 16);
}
