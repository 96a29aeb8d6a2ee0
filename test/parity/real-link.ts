/**
 * One direction between two real nodes, as the author of a scenario sees it.
 */

import { numberOf } from '../../src/sim/refusals.ts';
import { SimDrop, type SimMessageType } from '../../src/sim/sim-link.ts';
import type { Direction } from './direction.ts';
import type { NetLink } from './net.ts';

export class RealLink implements NetLink {
  readonly from: string;
  readonly to: string;
  readonly #direction: Direction;
  readonly #break: () => void;
  readonly #undo: (() => void)[] = [];

  /** @param breakBoth breaks the connections of the two nodes */
  constructor(direction: Direction, breakBoth: () => void) {
    this.#direction = direction;
    this.#break = breakBoth;
    this.from = direction.from;
    this.to = direction.to;
  }

  get isHeld(): boolean {
    return this.#direction.isHeld;
  }

  hold(): void {
    this.#undo.push(this.#direction.hold());
  }

  release(): void {
    for (const undo of this.#undo.splice(0)) undo();
  }

  slow(factor: number): void {
    numberOf('slow a link', factor, { what: 'the factor', least: 1, most: 1_000_000 });
    this.#undo.push(this.#direction.slow(factor));
  }

  drop(type?: SimMessageType): SimDrop {
    const drop = new SimDrop(type ?? null);
    this.#direction.lose(drop);
    return drop;
  }

  break(): void {
    this.#break();
  }
}
