/**
 * What is under way from one peer to another, oldest first, each such row with a number: frames,
 * and marks where one connection ends and the next begins.
 */

import { type Happening, happening, type What } from './happening.ts';

/** A frame, or where the receiver sees that the connection is gone, or that a new one stands. */
export type Item =
  | { readonly item: 'frame'; readonly frame: number }
  | { readonly item: 'down' }
  | { readonly item: 'up'; readonly incarnation: number };

export interface Queue {
  readonly items: readonly Item[];
  /** Whether the receiver has yet to hear of the end or the start of a connection. */
  readonly hasMark: boolean;
  /** Where that stands that it hears of first; −1 for nowhere. */
  readonly markAt: number;
  /** By sender: what taking the first is to the receiver, once asked for. */
  readonly heads: (Happening | undefined)[];
  /** By the code of what is added. */
  readonly longer: Map<number, number>;
  /** The same without its first, once asked for; −1 before. */
  shorter: number;
}

export const emptyQueue = 0;

export class Queues {
  readonly #queues: Queue[] = [];
  readonly #names = new Map<string, number>();

  constructor() {
    this.#intern([]);
  }

  get size(): number {
    return this.#queues.length;
  }

  of(queue: number): Queue {
    const found = this.#queues[queue];
    if (found === undefined) throw new RangeError(`No such queue: ${queue}`);
    return found;
  }

  /** With one more item at the end. */
  append(queue: number, item: Item): number {
    const { items, longer } = this.of(queue);
    const code = codeOf(item);
    let next = longer.get(code);
    if (next === undefined) {
      next = this.#intern([...items, item]);
      longer.set(code, next);
    }
    return next;
  }

  /** Without the first item. */
  shift(queue: number): number {
    const found = this.of(queue);
    if (found.shorter < 0) found.shorter = this.#intern(found.items.slice(1));
    return found.shorter;
  }

  /** What it is to the receiver to take the first item, from a sender; `null` if there is none. */
  head(queue: number, from: number): Happening | null {
    const { heads, items } = this.of(queue);
    const known = heads[from];
    if (known !== undefined) return known;
    const item = items[0];
    if (item === undefined) return null;
    const head = happening(whatOf(item, from));
    heads[from] = head;
    return head;
  }

  #intern(items: readonly Item[]): number {
    const name = items.map(codeOf).join();
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    this.#names.set(name, this.#queues.length);
    const markAt = items.findIndex(({ item }) => item !== 'frame');
    const hasMark = markAt >= 0;
    return (
      this.#queues.push({ items, hasMark, markAt, heads: [], longer: new Map(), shorter: -1 }) - 1
    );
  }
}

function whatOf(item: Item, from: number): What {
  switch (item.item) {
    case 'frame':
      return { type: 'frame', from, frame: item.frame };
    case 'down':
      return { type: 'down', from };
    case 'up':
      return { type: 'up', from, incarnation: item.incarnation };
  }
}

function codeOf(item: Item): number {
  if (item.item === 'down') return 0;
  return item.item === 'up' ? 2 * item.incarnation : 2 * item.frame + 1;
}
