/**
 * Fencing (docs/protocol.md, section 1): on each resource, in the order of the grants in true time,
 * the token of an exclusive claim is greater than all before, and that of a shared one greater than
 * those of all exclusive ones before.
 */

import type { Stamp } from '../../protocol/ids.ts';
import type { CheckerSetup } from '../checker.ts';
import { BookChecker } from './book-checker.ts';
import type { Books } from './books.ts';
import type { Claim } from './core-view.ts';
import { describeClaim } from './wording.ts';

interface Greatest {
  readonly token: Stamp;
  readonly claim: Claim;
}

export class Tokens extends BookChecker {
  readonly name = 'tokens';
  readonly #any = new Map<string, Greatest>();
  readonly #exclusive = new Map<string, Greatest>();

  constructor(setup: CheckerSetup, books: Books) {
    super(setup, books);
    books.granted.push((claim, { token }) => this.#check(claim, token));
  }

  #check(claim: Claim, token: Stamp): void {
    const granted: Greatest = { token, claim };
    for (const { name, mode } of claim.asked.resources) {
      const before = (mode === 'exclusive' ? this.#any : this.#exclusive).get(name);
      if (before !== undefined && token <= before.token) {
        const [now, then] = [describeClaim(claim), describeClaim(before.claim)];
        this.violate(`tokens of ${name} go back: ${now}; before it, ${then}`);
      }
      if (mode === 'exclusive') raise(this.#exclusive, name, granted);
      raise(this.#any, name, granted);
    }
  }
}

function raise(greatest: Map<string, Greatest>, name: string, granted: Greatest): void {
  if ((greatest.get(name)?.token ?? -1) < granted.token) greatest.set(name, granted);
}
