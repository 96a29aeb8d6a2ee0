/**
 * The one form of a core's state that stands for all that behave alike: the order of what has no
 * order is made the same, numbers of frames start again, and what only explains an error is left
 * out. Nothing of this changes what a core does next, but for the wording of failures; a test
 * compares searches with and without it.
 */

import {
  type Frame,
  type Message,
  type NodeSnapshot,
  type PeerId,
  type SessionNumber,
  sessionNumber,
} from '../../protocol/index.ts';

const unnumbered = { sequenceSent: 0, sequenceHeard: 0 };

/** The canonical form of a core's state. @param isCounted whether numbers of frames are kept */
export function canonicalSnapshot(
  snapshot: NodeSnapshot,
  isCounted: boolean = false,
): NodeSnapshot {
  const { coordinator, recovery, voter } = snapshot;
  const { ledger, table } = coordinator;
  const links = snapshot.links.map((link) => ({
    ...link,
    ...(isCounted ? {} : unnumbered),
    outbox: link.outbox.map(withoutReasons),
  }));
  return {
    ...snapshot,
    links: links.toSorted(byPeer),
    unsent: snapshot.unsent.toSorted(),
    states: snapshot.states.toSorted(byFirst),
    recovery: recovery && {
      ...recovery,
      unsettled: recovery.unsettled?.toSorted() ?? null,
    },
    voter: canonicalVoter(voter),
    coordinator: {
      ...coordinator,
      ledger: ledger.toSorted((a, b) => (a.voter < b.voter ? -1 : 1)),
      table: {
        ...table,
        endings: table.endings.toSorted(byFirst),
        rounds: table.rounds.map((round) => ({
          ...round,
          ballots: round.ballots.map(withoutHolders).toSorted(byFirst),
        })),
      },
    },
  };
}

type RoundSnapshot = NodeSnapshot['coordinator']['table']['rounds'][number];
type BallotSnapshot = RoundSnapshot['ballots'][number];

/**
 * How many are ahead and who holds is only told to whom a claim fails; what a vote waits for has no
 * order.
 */
function withoutHolders([voter, ballot]: BallotSnapshot): BallotSnapshot {
  const { answer, current, yielded } = ballot;
  const vote = ballot.vote && { ...ballot.vote, pending: ballot.vote.pending.toSorted() };
  return [voter, { answer, current, vote, yielded, ahead: 0, holders: [] }];
}

function canonicalVoter(voter: NodeSnapshot['voter']): NodeSnapshot['voter'] {
  const { sessions } = voter;
  return {
    ...voter,
    sessions: {
      ...sessions,
      sessions: sessions.sessions.toSorted((a, b) => byPeer(a, b) || a.incarnation - b.incarnation),
    },
  };
}

/** Of a core that has just met all others, each once: its own session is 1, all others are 2. */
export function evenSessions(snapshot: NodeSnapshot): NodeSnapshot {
  const { coordinator, voter } = snapshot;
  const even = (number: SessionNumber): SessionNumber => sessionNumber(Math.min(number, 2));
  const sessions = voter.sessions.sessions.map((session) => ({
    ...session,
    number: even(session.number),
  }));
  const ledger = coordinator.ledger.map(({ tenures, voter: of }) => ({
    voter: of,
    tenures: tenures.map((tenure) => ({ ...tenure, session: even(tenure.session) })),
  }));
  return {
    ...snapshot,
    voter: { ...voter, sessions: { ...voter.sessions, sessions } },
    coordinator: { ...coordinator, ledger },
  };
}

/** A frame as it is stored: its number is left out where none is lost but with its link. */
export function canonicalFrame(frame: Frame, isCounted: boolean = false): Frame {
  const { stamp, echo, clock, messages } = frame;
  const sequence = isCounted ? frame.sequence : 1;
  return { sequence, stamp, echo, clock, messages: messages.map(withoutReasons) };
}

function withoutReasons(message: Message): Message {
  switch (message.type) {
    case 'queued':
      return { ...message, ahead: 0, holders: [] };
    case 'refuse':
      return { ...message, holders: [] };
    default:
      return message;
  }
}

/** Names a canonical state for good: states that differ anywhere have different names. */
export function nameOfSnapshot(snapshot: NodeSnapshot): string {
  const { coordinator } = snapshot;
  const { ledger } = coordinator;
  // What JSON does not tell apart is spelled out: limits without an end or a start.
  const limits = ledger.map(({ tenures, voter }) => [
    voter,
    tenures.map(({ incarnation, limitInMs, session }) => [
      incarnation,
      session,
      Number.isFinite(limitInMs) ? limitInMs : String(limitInMs),
    ]),
  ]);
  return `${JSON.stringify(snapshot)}${JSON.stringify(limits)}`;
}

/** Names a canonical frame for good. */
export function nameOfFrame(frame: Frame): string {
  return JSON.stringify(frame);
}

function byPeer(a: { readonly peer: PeerId }, b: { readonly peer: PeerId }): number {
  return a.peer < b.peer ? -1 : a.peer > b.peer ? 1 : 0;
}

function byFirst(a: readonly [string, ...unknown[]], b: readonly [string, ...unknown[]]): number {
  return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0;
}
