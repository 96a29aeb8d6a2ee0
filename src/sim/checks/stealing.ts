/**
 * What is stolen (rule 8.8): a claim is lost to others only where one of them steals that had not
 * been granted and over before it, and in the step in which its owner hears of it.
 */

import type { Message } from '../../protocol/message.ts';
import type { Lost } from '../../protocol/output.ts';
import type { CheckerSetup } from '../checker.ts';
import { BookChecker } from './book-checker.ts';
import type { Books } from './books.ts';
import type { Claim, CoreView } from './core-view.ts';
import { describeClaim } from './wording.ts';

/** The claims on a name that steal. */
interface Thieves {
  readonly open: Set<Claim>;
  /** Whether one has ended that was never granted: voters may hear of it late. */
  hasFailed: boolean;
  /** When one that was granted ended last, in the order of grants. */
  overAt: number;
}

export class Stealing extends BookChecker {
  readonly name = 'stealing';
  readonly #thieves = new Map<string, Thieves>();
  /** When each round was first granted, in the order of grants. */
  readonly #grantedAt = new WeakMap<Claim, number>();
  #grants = 0;
  /** Held, and revoked in this step. */
  readonly #revoked = new Set<Claim>();

  constructor(setup: CheckerSetup, books: Books) {
    super(setup, books);
    books.asked.push((claim) => this.#onAsked(claim));
    books.granted.push((claim) => this.#onGranted(claim));
    books.lost.push((claim, lost) => this.#onLost(claim, lost));
    books.failed.push((claim) => this.#onOver(claim));
    books.released.push((claim) => this.#onOver(claim));
    books.gone.push(({ claims }) => {
      for (const claim of claims.values()) this.#onOver(claim);
    });
    books.heard.push((core, _link, message) => this.#onHeard(core, message));
    books.stepped.push((core) => {
      if (this.#revoked.size > 0) this.#onStepped(core);
    });
  }

  #onAsked(claim: Claim): void {
    if (claim.asked.patience !== 'steal') return;
    for (const { name } of claim.asked.resources) {
      const thieves = this.#thieves.get(name) ?? { open: new Set(), hasFailed: false, overAt: 0 };
      this.#thieves.set(name, thieves);
      thieves.open.add(claim);
    }
  }

  #onGranted(claim: Claim): void {
    this.#grants += 1;
    const before = claim.before === null ? undefined : this.#grantedAt.get(claim.before);
    this.#grantedAt.set(claim, before ?? this.#grants);
  }

  #onOver(claim: Claim): void {
    if (claim.asked.patience !== 'steal') return;
    for (const { name } of claim.asked.resources) {
      const thieves = this.#thieves.get(name);
      if (thieves?.open.delete(claim) !== true) continue;
      if (claim.state === 'waiting') thieves.hasFailed = true;
      else thieves.overAt = this.#grants;
    }
  }

  #onLost(claim: Claim, { reason }: Lost): void {
    this.#onOver(claim);
    if (reason !== 'stolen') return;
    const grantedAt = this.#grantedAt.get(claim) ?? 0;
    const isStolen = claim.asked.resources.some(({ name }) => {
      const thieves = this.#thieves.get(name);
      if (thieves === undefined) return false;
      return thieves.open.size > 0 || thieves.hasFailed || thieves.overAt >= grantedAt;
    });
    if (!isStolen) this.violate(`${describeClaim(claim)}, is lost as stolen, and nobody steals`);
  }

  #onHeard(core: CoreView, message: Message): void {
    if (message.type !== 'revoke') return;
    const claim = core.byNumber.get(message.round);
    const token = claim?.grant?.token;
    if (claim?.state !== 'held' || token === undefined) return;
    // Of several tokens, the round may have greater ones (rule 8.1).
    const isSingle = claim.asked.lingerMs === 0;
    if (isSingle && message.token > token) this.#revoked.add(claim);
  }

  #onStepped(core: CoreView): void {
    for (const claim of this.#revoked) {
      if (core.held.has(claim)) this.violate(`${describeClaim(claim)}, is stolen, and held on`);
    }
    this.#revoked.clear();
  }
}
