/**
 * What is stolen (rule 8.8): a claim is lost to others only where one of them steals, and in the
 * step in which its owner hears of it.
 */

import type { Message } from '../../protocol/message.ts';
import type { Lost } from '../../protocol/output.ts';
import type { CheckerSetup } from '../checker.ts';
import { BookChecker } from './book-checker.ts';
import type { Books } from './books.ts';
import type { Claim, CoreView } from './core-view.ts';
import { describeClaim } from './wording.ts';

export class Stealing extends BookChecker {
  readonly name = 'stealing';
  /** The names that were asked for by claims that steal. */
  readonly #names = new Set<string>();
  /** Held, and revoked in this step. */
  readonly #revoked = new Set<Claim>();

  constructor(setup: CheckerSetup, books: Books) {
    super(setup, books);
    books.asked.push(({ asked: { patience, resources } }) => {
      if (patience !== 'steal') return;
      for (const { name } of resources) this.#names.add(name);
    });
    books.lost.push((claim, lost) => this.#onLost(claim, lost));
    books.heard.push((core, _link, message) => this.#onHeard(core, message));
    books.stepped.push((core) => {
      if (this.#revoked.size > 0) this.#onStepped(core);
    });
  }

  #onLost(claim: Claim, { reason }: Lost): void {
    if (reason !== 'stolen') return;
    if (claim.asked.resources.some(({ name }) => this.#names.has(name))) return;
    this.violate(`${describeClaim(claim)}, is lost as stolen, and nobody steals`);
  }

  #onHeard(core: CoreView, message: Message): void {
    if (message.type !== 'revoke') return;
    const claim = core.byNumber.get(message.round);
    if (claim?.state === 'held') this.#revoked.add(claim);
  }

  #onStepped(core: CoreView): void {
    for (const claim of this.#revoked) {
      if (core.held.has(claim)) this.violate(`${describeClaim(claim)}, is stolen, and held on`);
    }
    this.#revoked.clear();
  }
}
