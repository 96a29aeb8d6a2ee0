/**
 * What is to happen, ordered by true time in whole microseconds and, where that is equal, by the
 * order in which it was asked for. A binary heap.
 */

import type { Scheduled, Task } from './task.ts';

export class Schedule {
  readonly #heap: Scheduled[] = [];
  #sequence = 0;

  add(task: Task): Scheduled {
    this.#sequence += 1;
    const scheduled: Scheduled = { task, sequence: this.#sequence, isCancelled: false };
    const heap = this.#heap;
    heap.push(scheduled);
    this.#rise(heap.length - 1);
    return scheduled;
  }

  /** When the next task is; Infinity when there is none. */
  get nextAtUs(): number {
    for (let first = this.#heap[0]; first !== undefined; first = this.#heap[0]) {
      if (!first.isCancelled) return first.task.atUs;
      this.#takeFirst();
    }
    return Number.POSITIVE_INFINITY;
  }

  /** The next task that was not cancelled, taken out; `undefined` when there is none. */
  take(): Task | undefined {
    for (let first = this.#takeFirst(); first !== undefined; first = this.#takeFirst()) {
      if (!first.isCancelled) return first.task;
    }
    return undefined;
  }

  #takeFirst(): Scheduled | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (last !== undefined && last !== first) {
      heap[0] = last;
      this.#sink();
    }
    return first;
  }

  #rise(from: number): void {
    const heap = this.#heap;
    const risen = heap[from];
    if (risen === undefined) return;
    let at = from;
    while (at > 0) {
      const up = (at - 1) >> 1;
      const parent = heap[up];
      if (parent === undefined || isBefore(parent, risen)) break;
      heap[at] = parent;
      at = up;
    }
    heap[at] = risen;
  }

  #sink(): void {
    const heap = this.#heap;
    const sunk = heap[0];
    if (sunk === undefined) return;
    let at = 0;
    for (;;) {
      let down = 2 * at + 1;
      let child = heap[down];
      const right = heap[down + 1];
      if (child !== undefined && right !== undefined && isBefore(right, child)) {
        child = right;
        down += 1;
      }
      if (child === undefined || isBefore(sunk, child)) break;
      heap[at] = child;
      at = down;
    }
    heap[at] = sunk;
  }
}

function isBefore(one: Scheduled, other: Scheduled): boolean {
  const { atUs } = one.task;
  return atUs < other.task.atUs || (atUs === other.task.atUs && one.sequence < other.sequence);
}
