/**
 * Which voters a coordinator has seen voting since its start: until it has seen a quorum in each
 * group of a round, it does not begin it (rule 5.1).
 */

import { type Electorate, type Group, votersForAll } from './groups.ts';
import type { PeerId } from './ids.ts';
import type { NodeOptions } from './options.ts';

export class VotersSeen {
  readonly #voters: readonly PeerId[];
  readonly #quorum: number;
  readonly #enough: number;
  /** All of them, once every group has a quorum among those seen: more would change nothing. */
  #seen: ReadonlySet<number> = new Set();

  constructor(options: NodeOptions) {
    this.#voters = options.voters;
    this.#quorum = options.quorum;
    this.#enough = votersForAll(options);
  }

  /** Whether a quorum of every group has been seen. */
  get isAll(): boolean {
    return this.#seen.size === this.#voters.length;
  }

  quorumOf({ electorate }: { readonly electorate: Electorate }): boolean {
    if (this.isAll) return true;
    return electorate.groups.every((group) => this.quorumIn(group));
  }

  quorumIn({ seats }: Group): boolean {
    return seats.filter((seat) => this.#seen.has(seat)).length >= this.#quorum;
  }

  add(isVoting: (voter: PeerId) => boolean): void {
    const seats = [...this.#voters.keys()];
    const seen = seats.filter((seat) => {
      const voter = this.#voters[seat];
      return this.#seen.has(seat) || (voter !== undefined && isVoting(voter));
    });
    this.#seen = new Set(seen.length >= this.#enough ? seats : seen);
  }

  /** In the order of the voter set. */
  snapshot(): readonly PeerId[] {
    return this.#voters.filter((_, seat) => this.#seen.has(seat));
  }

  restore(seen: readonly PeerId[]): void {
    this.#seen = new Set(seen.map((voter) => this.#voters.indexOf(voter)));
  }
}
