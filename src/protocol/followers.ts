/**
 * The rounds of a coordinator that have not begun, and wait for the next token of another one of
 * its own, their leader (rule 8.5).
 */

import type { RoundNumber } from './ids.ts';
import type { Round } from './round.ts';
import { takeOut } from './rounds-by-name.ts';
import { Table } from './table.ts';

/** A leader, and those that follow it in the order asked. */
interface Train {
  leader: Round;
  readonly followers: Round[];
  /** Those of them that are tries, in the order asked: mostly none, however many follow. */
  readonly tries: Set<Round>;
}

export class Followers {
  readonly #byLeader = new Table<RoundNumber, Train>();
  readonly #byFollower = new Table<RoundNumber, Train>();

  leaderOf({ number }: Round): Round | undefined {
    return this.#byFollower.size === 0 ? undefined : this.#byFollower.get(number)?.leader;
  }

  of({ number }: Round): readonly Round[] {
    const train = this.#byLeader.size === 0 ? undefined : this.#byLeader.get(number);
    return train?.followers ?? nobody;
  }

  /** The tries among those that follow, in the order asked. */
  triesOf({ number }: Round): readonly Round[] {
    const train = this.#byLeader.size === 0 ? undefined : this.#byLeader.get(number);
    return train === undefined || train.tries.size === 0 ? nobody : [...train.tries];
  }

  add(leader: Round, follower: Round): void {
    const known = this.#byLeader.get(leader.number);
    const train = known ?? { leader, followers: [], tries: new Set() };
    if (known === undefined) this.#byLeader.set(leader.number, train);
    train.followers.push(follower);
    if (follower.patience === 'try') train.tries.add(follower);
    this.#byFollower.set(follower.number, train);
  }

  /** It follows nobody any more. */
  remove(follower: Round): void {
    const train =
      this.#byFollower.size === 0 ? undefined : this.#byFollower.delete(follower.number);
    if (train === undefined) return;
    const { followers, leader, tries } = train;
    takeOut(followers, follower);
    tries.delete(follower);
    if (followers.length === 0) this.#byLeader.delete(leader.number);
  }

  /** The first that follows a round leads the others from now on. @returns it, if there is one */
  succeed(leader: Round): Round | undefined {
    const train = this.#byLeader.size === 0 ? undefined : this.#byLeader.delete(leader.number);
    const first = train?.followers.shift();
    if (train === undefined || first === undefined) return undefined;
    this.#byFollower.delete(first.number);
    train.tries.delete(first);
    train.leader = first;
    if (train.followers.length > 0) this.#byLeader.set(first.number, train);
    return first;
  }

  /** Nobody follows this one any more. @returns those that did, in the order asked */
  free(leader: Round): readonly Round[] {
    const train = this.#byLeader.size === 0 ? undefined : this.#byLeader.delete(leader.number);
    for (const { number } of train?.followers ?? nobody) this.#byFollower.delete(number);
    return train?.followers ?? nobody;
  }

  /** Of all rounds, in the order asked, those that follow, with whom. */
  snapshot(rounds: Iterable<Round>): [RoundNumber, RoundNumber][] {
    const pairs: [RoundNumber, RoundNumber][] = [];
    if (this.#byFollower.size === 0) return pairs;
    for (const { number } of rounds) {
      const train = this.#byFollower.get(number);
      if (train !== undefined) pairs.push([number, train.leader.number]);
    }
    return pairs;
  }
}

const nobody: readonly Round[] = Object.freeze([]);
