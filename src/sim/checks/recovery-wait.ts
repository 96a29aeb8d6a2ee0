/**
 * A restarted voter casts no vote until nobody counts what it forgot (section 7 of
 * docs/protocol.md): until every other voter has said SETTLED to this incarnation, or a lease has
 * passed; in a mesh with non-voting members, until a lease has passed. From then on no floor is
 * below what its hybrid clock showed, which covers what the forgotten incarnation has seen (rule
 * 7.5).
 */

import type { PeerId } from '../../protocol/ids.ts';
import type { Vote } from '../../protocol/message.ts';
import type { CheckerSetup } from '../checker.ts';
import { BookChecker } from './book-checker.ts';
import type { Books } from './books.ts';
import type { CoreView } from './core-view.ts';
import { describeCore } from './wording.ts';

export class RecoveryWait extends BookChecker {
  readonly name = 'recovery';

  constructor(setup: CheckerSetup, books: Books) {
    super(setup, books);
    books.said.push((core, link, message) => {
      if (message.type === 'vote') this.#checkVote(core, link.peer, message);
    });
    books.told.push((core, output) => {
      const ends = output.type === 'voter' && output.voter === core.core.peer && core.isVoting;
      if (ends) this.#check(core);
    });
  }

  #checkVote(core: CoreView, owner: PeerId, { round, floor }: Vote): void {
    const vote = `${describeCore(core)} votes for round ${round} of ${owner}`;
    if (!core.mayVote) this.violate(`${vote}, and is in recovery`);
    if (!core.isRestarted || floor >= core.clockOfRecovery) return;
    this.violate(`${vote} with floor ${floor}, and left recovery at ${core.clockOfRecovery}`);
  }

  #check(core: CoreView): void {
    const passedMs = core.time.now - Math.floor(core.core.startedMs) - 1;
    const { leaseMs, members, quorum, voters } = core.mesh;
    if (passedMs >= leaseMs) return;
    const unsettled = unsettledOf(core);
    const isAlone = quorum === 1 && voters.length > 1;
    if (unsettled.length === 0 && !members && !isAlone) return;
    let missing = `no SETTLED of ${unsettled.join(' ')}`;
    if (members) missing = 'members may count its votes';
    if (isAlone) missing = 'its vote alone decides, and nobody else knows its tokens';
    const when = `${passedMs} ms after its start, of ${leaseMs}`;
    this.violate(`${describeCore(core)} leaves recovery ${when}: ${missing}`);
  }
}

/** The other voters that have not said SETTLED. */
export function unsettledOf({ core, mesh, settled }: CoreView): readonly string[] {
  return mesh.voters.filter((voter) => voter !== core.peer && !settled.has(voter));
}
