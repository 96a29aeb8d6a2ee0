/**
 * A lock that stays with its peer (rules 8.1 to 8.6): it goes to a claim for the same, with the
 * next token, which a quorum has voted for; to nobody once somebody else is known to want it; and
 * of what nobody holds, whoever wants it hears in the same turn.
 */

import type { ClaimId, RoundNumber } from '../../protocol/ids.ts';
import type { Message } from '../../protocol/message.ts';
import type { CheckerSetup } from '../checker.ts';
import type { SeenStep } from '../world.ts';
import { BookChecker } from './book-checker.ts';
import type { Books } from './books.ts';
import type { Claim, CoreView, LinkView } from './core-view.ts';
import { isOnSame } from './kept-round.ts';
import { describeClaim, describeCore } from './wording.ts';

/** What is to be let go at the end of the turn, unless the link breaks on which that was said. */
interface Due {
  readonly link: LinkView;
  readonly round: RoundNumber;
}

export class Lingering extends BookChecker {
  readonly name = 'lingering';
  readonly #told = new WeakSet<Claim>();
  readonly #wanted = new WeakMap<CoreView, Set<RoundNumber>>();
  readonly #due = new Map<CoreView, Due[]>();

  constructor(setup: CheckerSetup, books: Books) {
    super(setup, books);
    books.granted.push((claim) => this.#onGranted(claim));
    books.heard.push((core, link, message) => this.#onHeard(core, link, message));
    books.stepped.push((core, seen) => this.#onStepped(core, seen));
    books.told.push((core, output) => {
      if (output.type === 'wanted') this.#onWanted(core, output.claim);
    });
    books.gone.push((core) => this.#due.delete(core));
  }

  #onGranted(claim: Claim): void {
    const { core, number, asked, grant, before } = claim;
    if (before === null || grant === null) return;
    const to = `${describeClaim(claim)}, at no message,`;
    if (!isOnSame(asked, before.asked)) {
      this.violate(`${to} on a round for something else: ${describeClaim(before)}`);
    }
    if (grant.token !== (before.grant?.token ?? 0) + 1) {
      this.violate(`${to} and the token before was ${before.grant?.token}`);
    }
    const registered = core.votes.registered(number, grant.token);
    for (const { name } of asked.resources) {
      const voters = core.mesh.votersOf(name);
      const others = voters.filter((voter) => registered.includes(voter)).length;
      const count = others + (voters.includes(core.core.peer) ? 1 : 0);
      if (count >= core.mesh.quorum) continue;
      this.violate(`${to} with a token that ${count} voters of ${name} have voted for at best`);
    }
    if (this.#wanted.get(core)?.has(number) === true) {
      this.violate(`${to} though others are known to want it`);
    }
  }

  /** Its holder has asked, and is told once (rule 8.6). */
  #onWanted(core: CoreView, claim: ClaimId): void {
    const known = core.claims.get(claim);
    if (known?.state !== 'held') {
      this.violate(`${describeCore(core)} tells that claim ${claim} is wanted, which is not held`);
    } else if (this.#told.has(known)) {
      this.violate(`${describeClaim(known)}, is said to be wanted again`);
    } else this.#told.add(known);
  }

  #onHeard(core: CoreView, link: LinkView, message: Message): void {
    if (message.type !== 'contended') return;
    const { round } = message;
    const isIdle = core.lingering.has(round);
    if (!isIdle && !core.byNumber.has(round)) return;
    const wanted = this.#wanted.get(core) ?? new Set();
    this.#wanted.set(core, wanted.add(round));
    if (!isIdle) return;
    const due = this.#due.get(core) ?? [];
    this.#due.set(core, due);
    due.push({ link, round });
  }

  #onStepped(core: CoreView, { step }: SeenStep): void {
    if (this.#due.size === 0 || step.input.type !== 'flush') return;
    for (const { link, round } of this.#due.get(core) ?? []) {
      const claim = core.lingering.get(round);
      if (claim === undefined || core.links.get(link.peer) !== link) continue;
      this.violate(`${describeClaim(claim)}, is not let go, though ${link.peer} has asked for it`);
    }
    this.#due.delete(core);
  }
}
