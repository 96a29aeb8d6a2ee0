/**
 * Fencing (docs/protocol.md, section 1): on each resource, in the order of the grants in true time,
 * the token of an exclusive claim is greater than all before, and that of a shared one greater than
 * those of all exclusive ones before.
 */

import type { ClaimId, Stamp } from '../../protocol/ids.ts';
import type { CheckerSetup } from '../checker.ts';
import { BookChecker } from './book-checker.ts';
import type { Books } from './books.ts';
import type { Claim, CoreView } from './core-view.ts';
import { describeClaim, describeCore, msOf } from './wording.ts';

/** A grant: one or two are kept for every name that was ever locked, so no more of it than that. */
interface Greatest {
  readonly token: Stamp;
  readonly core: CoreView;
  readonly claim: ClaimId;
  readonly atUs: number;
}

interface OnName {
  any: Greatest;
  exclusive: Greatest | null;
}

export class Tokens extends BookChecker {
  readonly name = 'tokens';
  readonly #names = new Map<string, OnName>();

  constructor(setup: CheckerSetup, books: Books) {
    super(setup, books);
    books.granted.push((claim, { token }) => this.#check(claim, token));
  }

  #check(claim: Claim, token: Stamp): void {
    const { core, asked, grant } = claim;
    const granted = { token, core, claim: asked.claim, atUs: grant?.atUs ?? 0 };
    for (const { name, mode } of asked.resources) {
      const on = this.#names.get(name);
      if (on === undefined) {
        this.#names.set(name, { any: granted, exclusive: mode === 'exclusive' ? granted : null });
        continue;
      }
      const before = mode === 'exclusive' ? on.any : on.exclusive;
      if (before !== null && token <= before.token) {
        const now = describeClaim(claim);
        this.violate(
          `tokens of ${name} go back: ${now}; before it, ${describeGrant(name, before)}`,
        );
      }
      if (mode === 'exclusive' && token > (on.exclusive?.token ?? -1)) on.exclusive = granted;
      if (token > on.any.token) on.any = granted;
    }
  }
}

function describeGrant(name: string, { core, claim, atUs, token }: Greatest): string {
  const what = `${describeCore(core)}'s claim ${claim} on ${name}`;
  return `${what}, granted at ${msOf(atUs)} ms with token ${token}`;
}
