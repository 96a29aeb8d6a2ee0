/**
 * When a restarted voter may vote again (rules 7.1, 7.3 and 7.4): when nobody counts a vote that it
 * forgot. Meanwhile its peer coordinates claims by the votes of others. Either every other voter
 * has said SETTLED to this incarnation, or one lease has passed.
 */

import { later, type PeerId, type TimeMs } from './ids.ts';
import type { NodeOptions } from './options.ts';

/** Plain data: `endsInMs` is relative to the time of the snapshot. */
export interface RecoverySnapshot {
  readonly unsettled: readonly PeerId[] | null;
  readonly endsInMs: number;
}

export class Recovery {
  /**
   * The other voters that have not said SETTLED. `null` where only the lease ends its recovery: in
   * a mesh with non-voting members, since a voter cannot know them all, and where its vote alone
   * decides, since then nobody else need have seen a token (rule 10.3).
   */
  readonly #unsettled: Set<PeerId> | null;
  readonly #endsAt: TimeMs;

  constructor(unsettled: readonly PeerId[] | null, endsAt: TimeMs) {
    this.#unsettled = unsettled === null ? null : new Set(unsettled);
    this.#endsAt = endsAt;
  }

  static start({ id, leaseMs, members, replicas, voters }: NodeOptions, now: TimeMs): Recovery {
    const decidesAlone = replicas === 1 && voters.length > 1;
    const others = members || decidesAlone ? null : voters.filter((voter) => voter !== id);
    return new Recovery(others, later(now, leaseMs));
  }

  /** When it ends whoever is missing. */
  get endsAt(): TimeMs {
    return this.#endsAt;
  }

  /** A peer counts no vote of an earlier incarnation, but for the held claims it has told. */
  settle(peer: PeerId): void {
    this.#unsettled?.delete(peer);
  }

  isOver(now: TimeMs): boolean {
    return this.#unsettled?.size === 0 || now >= this.#endsAt;
  }

  snapshot(now: TimeMs): RecoverySnapshot {
    const unsettled = this.#unsettled === null ? null : [...this.#unsettled];
    return { unsettled, endsInMs: this.#endsAt - now };
  }

  static restore({ unsettled, endsInMs }: RecoverySnapshot, now: TimeMs): Recovery {
    return new Recovery(unsettled, later(now, endsInMs));
  }
}
