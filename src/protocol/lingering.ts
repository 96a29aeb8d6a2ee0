/**
 * The rounds of a coordinator that linger: released, and kept for the next claim (rule 8.2). How
 * often one comes and goes costs nothing here: it is looked at when it may have stayed for long
 * enough, and not before.
 */

import { Deadlines } from './deadlines.ts';
import { type RoundNumber, type TimeMs, timeMs } from './ids.ts';
import type { Round } from './round.ts';
import { Table } from './table.ts';

/** How many deadlines of rounds that have ended may lie about. */
const staleDueMax = 1_000;

export class Lingering {
  /** The one that has lingered for longest first. */
  readonly #rounds = new Table<RoundNumber, Round>();
  readonly #due = new Deadlines<Round>();
  /** Those with a deadline set, though they may be held again by now. */
  readonly #watched = new Table<RoundNumber, Round>();

  /** Never later than the first is over; Infinity when none will be by itself. */
  nextDueAt(): TimeMs {
    if (this.#due.size === 0) return timeMs(Number.POSITIVE_INFINITY);
    return this.#due.nextAt((round) => this.#isWatched(round));
  }

  values(): IterableIterator<Round> {
    return this.#rounds.values();
  }

  /** The one that has lingered for longest. */
  first(): Round | undefined {
    const number = this.#rounds.firstKey();
    return number === undefined ? undefined : this.#rounds.get(number);
  }

  add(round: Round): void {
    this.#rounds.set(round.number, round);
    if (!this.#isWatched(round)) this.#watch(round);
  }

  /** It is held again. */
  take(round: Round): void {
    this.#rounds.delete(round.number);
  }

  /** It has ended. */
  remove(round: Round): void {
    if (this.#rounds.size === 0 && this.#due.size === 0) return;
    this.#rounds.delete(round.number);
    this.#watched.delete(round.number);
    if (this.#due.size <= 2 * this.#watched.size + staleDueMax) return;
    this.#due.keep((due) => this.#isWatched(due));
  }

  /** One that has lingered for long enough; the caller ends it. */
  nextOver(now: TimeMs): Round | undefined {
    for (let due = this.#due.takeDue(now); due !== undefined; due = this.#due.takeDue(now)) {
      const { item: round } = due;
      if (!this.#isWatched(round)) continue;
      this.#watched.delete(round.number);
      if (round.phase.state !== 'lingering') continue;
      if (round.phase.until <= now) return round;
      this.#watch(round);
    }
    return undefined;
  }

  #isWatched(round: Round): boolean {
    return this.#watched.get(round.number) !== undefined;
  }

  #watch(round: Round): void {
    const { phase, number } = round;
    if (phase.state !== 'lingering' || phase.until === Number.POSITIVE_INFINITY) return;
    this.#watched.set(number, round);
    this.#due.add(phase.until, round);
  }
}
