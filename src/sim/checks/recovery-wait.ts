/**
 * A restarted voter casts no vote until nobody counts what it forgot (section 7 of docs/protocol.md):
 * until every other voter has said SETTLED to this incarnation, or a lease has passed; in a mesh
 * with non-voting members, until a lease has passed.
 */

import type { CheckerSetup } from '../checker.ts';
import { BookChecker } from './book-checker.ts';
import type { Books } from './books.ts';
import type { CoreView } from './core-view.ts';
import { describeCore } from './wording.ts';

export class RecoveryWait extends BookChecker {
  readonly name = 'recovery';

  constructor(setup: CheckerSetup, books: Books) {
    super(setup, books);
    books.said.push((core, link, { type }) => {
      if (type !== 'vote' || core.mayVote) return;
      this.violate(`${describeCore(core)} is in recovery, and votes for ${link.peer}`);
    });
    books.told.push((core, output) => {
      const ends = output.type === 'voter' && output.voter === core.core.peer && core.isVoting;
      if (ends) this.#check(core);
    });
  }

  #check(core: CoreView): void {
    const passedMs = core.time.now - Math.floor(core.core.startedMs) - 1;
    const { leaseMs, members } = core.mesh;
    if (passedMs >= leaseMs) return;
    const unsettled = unsettledOf(core);
    if (unsettled.length === 0 && !members) return;
    const missing = members
      ? 'members may count its votes'
      : `no SETTLED of ${unsettled.join(' ')}`;
    this.violate(
      `${describeCore(core)} leaves recovery ${passedMs} ms after its start, of ${leaseMs}: ${missing}`,
    );
  }
}

/** The other voters that have not said SETTLED. */
export function unsettledOf({ core, mesh, settled }: CoreView): readonly string[] {
  return mesh.voters.filter((voter) => voter !== core.peer && !settled.has(voter));
}
