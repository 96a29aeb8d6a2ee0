/**
 * The earliest of many moments, as a binary heap. Items are not taken out when their moment is put
 * off or no longer matters: the owner looks at each one that comes due, and hands it in again.
 * Those of one moment come in the order in which they were handed in, so that it makes no
 * difference how often somebody has asked for the next.
 */

import { type TimeMs, timeMs } from './ids.ts';

/** An item and its moment. */
export interface Due<Item> {
  readonly at: TimeMs;
  readonly item: Item;
}

/** An item in the heap; the later it was handed in, the greater its `order`. */
interface Placed<Item> extends Due<Item> {
  readonly order: number;
}

export class Deadlines<Item> {
  readonly #heap: Placed<Item>[] = [];
  #count = 0;

  get size(): number {
    return this.#heap.length;
  }

  /** The earliest moment of an item that matters; Infinity when there is none. */
  nextAt(matters: (item: Item) => boolean): TimeMs {
    for (let first = this.#heap[0]; first !== undefined; first = this.#heap[0]) {
      if (matters(first.item)) return first.at;
      this.takeDue(first.at);
    }
    return timeMs(Number.POSITIVE_INFINITY);
  }

  add(at: TimeMs, item: Item): void {
    this.#count += 1;
    this.#insert({ at, item, order: this.#count });
  }

  /** Takes out the earliest item if its moment has come. */
  takeDue(now: TimeMs): Due<Item> | undefined {
    const first = this.#heap[0];
    if (first === undefined || first.at > now) return undefined;
    const last = this.#heap.pop();
    if (last !== undefined && last !== first) this.#sink(last);
    return first;
  }

  /** Forgets the items that no longer matter. */
  keep(matters: (item: Item) => boolean): void {
    const kept = this.#heap.filter((due) => matters(due.item));
    this.#heap.length = 0;
    for (const due of kept) this.#insert(due);
  }

  #insert(due: Placed<Item>): void {
    const heap = this.#heap;
    let index = heap.length;
    heap.push(due);
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = heap[parentIndex];
      if (parent === undefined || isBefore(parent, due)) break;
      heap[index] = parent;
      index = parentIndex;
    }
    heap[index] = due;
  }

  /** Puts `due` at the top, and lets it down to its place. */
  #sink(due: Placed<Item>): void {
    const heap = this.#heap;
    let index = 0;
    for (;;) {
      let childIndex = 2 * index + 1;
      let child = heap[childIndex];
      if (child === undefined) break;
      const right = heap[childIndex + 1];
      if (right !== undefined && isBefore(right, child)) {
        childIndex += 1;
        child = right;
      }
      if (isBefore(due, child)) break;
      heap[index] = child;
      index = childIndex;
    }
    heap[index] = due;
  }
}

function isBefore(one: Placed<unknown>, other: Placed<unknown>): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}
