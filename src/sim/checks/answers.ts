/**
 * What a core answers to its own application: each claim once, if at all, and never after it was
 * released; and conflicting claims of one peer in the order asked (docs/protocol.md, section 1,
 * *Order*).
 */

import type { RoundNumber } from '../../protocol/ids.ts';
import type { Failed, Granted, Lost } from '../../protocol/output.ts';
import type { CheckerSetup } from '../checker.ts';
import { BookChecker } from './book-checker.ts';
import type { Books } from './books.ts';
import type { Claim, CoreView } from './core-view.ts';
import { describeClaim, describeCore } from './wording.ts';

export class Answers extends BookChecker {
  readonly name = 'answers';

  constructor(setup: CheckerSetup, books: Books) {
    super(setup, books);
    books.granted.push((claim, { round }) => this.#onGranted(claim, round));
    books.unasked.push((core, output) => this.#onUnasked(core, output));
  }

  #onGranted(claim: Claim, round: RoundNumber): void {
    if (round !== claim.number) {
      this.violate(`${describeClaim(claim)}, is numbered ${round}`);
    }
    for (const other of this.books.claims.olderWaiting(claim)) {
      // Who steals waits for nobody who does not (rule 8.8).
      if (claim.asked.patience === 'steal' && other.asked.patience !== 'steal') continue;
      this.violate(`out of order: ${describeClaim(claim)}; ${describeClaim(other)}, still waits`);
    }
  }

  #onUnasked(core: CoreView, { type, claim }: Granted | Failed | Lost): void {
    const known = core.claims.get(claim);
    const is = known === undefined ? 'is not open' : `is ${known.state}`;
    this.violate(`${describeCore(core)} tells that claim ${claim} is ${type}, which ${is}`);
  }
}
