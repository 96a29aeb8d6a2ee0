/**
 * Until when each voter's votes count, on this coordinator's lease clock (rules 6.1 to 6.5): one
 * limit for a voter's present session, moved by every echo, and for sessions that ended the limit
 * that they had.
 */

import {
  type Incarnation,
  type LeaseTimeMs,
  later,
  leaseTimeMs,
  type PeerId,
  type SessionNumber,
} from './ids.ts';
import { leadSlackMs } from './lease-clock.ts';
import type { NodeOptions } from './options.ts';
import type { CastVote } from './round.ts';

/** Names a session for good. */
export interface SessionOf {
  readonly incarnation: Incarnation;
  readonly session: SessionNumber;
}

/** A session of a voter, as its coordinator knows it. */
interface Tenure extends SessionOf {
  /** Votes of this session count before this moment. */
  limit: LeaseTimeMs;
}

interface VoterTenures {
  present: Tenure;
  /** Earlier ones that held claims may still count. */
  past: readonly Tenure[];
}

/** Plain data: limits are relative to the time of the snapshot. */
export type LedgerSnapshot = readonly {
  readonly voter: PeerId;
  readonly tenures: readonly {
    readonly incarnation: Incarnation;
    readonly session: SessionNumber;
    readonly limitInMs: number;
  }[];
}[];

export class Ledger {
  readonly #self: PeerId;
  /** How long after the stamp that was echoed a vote still counts. */
  readonly #countMs: number;
  readonly #voters = new Map<PeerId, VoterTenures>();

  constructor(options: NodeOptions) {
    this.#self = options.id;
    this.#countMs = countMs(options);
  }

  /** The session that a voter's newest link belongs to. */
  presentOf(voter: PeerId): SessionOf | undefined {
    return this.#voters.get(voter)?.present;
  }

  /**
   * Notes the session that a voter is in. A new one neither revives nor extends the votes of those
   * before it (rule 6.5).
   *
   * @returns whether it is another than before
   */
  enter(voter: PeerId, of: SessionOf, now: LeaseTimeMs): boolean {
    const { incarnation, session } = of;
    const known = this.#voters.get(voter);
    const before = known?.present;
    if (before?.incarnation === incarnation && before.session === session) return false;
    const earlier = known === undefined ? [] : [known.present, ...known.past];
    const past = earlier.filter((tenure) => tenure.limit > now);
    // Its own vote never runs out: nobody can have passed it unseen.
    const limit = voter === this.#self ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
    const present = { incarnation, session, limit: leaseTimeMs(limit) };
    this.#voters.set(voter, { present, past });
    return true;
  }

  /**
   * A stamp of this peer's was echoed in the voter's present session.
   *
   * @returns whether votes of that session count again that did not
   */
  renew(voter: PeerId, echo: LeaseTimeMs, now: LeaseTimeMs): boolean {
    const present = this.#voters.get(voter)?.present;
    if (present === undefined || echo === 0) return false;
    const limit = later(echo, this.#countMs);
    if (limit <= present.limit) return false;
    const revived = present.limit <= now && limit > now;
    present.limit = limit;
    return revived;
  }

  /** When a vote stops to count. */
  limitOf(voter: PeerId, vote: CastVote): LeaseTimeMs {
    const known = this.#voters.get(voter);
    const isOf = ({ incarnation, session }: Tenure): boolean =>
      incarnation === vote.incarnation && session === vote.session;
    if (known !== undefined && isOf(known.present)) return known.present.limit;
    return known?.past.find(isOf)?.limit ?? leaseTimeMs(Number.NEGATIVE_INFINITY);
  }

  snapshot(now: LeaseTimeMs): LedgerSnapshot {
    return [...this.#voters].map(([voter, { present, past }]) => ({
      voter,
      tenures: [present, ...past].map(({ incarnation, session, limit }) => ({
        incarnation,
        session,
        limitInMs: limit - now,
      })),
    }));
  }

  restore(snapshot: LedgerSnapshot, now: LeaseTimeMs): void {
    this.#voters.clear();
    for (const { voter, tenures } of snapshot) {
      const [present, ...past] = tenures.map(({ incarnation, session, limitInMs }) => ({
        incarnation,
        session,
        limit: later(now, limitInMs),
      }));
      if (present !== undefined) this.#voters.set(voter, { present, past });
    }
  }
}

/**
 * How long a vote counts after the stamp that its voter echoed: the lease, less what two clocks may
 * drift apart in it, a suspension too short to be seen, and the lateness of a timer that tells the
 * loss (rule 6.4).
 */
export function countMs(options: NodeOptions): number {
  const { leaseMs, maxClockDrift } = options;
  const timerSlackMs = Math.min(timerSlackMsMax, leaseMs / 20);
  return Math.floor(leaseMs * (1 - maxClockDrift) - leadSlackMs - timerSlackMs);
}

/** How late a timer on a busy machine is expected to fire. */
const timerSlackMsMax = 50;
