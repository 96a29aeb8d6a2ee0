/**
 * One round: a claim's run for the votes of a quorum, and what each voter has said of it
 * (docs/protocol.md, section 5). Here are its data and what follows from them alone; coordinator.ts
 * moves it.
 *
 *                 q votes effective and counting,
 *                 token above their floors
 *     undecided ────────────────────────────────▶ held ──▶ released · lost (RELEASE)
 *         │  │                                    │  ▲
 *         │  │                           released ▼  │ next claim, next token
 *         │  │                                 lingering ──▶ wanted · over · lost (RELEASE)
 *         │  └── the same, token too low: raised
 *         └──▶ given up: caller, wait limit, no quorum, refused (ABORT)
 */

import { greater, stampsOn } from './clock.ts';
import type { Electorate } from './groups.ts';
import {
  type ClaimId,
  type Generation,
  type Incarnation,
  type LeaseTimeMs,
  later,
  type PeerId,
  type RoundId,
  type RoundNumber,
  type SessionNumber,
  type Stamp,
  type TimeMs,
} from './ids.ts';
import type { Holder, Patience, Resource } from './message.ts';

export interface Round {
  readonly number: RoundNumber;
  /** For which it was last granted, or is to be. */
  claim: ClaimId;
  /** Shared ones only once its claim is downgraded (rule 8.9). */
  resources: readonly Resource[];
  /** Whom it asks: the voters of its resources. */
  readonly electorate: Electorate;
  /** Whether the voters are asked: not before a quorum was seen (5.1), nor as a follower (8.5). */
  begun: boolean;
  /** Taken when it begins, as the token is; no stamp until then (rule 5.1). */
  ticket: Stamp;
  readonly patience: Patience;
  /** What its caller held when it asked, and how often it has looked for a circle (rule 9.1). */
  readonly holding: readonly ClaimId[];
  probes: number;
  /** When it looks next; Infinity for never. */
  probeAt: TimeMs;
  /** The claims of which one is enough, its own among them; none where no other will do. */
  readonly alternatives: readonly ClaimId[];
  readonly maxHoldMs: number;
  /** When waiting ends; Infinity without a bound. */
  readonly waitUntil: TimeMs;
  /** What the voters know: of several tokens, the last (rule 8.1). */
  token: Stamp;
  /** How many tokens it has, one for each grant; `token` is the last of them. */
  span: number;
  /** How many of them have been given. */
  given: number;
  /** How long it may stay when its claim is released, in milliseconds (rule 8.2). */
  lingerMs: number;
  /** What its owner is known by where it leads; `null` where it does not (rule 8.7). */
  readonly value: string | null;
  /** Whether its holder wants to be told that others want it, or has been (rule 8.6). */
  heed: 'unasked' | 'asked' | 'told';
  /** Whether others are known to want it: then it does not linger (rules 8.3, 8.4). */
  contended: boolean;
  /** One for each voter that has been heard on this round, in the order of the voter set. */
  readonly ballots: (Ballot | undefined)[];
  /** Peers that wait for its end, and would not be told of it as voters (rule 10.4). */
  watchers: readonly PeerId[];
  phase: Phase;
}

export type Phase =
  | {
      readonly state: 'undecided';
      /** Since when fewer than a quorum have answered; `null` while enough have (rule 5.6). */
      readonly unansweredSince: TimeMs | null;
    }
  | {
      readonly state: 'held';
      /** The end of its longest hold; Infinity without a bound. */
      readonly maxHoldUntil: LeaseTimeMs;
    }
  | {
      /** Its claim has been released, and it waits for the next one (rule 8.2). */
      readonly state: 'lingering';
      readonly until: TimeMs;
    }
  /** It has ended, and is in no table. */
  | { readonly state: 'over' };

/** What one voter has said of a round. */
export interface Ballot {
  readonly answer: 'yielded' | 'voted' | 'queued' | 'busy' | 'overloaded';
  /** Whether it said so on its present link, in its present session. */
  readonly current: boolean;
  readonly vote: CastVote | null;
  /** Votes up to this generation have been given back; 0 for none. */
  readonly yielded: Generation;
  readonly ahead: number;
  readonly holders: readonly Holder[];
}

export interface CastVote {
  readonly incarnation: Incarnation;
  readonly session: SessionNumber;
  readonly generation: Generation;
  readonly token: Stamp;
  /** The rounds in `after` that are not known to have ended: empty makes it effective. */
  readonly pending: readonly RoundId[];
  /** The voter's floor, and the tokens of those in `after` that are known to have ended. */
  readonly floor: Stamp;
}

/** What an effective vote waits for. */
export const noRounds: readonly RoundId[] = Object.freeze([]);

/** Whether a vote no longer waits for another round to end. */
export function isUnconditional(vote: CastVote): boolean {
  return vote.pending.length === 0;
}

/** The vote, now that `ended` is known to have ended, with `token` if it was held. */
export function withoutPending(vote: CastVote, ended: RoundId, token: Stamp | null): CastVote {
  const pending = vote.pending.filter((id) => id !== ended);
  const { incarnation, session, generation, token: own } = vote;
  const floor = token === null ? vote.floor : greater(vote.floor, token);
  return { incarnation, session, generation, token: own, pending, floor };
}

