/**
 * How a claim stood when it failed: what each voter had said, who held, how many were ahead.
 */

import { type Group, hasSeat } from './groups.ts';
import { ownerOf, type PeerId } from './ids.ts';
import type { Holder } from './message.ts';
import type { KnownHolder, Standing, VoterAnswer } from './output.ts';
import { aheadAt, type Ballot, isCommitted, isUnconditional, type Round } from './round.ts';

/** What is known beside the round itself. */
interface Known {
  /** Whether the voters have been asked: before it begins nobody is (rules 5.1, 8.5). */
  readonly hasBegun: boolean;
  readonly voters: readonly PeerId[];
  readonly isLinked: (voter: PeerId) => boolean;
  readonly isSeen: (group: Group) => boolean;
  /** The names of the round on which a group decides. */
  readonly namesOf: (group: Group) => readonly string[];
  /** The holders that this peer's own voter sees ahead. */
  readonly seen: readonly Holder[];
  /** Where the claim itself stands among those that follow the round, if it does (rule 8.5). */
  readonly follows: { readonly peer: PeerId; readonly place: number } | undefined;
}

/** @param round of the claim, or that which it follows */
export function describeStanding(round: Round, known: Known): Standing {
  const { groups, seats } = round.electorate;
  const voters = known.voters.flatMap((voter, seat): VoterAnswer[] => {
    if (!seats.includes(seat)) return [];
    if (!known.isLinked(voter)) return [{ voter, answer: 'unlinked' }];
    const ballot = round.ballots[seat];
    return [{ voter, answer: known.hasBegun ? answerOf(ballot) : 'unasked' }];
  });
  const asked = groups.map((group) => ({
    names: known.namesOf(group),
    voters: known.voters.filter((_, seat) => hasSeat(group, seat)),
    seen: known.isSeen(group),
  }));
  let ahead = known.seen.length;
  for (const ballot of round.ballots) {
    if (ballot !== undefined) ahead = Math.max(ahead, aheadAt(ballot));
  }
  const { follows } = known;
  const holders = holdersOf(round, known.seen);
  if (follows !== undefined) {
    ahead += 1 + follows.place;
    if (isCommitted(round)) holders.push({ peer: follows.peer, heldForMs: null });
  }
  return { voters, groups: asked, holders, ahead };
}

function answerOf(ballot: Ballot | undefined): VoterAnswer['answer'] {
  if (ballot === undefined || !ballot.current) return 'silent';
  const { answer, vote } = ballot;
  if (answer === 'busy' || answer === 'overloaded') return answer;
  if (vote === null) return 'queued';
  return isUnconditional(vote) ? 'yes' : 'behind';
}

/** The holders that some voter named with their time; else the owners of the rounds waited for. */
function holdersOf(round: Round, seen: readonly Holder[]): KnownHolder[] {
  const known = new Map<PeerId, KnownHolder>();
  const named = [...seen, ...round.ballots.flatMap((ballot) => ballot?.holders ?? [])];
  for (const { peer, heldForMs } of named) {
    const before = known.get(peer)?.heldForMs ?? 0;
    known.set(peer, { peer, heldForMs: Math.max(before, heldForMs) });
  }
  if (known.size > 0) return [...known.values()];
  for (const ballot of round.ballots) {
    for (const id of ballot?.vote?.pending ?? []) {
      known.set(ownerOf(id), { peer: ownerOf(id), heldForMs: null });
      break;
    }
  }
  return [...known.values()];
}
