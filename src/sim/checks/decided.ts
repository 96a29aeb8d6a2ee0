/**
 * The claims that are granted in a step, and by whose votes. Within one step a vote may come,
 * decide a claim, and be asked back: so it is looked at before anything changes its votes, and when
 * all is said, and the best that was seen counts. (What ends meanwhile only makes votes effective.)
 */

import { type PeerId, type RoundId, roundId, type Stamp } from '../../protocol/ids.ts';
import type { Message } from '../../protocol/message.ts';
import type { Output } from '../../protocol/output.ts';
import { othersThan } from './claim-index.ts';
import type { Claim, CoreView } from './core-view.ts';

/** The claims that are granted in the present step, with their tokens. */
export type Decided = ReadonlyMap<Claim, Stamp>;

const nothing: Decided = new Map();

/** What the outputs of a step say about it before they are gone through in order. */
export function foresee(core: CoreView, outputs: readonly Output[]): Decided {
  core.mayVote = core.isVoting;
  let decided: Map<Claim, Stamp> | undefined;
  for (const output of outputs) {
    if (output.type === 'voter') {
      if (output.voter === core.core.peer && output.state === 'voting') core.mayVote = true;
      continue;
    }
    if (output.type !== 'granted' && output.type !== 'failed' && output.type !== 'lost') continue;
    const claim = core.claims.get(output.claim);
    if (claim === undefined) continue;
    if (output.type === 'granted') {
      decided ??= new Map();
      decided.set(claim, output.token);
      for (const other of othersThan(claim)) core.votes.end(roundOf(other), null);
    } else {
      // It may have ended before the others of this step were decided.
      core.votes.end(roundOf(claim), claim.grant?.token ?? null);
    }
  }
  return decided ?? nothing;
}

/** Notes who supports what is decided, if that is more than was seen before. */
export function noteSupport(decided: Decided): void {
  for (const [claim, token] of decided) noteSupportOf(claim, token);
}

/** The same before a message is taken in that may change the votes of one of them. */
export function noteSupportBefore(message: Message, core: CoreView, decided: Decided): void {
  if (message.type !== 'vote' && message.type !== 'inquire') return;
  const claim = core.byNumber.get(message.round);
  const token = claim === undefined ? undefined : decided.get(claim);
  if (claim !== undefined && token !== undefined) noteSupportOf(claim, token);
}

function noteSupportOf(claim: Claim, token: Stamp): void {
  const { core, number } = claim;
  if (hasQuorum(claim)) return;
  const supporters = core.votes.supporters(number, token, core.leaseMs);
  const isMore = supporters.length > claim.supporters.length;
  if (isMore || supportEach(claim, supporters)) claim.supporters = supporters;
  if (hasQuorum(claim)) core.votes.hold(number);
}

/** Whether enough voters support a claim; of the core's own voter, which nobody hears, the best. */
export function hasQuorum(claim: Claim): boolean {
  return supportEach(claim, claim.supporters);
}

/** Whether these, and the core's own voter, are a quorum of each of a claim's names (rule 10.2). */
function supportEach({ core, asked }: Claim, supporters: readonly PeerId[]): boolean {
  const { mesh, mayVote } = core;
  return asked.resources.every(({ name }) => {
    const voters = mesh.votersOf(name);
    const others = voters.filter((voter) => supporters.includes(voter)).length;
    return others + (mayVote && voters.includes(core.core.peer) ? 1 : 0) >= mesh.quorum;
  });
}

export function roundOf({ core, number }: Claim): RoundId {
  return roundId(core.core.peer, core.core.incarnation, number);
}
