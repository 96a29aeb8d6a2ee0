/**
 * A claim is held no longer than its votes count: until the (N − q + 1)-th latest of their limits,
 * each by the newest stamp that was echoed in the vote's own session, and for no longer than it may
 * be (rules 6.4 to 6.6). Its own vote, which nobody hears, may have no limit.
 */

import type { CheckerSetup } from '../checker.ts';
import { BookChecker } from './book-checker.ts';
import type { Books } from './books.ts';
import type { Claim, CoreView } from './core-view.ts';
import { describeClaim, describeClocks } from './wording.ts';

export class Leases extends BookChecker {
  readonly name = 'leases';

  constructor(setup: CheckerSetup, books: Books) {
    super(setup, books);
    books.stepped.push((core, { step }) => {
      // Nothing else makes a claim valid for longer.
      if (core.held.size > 0 && step.input.type === 'frame') this.#check(core);
    });
  }

  #check(core: CoreView): void {
    for (const claim of core.looks.after) {
      const mostMs = Math.min(countingForMs(claim), boundMs(claim));
      if (claim.validForMs <= mostMs) continue;
      const heard = core.votes.describe(claim.number, core.leaseMs);
      this.violate(
        `${describeClaim(claim)}, is valid for ${claim.validForMs} ms more, and should be for ` +
          `${mostMs} at most (${describeClocks(core.host)}); votes heard: ${heard}`,
      );
    }
  }
}

/** For the name where that is least (rule 10.2). */
function countingForMs({ asked, core, number }: Claim): number {
  const { quorum, votersOf } = core.mesh;
  let untilMs = Number.POSITIVE_INFINITY;
  for (const { name } of asked.resources) {
    const voters = votersOf(name);
    const needed = voters.length - quorum + 1 - (voters.includes(core.core.peer) ? 1 : 0);
    untilMs = Math.min(untilMs, core.votes.countingUntil(number, needed, voters));
  }
  return untilMs - core.leaseMs;
}

/** What is left of the longest time that it may be held. */
function boundMs({ core, asked, grant }: Claim): number {
  if (grant === null) return Number.NEGATIVE_INFINITY;
  return asked.maxHoldMs - (core.time.now - grant.time.now);
}