/** What the votes that count amount to (rules 5.2 and 5.3). */
export type Tally = 'short' | 'token-too-low' | 'granted';

/**
 * Counts the effective votes of an undecided round in each of its groups, of which `counts` says
 * which still count.
 */
export function tally(
  round: Round,
  quorum: number,
  counts: (seat: number, vote: CastVote) => boolean,
): Tally {
  const first = firstToken(round);
  let isGranted = true;
  for (const { seats } of round.electorate.groups) {
    let effective = 0;
    let above = 0;
    for (const seat of seats) {
      const vote = round.ballots[seat]?.vote ?? null;
      if (vote === null || !isUnconditional(vote) || vote.token !== round.token) continue;
      if (!counts(seat, vote)) continue;
      effective += 1;
      if (vote.floor < first) above += 1;
    }
    if (effective < quorum) return 'short';
    if (above < quorum) isGranted = false;
  }
  return isGranted ? 'granted' : 'token-too-low';
}

/** The first of its tokens: the one that it is granted with (rule 8.1). */
export function firstToken({ token, span }: Pick<Round, 'token' | 'span'>): Stamp {
  return stampsOn(token, 1 - span);
}

/** Whether the voters keep it as a committed one: it is held, or lingers. */
export function isCommitted({ phase }: Pick<Round, 'phase'>): boolean {
  return phase.state === 'held' || phase.state === 'lingering';
}

/**
 * Whether so many voters of one of its groups have refused on their present links that no quorum is
 * left there: `overloaded` if all of those are full.
 */
export function refusal(round: Round, quorum: number): 'busy' | 'overloaded' | null {
  for (const { seats } of round.electorate.groups) {
    let all = 0;
    let overloaded = 0;
    for (const seat of seats) {
      const ballot = round.ballots[seat];
      if (!ballot?.current) continue;
      const { answer } = ballot;
      if (answer === 'busy' || answer === 'overloaded') all += 1;
      if (answer === 'overloaded') overloaded += 1;
    }
    if (all > seats.length - quorum) return overloaded === all ? 'overloaded' : 'busy';
  }
  return null;
}

/**
 * Whether so many voters of each of its groups have answered on their present links. One that is
 * full has not recorded the round, and will say no more of it.
 */
export function isAnswered(round: Round, quorum: number): boolean {
  for (const { seats } of round.electorate.groups) {
    let count = 0;
    for (const seat of seats) {
      const ballot = round.ballots[seat];
      if (ballot?.current && ballot.answer !== 'overloaded') count += 1;
    }
    if (count < quorum) return false;
  }
  return true;
}

/** How many rounds stand ahead at a voter: it does not say of each ending how many are left. */
export function aheadAt({ ahead, answer, vote }: Ballot): number {
  return answer === 'voted' && vote !== null ? vote.pending.length : ahead;
}

/** Whether others stand ahead at some voter, as far as known. */
export function hasOthersAhead({ ballots }: Round): boolean {
  return ballots.some((ballot) => ballot !== undefined && aheadAt(ballot) > 0);
}

/** Whether a voter keeps no entry for the round: it refused, and had not voted. */
export function isDropped({ answer, vote }: Ballot): boolean {
  return vote === null && (answer === 'busy' || answer === 'overloaded');
}

/**
 * A newer vote of the same generation waits for no more than the one before: an ending that is
 * known stays known, though it may no longer be remembered (rule 5.2).
 */
export function renewed(vote: CastVote, before: CastVote | null): CastVote {
  const isSame =
    before?.generation === vote.generation &&
    before.session === vote.session &&
    before.incarnation === vote.incarnation;
  if (!isSame) return vote;
  const { incarnation, session, generation, token } = vote;
  const pending = vote.pending.filter((id) => before.pending.includes(id));
  const floor = greater(vote.floor, before.floor);
  return { incarnation, session, generation, token, pending, floor };
}

/** The phase, with its moments moved on by as much on each clock. */
export function shifted(phase: Phase, time: TimeMs, lease: LeaseTimeMs): Phase {
  if (phase.state === 'held') {
    return { state: 'held', maxHoldUntil: later(phase.maxHoldUntil, lease) };
  }
  if (phase.state === 'lingering') {
    return { state: 'lingering', until: later(phase.until, time) };
  }
  if (phase.state === 'over' || phase.unansweredSince === null) return phase;
  const { unansweredSince } = phase;
  return { state: 'undecided', unansweredSince: later(unansweredSince, time) };
}

/** Whether a vote for it waits for that round to end. */
export function waitsFor({ ballots }: Round, id: RoundId): boolean {
  return ballots.some((ballot) => ballot?.vote?.pending.includes(id));
}

/** What each voter has said, with its name. */
export function seated(voters: readonly PeerId[], ballots: Round['ballots']): [PeerId, Ballot][] {
  return voters.flatMap((voter, seat): [PeerId, Ballot][] => {
    const ballot = ballots[seat];
    return ballot === undefined ? [] : [[voter, ballot]];
  });
}
