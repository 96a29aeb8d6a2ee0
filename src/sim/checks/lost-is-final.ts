/**
 * Lost is final (rule 6.6): a claim that was invalid for a moment is over. What time alone has
 * ended when a core begins a step is told in that very step, whatever else the step brings.
 */

import type { CheckerSetup } from '../checker.ts';
import { BookChecker } from './book-checker.ts';
import type { Books } from './books.ts';
import type { Claim, CoreView } from './core-view.ts';
import { describeClaim, describeClocks } from './wording.ts';

export class LostIsFinal extends BookChecker {
  readonly name = 'lost-is-final';

  constructor(setup: CheckerSetup, books: Books) {
    super(setup, books);
    books.stepped.push((core) => {
      if (core.held.size > 0) this.#check(core);
    });
  }

  #check(core: CoreView): void {
    const { before, after } = core.looks;
    for (const claim of before) {
      const { overdueMs } = claim;
      if (overdueMs < 0 || !core.held.has(claim)) continue;
      this.#object(claim, `had been invalid for ${overdueMs} ms`);
    }
    for (const claim of after) if (claim.validForMs <= 0) this.#object(claim, 'is invalid');
  }

  #object(claim: Claim, was: string): void {
    const { core, validForMs } = claim;
    this.violate(
      `${describeClaim(claim)}, ${was} when ${core.host.name} took a step, is not told lost, ` +
        `and valid for ${validForMs} ms after it (${describeClocks(core.host)})`,
    );
  }
}
