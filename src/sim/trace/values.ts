/**
 * Gathers what is written of a frame as nested arrays, of whatever it consists.
 */

import type { FieldSink } from '../../protocol/field-sink.ts';

export class Values implements FieldSink {
  /** What was written first. */
  root: unknown;
  /** The arrays that are not complete, the innermost last. */
  readonly #open: { readonly items: unknown[]; readonly length: number }[] = [];

  integer(value: unknown): void {
    this.#add(value);
  }

  text(value: unknown): void {
    this.#add(value);
  }

  array(length: number): void {
    const items: unknown[] = [];
    this.#add(items);
    this.#open.push({ items, length });
    this.#close();
  }

  #add(value: unknown): void {
    const inner = this.#open.at(-1);
    if (inner === undefined) this.root = value;
    else inner.items.push(value);
    this.#close();
  }

  #close(): void {
    for (let inner = this.#open.at(-1); inner !== undefined; inner = this.#open.at(-1)) {
      if (inner.items.length < inner.length) return;
      this.#open.pop();
    }
  }
}
