/**
 * The claims that are granted in a step, and by whose votes. Within one step a vote may come,
 * decide a claim, and be asked back: so it is looked at each time that something may have changed
 * whether there are enough, and the best that was seen counts.
 */

import { type RoundId, roundId, type Stamp } from '../../protocol/ids.ts';
import type { Output } from '../../protocol/output.ts';
import type { Claim, CoreView } from './core-view.ts';

/** A claim that is granted in the present step. */
export interface Decided {
  readonly claim: Claim;
  readonly token: Stamp;
}

const nothing: readonly Decided[] = Object.freeze([]);

/** What the outputs of a step say about it before they are gone through in order. */
export function foresee(core: CoreView, outputs: readonly Output[]): readonly Decided[] {
  core.mayVote = core.isVoting;
  let decided: Decided[] | undefined;
  for (const output of outputs) {
    if (output.type === 'voter') {
      if (output.voter === core.core.peer && output.state === 'voting') core.mayVote = true;
      continue;
    }
    if (output.type !== 'granted' && output.type !== 'failed' && output.type !== 'lost') continue;
    const claim = core.claims.get(output.claim);
    if (claim === undefined) continue;
    if (output.type === 'granted') {
      decided ??= [];
      decided.push({ claim, token: output.token });
    } else {
      // It may have ended before the others of this step were decided.
      core.votes.end(roundOf(claim), claim.grant?.token ?? null);
    }
  }
  return decided ?? nothing;
}

/** Notes who supports what is decided, if that is more than was seen before. */
export function noteSupport(core: CoreView, decided: readonly Decided[]): void {
  for (const { claim, token } of decided) {
    const supporters = core.votes.supporters(claim.number, token, core.leaseMs);
    if (supporters.length > claim.supporters.length) claim.supporters = supporters;
    if (hasQuorum(claim)) core.votes.hold(claim.number);
  }
}

/** Whether enough voters support a claim; of the core's own voter, which nobody hears, the best. */
export function hasQuorum({ core, supporters }: Claim): boolean {
  return supporters.length + (core.mayVote ? 1 : 0) >= core.mesh.quorum;
}

export function roundOf({ core, number }: Claim): RoundId {
  return roundId(core.core.peer, core.core.incarnation, number);
}
