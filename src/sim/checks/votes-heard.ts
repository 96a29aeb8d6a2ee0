/**
 * What a coordinator may count, told from what it has heard: sections 5 and 6 of docs/protocol.md
 * read once more, as naively as possible. The vote of its own voter is not among it: nothing of
 * that is to be heard.
 *
 * Wherever the coordinator may know less than this, it counts less: so a claim that is granted, or
 * held for longer, without enough here is a broken promise.
 */

import type {
  Generation,
  Incarnation,
  PeerId,
  RoundId,
  RoundNumber,
  SessionNumber,
  Stamp,
} from '../../protocol/ids.ts';
import type { Hello, Inquire, Vote } from '../../protocol/message.ts';
import { Table } from '../../protocol/table.ts';

/** A session of a voter, as its coordinator knows it. */
export interface Tenure {
  readonly incarnation: Incarnation;
  readonly session: SessionNumber;
  /** Votes of this session count before this moment of the coordinator's lease clock. */
  limitMs: number;
}

interface HeardVote {
  readonly tenure: Tenure;
  readonly generation: Generation;
  readonly token: Stamp;
  /** Those in `after` that were not known to have ended when this was last looked at. */
  after: readonly RoundId[];
  floor: Stamp;
}

interface HeardRound {
  readonly votes: Map<PeerId, HeardVote>;
  /** Votes up to this generation have been given back. */
  readonly returned: Map<PeerId, Generation>;
  isHeld: boolean;
}

/** The most tokens that a round has (rule 8.1). */
const spanMax = 4_096;

/** Whether a vote is for a round with this first token: it names the last. */
function isFor(voted: Stamp, token: Stamp): boolean {
  return voted >= token && voted - token < spanMax;
}

/** How many endings are remembered at least: more than any core does by default. */
const endingsMin = 20_000;

export class VotesHeard {
  readonly #countMs: number;
  readonly #endingsMax: number;
  /** The present session of each voter that has greeted. */
  readonly #tenures = new Map<PeerId, Tenure>();
  readonly #rounds = new Map<RoundNumber, HeardRound>();
  /** The longest known first. */
  readonly #endings = new Table<RoundId, Stamp | null>();

  constructor(countMs: number, endingsMax: number) {
    this.#countMs = countMs;
    this.#endingsMax = Math.max(endingsMin, 2 * endingsMax);
  }

  open(number: RoundNumber): void {
    this.#rounds.set(number, { votes: new Map(), returned: new Map(), isHeld: false });
  }

  /** It has been decided: what it has of votes it keeps, whoever forgets them (rule 6.5). */
  hold(number: RoundNumber): void {
    const round = this.#rounds.get(number);
    if (round !== undefined) round.isHeld = true;
  }

  close(number: RoundNumber): void {
    this.#rounds.delete(number);
  }

  /** A voter's HELLO: another session than before makes undecided rounds forget (rule 6.5). */
  greet(voter: PeerId, { incarnation, session }: Hello): Tenure {
    const before = this.#tenures.get(voter);
    if (before?.incarnation === incarnation && before.session === session) return before;
    const tenure = { incarnation, session, limitMs: Number.NEGATIVE_INFINITY };
    this.#tenures.set(voter, tenure);
    for (const { votes, returned, isHeld } of this.#rounds.values()) {
      if (!isHeld) votes.delete(voter);
      returned.delete(voter);
    }
    return tenure;
  }

  /** Rule 6.4. */
  echo(tenure: Tenure, echo: number): void {
    const limitMs = echo + this.#countMs;
    if (echo > 0 && limitMs > tenure.limitMs) tenure.limitMs = limitMs;
  }

  vote(voter: PeerId, message: Vote): void {
    const round = this.#rounds.get(message.round);
    const tenure = this.#tenures.get(voter);
    if (round === undefined || tenure === undefined) return;
    const { generation, token, floor } = message;
    if (generation <= (round.returned.get(voter) ?? 0)) return;
    let after = message.after;
    const before = round.votes.get(voter);
    // What an earlier vote of this generation no longer waited for, this one does not (rule 5.2).
    if (before?.generation === generation && before.tenure === tenure) {
      after = after.filter((id) => before.after.includes(id));
    }
    round.votes.set(voter, { tenure, generation, token, after, floor });
  }

