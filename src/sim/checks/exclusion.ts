/**
 * Two conflicting claims are never both valid at one instant of true time (docs/protocol.md,
 * section 1). A holder counts until it knows that it is none, by its own clocks at that instant:
 * also one that stands still, since that is what it will see first when it goes on.
 */

import type { CheckerSetup } from '../checker.ts';
import { BookChecker } from './book-checker.ts';
import type { Books } from './books.ts';
import type { Claim } from './core-view.ts';
import { describeClaim, describeClocks } from './wording.ts';

export class Exclusion extends BookChecker {
  readonly name = 'exclusion';

  constructor(setup: CheckerSetup, books: Books) {
    super(setup, books);
    books.granted.push((claim) => this.#check(claim));
  }

  #check(claim: Claim): void {
    for (const rival of this.books.claims.rivals(claim, 'held')) {
      if (!rival.core.core.holds(rival.asked.claim)) continue;
      const clocks = describeClocks(rival.core.host);
      this.violate(
        `two holders: ${describeClaim(claim)}; it conflicts with ${describeClaim(rival)}, which ` +
          `still is held by the clocks of ${rival.core.host.name} (${clocks})`,
      );
    }
  }
}
