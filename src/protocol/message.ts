/**
 * What peers say to each other (docs/protocol.md, section 3). Plain immutable data; the form on the
 * wire is wire.ts's.
 *
 * `round` is always the coordinator's own number for the round: the pair of peers that a link joins
 * makes it unique among the rounds of one incarnation, so that no peer can speak of another's
 * round.
 */

import type {
  Generation,
  Incarnation,
  LeaseTimeMs,
  LookNumber,
  PeerId,
  RoundId,
  RoundNumber,
  SessionNumber,
  Stamp,
} from './ids.ts';
import type { Leader, Observe } from './leading.ts';
import type { Chase, Probe } from './pursuit.ts';

export type Mode = 'exclusive' | 'shared';

/** A name that is locked, and how. */
export interface Resource {
  readonly name: string;
  readonly mode: Mode;
}

/**
 * `wait`: until those ahead are done. `try`: fails where it would wait for a holder. `steal`: goes
 * before all that do not steal, and has whoever holds it lose it (rule 8.8); exclusive names only.
 */
export type Patience = 'wait' | 'try' | 'steal';

/** A committed round that stands in the way, as a voter saw it. */
export interface Holder {
  readonly peer: PeerId;
  /** How long ago the voter heard of the grant, in milliseconds. */
  readonly heldForMs: number;
}

/** "I am here, in this incarnation." First on every link, both ways; nothing else before it. */
export interface Hello {
  readonly type: 'hello';
  readonly incarnation: Incarnation;
  /**
   * The session that the sender, as a voter, keeps for the receiver; 0 if it is no voter. All that
   * this link carries belongs to it (rule 6.1).
   */
  readonly session: SessionNumber;
  /** Whether the sender is a voter in recovery, which waits for SETTLED (rule 7.2). */
  readonly recovering: boolean;
}

/**
 * "Of my rounds numbered `first` to `last`, these live; the others have ended." Coordinator →
 * voter.
 */
export interface Live {
  readonly type: 'live';
  readonly first: RoundNumber;
  readonly last: RoundNumber;
  readonly rounds: readonly RoundNumber[];
}

/**
 * "That was all I have: nothing of mine counts a vote that you cast before this incarnation, but
 * the held claims that you have just been told of." Each peer → restarted voter.
 */
export interface Settled {
  readonly type: 'settled';
  /** The restarted voter's incarnation. */
  readonly incarnation: Incarnation;
}

/** "I have left recovery and vote from now on." Voter → everyone. */
export interface Recovered {
  readonly type: 'recovered';
}

/** "Will you keep these for me?" Coordinator → every voter. */
export interface Prepare {
  readonly type: 'prepare';
  readonly round: RoundNumber;
  readonly resources: readonly Resource[];
  readonly ticket: Stamp;
  readonly token: Stamp;
  /** Whether the claim is held already: told again after a break. */
  readonly committed: boolean;
  readonly patience: Patience;
  /** How long the claim may be held, in milliseconds from the grant; Infinity without a bound. */
  readonly maxHoldMs: number;
  /** Whether the round may stay when its claim is released: CONTENDED is wanted (rule 8.3). */
  readonly lingers: boolean;
  /** What its owner is to be known by as a leader; `null` where it leads nobody (rule 8.7). */
  readonly value: string | null;
}

/**
 * "I keep them for you, with this token, once every round in `after` has ended." Voter →
 * coordinator.
 */
export interface Vote {
  readonly type: 'vote';
  readonly round: RoundNumber;
  readonly generation: Generation;
  readonly token: Stamp;
  readonly after: readonly RoundId[];
  /** The token must be greater than this for the claim to be granted. */
  readonly floor: Stamp;
}

/** "No." Voter → coordinator. Takes no vote back. */
export interface Refuse {
  readonly type: 'refuse';
  readonly round: RoundNumber;
  /** `busy`: a try that would wait. `overloaded`: the voter keeps as many entries as it may. */
  readonly reason: 'busy' | 'overloaded';
  readonly holders: readonly Holder[];
}

/** "Recorded, no vote yet." Voter → coordinator. */
export interface Queued {
  readonly type: 'queued';
  readonly round: RoundNumber;
  /** How many conflicting rounds stand ahead. */
  readonly ahead: number;
  readonly holders: readonly Holder[];
  /** For one that steals: no held round ahead has a greater token (rule 8.8). Else 0. */
  readonly floor: Stamp;
}

