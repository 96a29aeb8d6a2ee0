/**
 * One direction between two real nodes, whichever of them has dialled: what is wrong with it, and
 * the lanes of the connections that run along it.
 */

import type { SimDrop, SimMessageType } from '../../src/sim/sim-link.ts';
import type { Lane } from './lane.ts';

/** What faults do, in the words of the simulator. */
export type NetEffect =
  | 'connections lost'
  | 'dials refused'
  | 'dials swallowed'
  | 'messages held'
  | 'messages lost'
  | 'processes killed'
  | 'processes restarted';

/** Who looks on. */
export interface Seen {
  /** A message is on its way; it arrives later, and may be lost yet. */
  onSent(type: SimMessageType, direction: Direction): void;
  count(effect: NetEffect, times: number): void;
}

/** How long each message takes: long enough that who waits for one can still stop it. */
const usualDelayMs = 5;

export class Direction {
  readonly from: string;
  readonly to: string;
  readonly lanes: Set<Lane> = new Set();
  readonly #seen: Seen;
  /** What holds it, and what slows it down, one by one: each is ended by who began it. */
  readonly #holds = new Set<object>();
  readonly #factors = new Map<object, number>();
  #drops: SimDrop[] = [];

  constructor({ from, to }: { readonly from: string; readonly to: string }, seen: Seen) {
    this.from = from;
    this.to = to;
    this.#seen = seen;
  }

  get isHeld(): boolean {
    return this.#holds.size > 0;
  }

  get delayMs(): number {
    return [...this.#factors.values()].reduce((delay, factor) => delay * factor, usualDelayMs);
  }

  /** Lets nothing through. @returns what ends that */
  hold(): () => void {
    const hold = {};
    this.#holds.add(hold);
    return () => {
      this.#holds.delete(hold);
      this.#pump();
    };
  }

  /** Makes it slower. @returns what ends that */
  slow(factor: number): () => void {
    const key = {};
    this.#factors.set(key, factor);
    return () => {
      this.#factors.delete(key);
    };
  }

  /** Loses what `drop` takes. */
  lose(drop: SimDrop): void {
    this.#drops.push(drop);
  }

  /** Nothing is wrong with it any more. */
  heal(): void {
    this.#holds.clear();
    this.#factors.clear();
    this.#drops = [];
    this.#pump();
  }

  /** @returns whether these messages get lost */
  takes(types: readonly SimMessageType[]): boolean {
    if (types.length === 0) return false;
    for (const type of types) this.#seen.onSent(type, this);
    return this.#drops.some((drop) => drop.takes(types));
  }

  /** A fault has done something. */
  count(effect: NetEffect, times = 1): void {
    this.#seen.count(effect, times);
  }

  #pump(): void {
    for (const lane of [...this.lanes]) lane.pump();
  }
}