  /** Rule 5.4. */
  inquire(voter: PeerId, { round: number, generation }: Inquire): void {
    const round = this.#rounds.get(number);
    if (round === undefined || round.isHeld) return;
    if ((round.returned.get(voter) ?? 0) > generation) return;
    if ((round.votes.get(voter)?.generation ?? 0) > generation) return;
    round.votes.delete(voter);
    round.returned.set(voter, generation);
  }

  /** Rule 8.8: what is promised is given back. */
  revoke(number: RoundNumber): void {
    const round = this.#rounds.get(number);
    if (round === undefined || round.isHeld) return;
    for (const [voter, { generation }] of round.votes) round.returned.set(voter, generation);
    round.votes.clear();
  }

  /** One that is held, with this token, keeps another waiting no longer (rule 8.9). */
  pass(number: RoundNumber, held: RoundId, token: Stamp | null): void {
    for (const vote of this.#rounds.get(number)?.votes.values() ?? []) {
      if (!vote.after.includes(held)) continue;
      vote.after = vote.after.filter((id) => id !== held);
      if (token !== null && token > vote.floor) vote.floor = token;
    }
  }

  /** By its owner's word; with the token if it was held. */
  end(id: RoundId, token: Stamp | null): void {
    this.#endings.set(id, token);
    if (this.#endings.size <= this.#endingsMax) return;
    const oldest = this.#endings.firstKey();
    if (oldest !== undefined) this.#endings.delete(oldest);
  }

  /** The voters whose votes decide a round with this token, at a moment of the lease clock. */
  supporters(number: RoundNumber, token: Stamp, leaseMs: number): readonly PeerId[] {
    const supporters: PeerId[] = [];
    for (const [voter, vote] of this.#rounds.get(number)?.votes ?? []) {
      const counts = isFor(vote.token, token) && vote.tenure.limitMs > leaseMs;
      if (counts && this.#isEffective(vote) && vote.floor < token) supporters.push(voter);
    }
    return supporters;
  }

  /** The voters that have voted for a round with this token, or for more. */
  registered(number: RoundNumber, token: Stamp): readonly PeerId[] {
    const votes = [...(this.#rounds.get(number)?.votes ?? [])];
    return votes.filter(([, vote]) => vote.token >= token).map(([voter]) => voter);
  }

  /** Until when at least so many effective votes of these voters count, on the lease clock. */
  countingUntil(number: RoundNumber, count: number, of: readonly PeerId[]): number {
    if (count <= 0) return Number.POSITIVE_INFINITY;
    const limits: number[] = [];
    for (const [voter, vote] of this.#rounds.get(number)?.votes ?? []) {
      if (of.includes(voter) && this.#isEffective(vote)) limits.push(vote.tenure.limitMs);
    }
    return limits.sort((a, b) => b - a)[count - 1] ?? Number.NEGATIVE_INFINITY;
  }

  /** What was heard of a round, for people. */
  describe(number: RoundNumber, leaseMs: number): string {
    const said = [...(this.#rounds.get(number)?.votes ?? [])].map(([voter, vote]) => {
      const { generation, token, after, floor, tenure } = vote;
      const countsMs = tenure.limitMs - leaseMs;
      const waits = after.length === 0 ? 'nobody' : after.join(' ');
      return (
        `${voter} #${generation} with token ${token}, floor ${floor}, after ${waits}, ` +
        `counting for ${countsMs} ms`
      );
    });
    return said.join('; ') || 'none';
  }

  #isEffective(vote: HeardVote): boolean {
    if (vote.after.length === 0) return true;
    for (const id of vote.after) {
      const token = this.#endings.get(id);
      if (token !== undefined && token !== null && token > vote.floor) vote.floor = token;
    }
    vote.after = vote.after.filter((id) => !this.#endings.has(id));
    return vote.after.length === 0;
  }
}