/**
 * "One that goes before yours waits behind it: give my vote back if undecided." Voter →
 * coordinator.
 */
export interface Inquire {
  readonly type: 'inquire';
  readonly round: RoundNumber;
  readonly generation: Generation;
}

/** "Somebody waits behind a round of yours that may linger." Voter → coordinator. */
export interface Contended {
  readonly type: 'contended';
  readonly round: RoundNumber;
}

/** "Somebody steals what your round holds: end it." Voter → coordinator. */
export interface Revoke {
  readonly type: 'revoke';
  readonly round: RoundNumber;
  /** The registered token of the one that steals: what is held with a greater one came later. */
  readonly token: Stamp;
}

/** "Given back: put me behind." Coordinator → voter. */
export interface Yield {
  readonly type: 'yield';
  readonly round: RoundNumber;
  readonly generation: Generation;
}

/** "Decided: I hold." Coordinator → every voter. */
export interface Commit {
  readonly type: 'commit';
  readonly round: RoundNumber;
  readonly token: Stamp;
}

/** "Given up; it was never granted." Coordinator → every voter. */
export interface Abort {
  readonly type: 'abort';
  readonly round: RoundNumber;
}

/** "I held it, and that is over." Coordinator → every voter. */
export interface Release {
  readonly type: 'release';
  readonly round: RoundNumber;
  readonly token: Stamp;
}

/**
 * "Tell me, too, when this round of yours ends." Coordinator → coordinator (rule 10.4).
 */
export interface Watch {
  readonly type: 'watch';
  /** In which the round was begun. */
  readonly incarnation: Incarnation;
  readonly round: RoundNumber;
}

/** "What do you keep, on this name or on all?" Any peer → voter (rule 10.5). */
export interface Look {
  readonly type: 'look';
  readonly look: LookNumber;
  /** `null` for all. */
  readonly name: string | null;
}

/** A round as a voter knows it. */
export interface Sight {
  readonly peer: PeerId;
  readonly incarnation: Incarnation;
  readonly round: RoundNumber;
  /** Those on which the voter decides; of a look at one name that one alone. */
  readonly resources: readonly Resource[];
  /** How long ago the voter heard of the grant, in milliseconds; `null` for one that waits. */
  readonly heldForMs: number | null;
  readonly ticket: Stamp;
  readonly token: Stamp;
  /** Whether it waits for what it steals (rule 8.8). */
  readonly isStealing: boolean;
}

/** "These, among others that I name next." Voter → whoever looks. */
export interface View {
  readonly type: 'view';
  readonly look: LookNumber;
  readonly sights: readonly Sight[];
  /** Whether it is the last about this look. */
  readonly isLast: boolean;
  /** Whether there are more than the voter names. */
  readonly isCut: boolean;
}

/** What a coordinator says to a voter. */
export type CoordinatorMessage =
  | Settled
  | Live
  | Prepare
  | Yield
  | Commit
  | Abort
  | Release
  | Observe
  | Probe;

/** What a voter says to a coordinator. */
export type VoterMessage =
  | Vote
  | Refuse
  | Queued
  | Inquire
  | Contended
  | Revoke
  | View
  | Leader
  | Chase;

export type Message = Hello | Recovered | Watch | Look | CoordinatorMessage | VoterMessage;

/** What travels at once on a link; `messages` may be empty: then it only renews the leases. */
export interface Frame {
  /** 1, 2, 3, … on each link; a gap or a repeat closes it (rule 3.2). */
  readonly sequence: number;
  /** The sender's lease clock. */
  readonly stamp: LeaseTimeMs;
  /** The newest stamp that the sender has heard from the receiver; 0 before that. */
  readonly echo: LeaseTimeMs;
  /** The sender's hybrid clock. */
  readonly clock: Stamp;
  readonly messages: readonly Message[];
}

/** The greatest stamp that a message carries; 0 if it carries none. */
export function latestStamp(message: Message): number {
  switch (message.type) {
    case 'prepare':
      return Math.max(message.ticket, message.token);
    case 'vote':
      return Math.max(message.token, message.floor);
    case 'queued':
      return message.floor;
    case 'commit':
    case 'release':
    case 'revoke':
    case 'leader':
      return message.token;
    case 'probe':
    case 'chase':
      return message.ticket;
    case 'view':
      return message.sights.reduce((most, { ticket, token }) => Math.max(most, ticket, token), 0);
    default:
      return 0;
  }
}
