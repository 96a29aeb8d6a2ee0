/**
 * What has been told of the voters' states, and of whether a quorum votes for every resource: so
 * that a change is told once.
 */

import type { PeerId } from './ids.ts';
import type { Output, VoterState } from './output.ts';

export class Census {
  readonly #enough: number;
  readonly #states = new Map<PeerId, VoterState>();

  /** `enough`: of how many voters every group has a quorum. */
  constructor(voters: readonly PeerId[], enough: number) {
    this.#enough = enough;
    for (const voter of voters) this.#states.set(voter, 'unlinked');
  }

  /** As last told; `unlinked` for a peer that is no voter. */
  stateOf(voter: PeerId): VoterState {
    return this.#states.get(voter) ?? 'unlinked';
  }

  get hasQuorum(): boolean {
    let voting = 0;
    for (const state of this.#states.values()) if (state === 'voting') voting += 1;
    return voting >= this.#enough;
  }

  /** Takes the voters' present states, and returns what is to be told. */
  take(stateOf: (voter: PeerId) => VoterState): Output[] {
    const changes: Output[] = [];
    const before = this.hasQuorum;
    for (const [voter, known] of this.#states) {
      const state = stateOf(voter);
      if (state === known) continue;
      this.#states.set(voter, state);
      changes.push({ type: 'voter', voter, state });
    }
    const present = this.hasQuorum;
    if (present !== before) changes.push({ type: 'quorum', present });
    return changes;
  }

  snapshot(): readonly (readonly [PeerId, VoterState])[] {
    return [...this.#states];
  }

  restore(states: readonly (readonly [PeerId, VoterState])[]): void {
    for (const [voter, state] of states) this.#states.set(voter, state);
  }
}
