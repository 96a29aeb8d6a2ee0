/**
 * The rounds of a coordinator that have not begun, and wait for the next token of another one of
 * its own (rule 8.5).
 */

import type { RoundNumber } from './ids.ts';
import type { Round } from './round.ts';
import { Table } from './table.ts';

export class Followers {
  /** Those that follow each round, in the order asked. */
  readonly #of = new Table<RoundNumber, Round[]>();
  /** Whom each follows. */
  readonly #leaders = new Table<RoundNumber, Round>();

  leaderOf({ number }: Round): Round | undefined {
    return this.#leaders.size === 0 ? undefined : this.#leaders.get(number);
  }

  of({ number }: Round): readonly Round[] {
    return (this.#leaders.size === 0 ? undefined : this.#of.get(number)) ?? nobody;
  }

  add(leader: Round, follower: Round): void {
    this.#leaders.set(follower.number, leader);
    const others = this.#of.get(leader.number);
    if (others === undefined) this.#of.set(leader.number, [follower]);
    else others.push(follower);
  }

  /** It follows nobody any more. */
  remove(follower: Round): void {
    const leader = this.#leaders.delete(follower.number);
    if (leader === undefined) return;
    const all = this.#of.get(leader.number) ?? [];
    // The first is mostly the one that goes.
    if (all[0] === follower) all.shift();
    else all.splice(all.indexOf(follower), 1);
    if (all.length === 0) this.#of.delete(leader.number);
  }

  /** Of all rounds, in the order asked, those that follow, with whom. */
  snapshot(rounds: Iterable<Round>): [RoundNumber, RoundNumber][] {
    const pairs: [RoundNumber, RoundNumber][] = [];
    if (this.#leaders.size === 0) return pairs;
    for (const { number } of rounds) {
      const leader = this.#leaders.get(number);
      if (leader !== undefined) pairs.push([number, leader.number]);
    }
    return pairs;
  }

  /** Nobody follows this one any more. @returns those that did, in the order asked */
  free(leader: Round): readonly Round[] {
    const all = this.#leaders.size === 0 ? undefined : this.#of.delete(leader.number);
    for (const { number } of all ?? nobody) this.#leaders.delete(number);
    return all ?? nobody;
  }
}

const nobody: readonly Round[] = Object.freeze([]);
