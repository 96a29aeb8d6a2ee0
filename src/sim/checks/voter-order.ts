/**
 * A voter keeps to its order (section 4 of docs/protocol.md): it puts no entry ahead of one that is
 * there already, and forgets none that it has voted for, unless the owner has given the vote back,
 * the round has ended, or the session has expired. So the newer votes of one place come after ever
 * fewer rounds, and a vote comes after all that certainly stand ahead.
 */

import type { CheckerSetup } from '../checker.ts';
import { BookChecker } from './book-checker.ts';
import type { Books } from './books.ts';
import type { CoreView } from './core-view.ts';
import type { KeptEntry, VoteBefore } from './kept-entry.ts';
import { describeClocks, describeCore, describeNames } from './wording.ts';

export class VoterOrder extends BookChecker {
  readonly name = 'voter-order';

  constructor(setup: CheckerSetup, books: Books) {
    super(setup, books);
    books.voted.push((core, entry, before) => this.#check(core, entry, before));
  }

  #check(core: CoreView, entry: KeptEntry, before: VoteBefore): void {
    if (before.generation === entry.generation) {
      for (const id of entry.after) {
        if (before.after.includes(id)) continue;
        const after = before.after.join(' ') || 'nobody';
        const vote = describeVote(core, entry);
        this.violate(`${vote} also after ${id}, where the same place was after ${after}`);
      }
    }
    for (const other of core.entries.aheadOf(entry, core.time.now)) {
      if (entry.after.includes(other.id)) continue;
      const clocks = describeClocks(core.host);
      this.violate(
        `${describeVote(core, entry)} and not after ${other.id}, for which it voted before ` +
          `(#${other.generation}), and which has not ended (${clocks})`,
      );
    }
  }
}

function describeVote(core: CoreView, { id, generation, resources }: KeptEntry): string {
  return `${describeCore(core)} votes for ${id} on ${describeNames(resources)} (#${generation})`;
}
