/**
 * Lost is final (rule 6.6): a claim that was invalid for a moment is over. What time alone has
 * ended when a core begins a step is told in that very step, whatever else the step brings.
 */

import type { CheckerSetup } from '../checker.ts';
import { BookChecker } from './book-checker.ts';
import type { Books } from './books.ts';
import type { CoreView } from './core-view.ts';
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
    for (const claim of core.held) {
      const { overdueMs, validForMs } = claim;
      if (overdueMs < 0 && validForMs > 0) continue;
      const was = overdueMs < 0 ? 'is invalid' : `had been invalid for ${overdueMs} ms`;
      this.violate(
        `${describeClaim(claim)}, ${was} when ${core.host.name} took a step, is not told lost, ` +
          `and valid for ${validForMs} ms after it (${describeClocks(core.host)})`,
      );
    }
  }
}
