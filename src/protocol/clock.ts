/**
 * Hybrid logical clock (Kulkarni et al., "Logical Physical Clocks", 2014, section 3), packed into
 * one safe integer so that a stamp can serve as a fencing token anywhere:
 *
 *     41 bits milliseconds since 2024-01-01T00:00Z (until 2093) · 12 bits counter
 *
 * The counter overflows into the milliseconds: only the order matters.
 */

import { type Stamp, stamp, type WallMs } from './ids.ts';

const epochMs = 1_704_067_200_000;
const countsPerMs = 4_096;

/** Of so many stamps in a row each peer takes its own for tickets: as many as a mesh has voters. */
export const ticketSlots = 32;

/**
 * How far ahead of the wall clock stamps are left to others (rule 5.1): further than a mark in a
 * state file may be, and hardly further than the time in which all peers start anew without one.
 */
export const ticketLeadMsMax = 2_000;

/** How a peer takes tickets: see `takeTicket`. */
export interface TicketPlace {
  /** Which stamp of each run is its own: 0 to `ticketSlots` - 1. */
  readonly slot: number;
  /** How far ahead of the wall clock it may run by leaving stamps to others. */
  readonly leadMsMax: number;
}

/** The smallest stamp: smaller than any that a clock gives. */
export const noStamp: Stamp = stamp(0);

/** The first stamp of the millisecond `wall`; `noStamp` before 2024. */
export function stampAt(wall: WallMs): Stamp {
  return stamp(Math.max(0, wall - epochMs) * countsPerMs);
}

/** By how many milliseconds `clock` is ahead of `wall`; negative when behind. */
export function aheadMs(clock: Stamp, wall: WallMs): number {
  return Math.floor(clock / countsPerMs) + epochMs - wall;
}

/** The greater of two stamps. */
export function greater(a: Stamp, b: Stamp): Stamp {
  return a > b ? a : b;
}

/** The least stamp that is greater. */
export function nextStamp(after: Stamp): Stamp {
  return stamp(after + 1);
}

/** The stamp `count` further on. */
export function stampsOn(from: Stamp, count: number): Stamp {
  return stamp(from + count);
}

/** The stamp `ms` milliseconds further on. */
export function stampAfter(clock: Stamp, ms: number): Stamp {
  return stamp(clock + ms * countsPerMs);
}

/** One peer's clock: never goes back, and passes every stamp that it has seen. */
export class HybridClock {
  #last: Stamp;

  constructor(last: Stamp) {
    this.#last = last;
  }

  /** The greatest stamp given or seen. */
  get last(): Stamp {
    return this.#last;
  }

  /** A new stamp: greater than all before, and not behind the wall clock. */
  tick(wall: WallMs): Stamp {
    this.#last = greater(stamp(this.#last + 1), stampAt(wall));
    return this.#last;
  }

  /**
   * A new stamp, as `tick` gives, but in this slot of a run of which it has seen nothing: no peer
   * with another slot takes the same for a ticket. Far ahead of the wall clock any stamp will do:
   * more than 128 runs in a millisecond would carry the clock away from it for ever.
   */
  takeTicket(wall: WallMs, { slot, leadMsMax }: TicketPlace): Stamp {
    const least = stampAt(wall);
    if (this.#last >= stampAfter(least, leadMsMax)) return this.tick(wall);
    const nextRun = stamp(this.#last - (this.#last % ticketSlots) + ticketSlots);
    this.#last = stamp(greater(nextRun, least) + slot);
    return this.#last;
  }

  /** Goes on from a snapshot, even from behind the wall clock: only a tick catches up with it. */
  restore(last: Stamp): void {
    this.#last = last;
  }

  /** Takes note of another clock's stamp. */
  merge(seen: Stamp): void {
    this.#last = greater(this.#last, seen);
  }
}
