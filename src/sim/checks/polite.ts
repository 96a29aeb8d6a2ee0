/**
 * A holder that asks to be told is told, in the step in which its peer hears or knows that others
 * want what it holds; and its voters are asked to say so, at the end of the turn (rule 8.6).
 */

import { conflicts } from '../../protocol/claim.ts';
import type { ClaimId, RoundNumber } from '../../protocol/ids.ts';
import type { CheckerSetup } from '../checker.ts';
import type { SeenStep } from '../world.ts';
import { BookChecker } from './book-checker.ts';
import type { Books } from './books.ts';
import type { Claim, CoreView, LinkView } from './core-view.ts';
import { mayLinger } from './kept-round.ts';
import { describeClaim } from './wording.ts';

/** What is known of one core. */
interface Holders {
  /** Rounds that others are known to want, as voters have said. */
  readonly contended: Set<RoundNumber>;
  /** Claims that have asked, while a conflicting one of the same peer waits. */
  readonly wanted: WeakSet<Claim>;
  /** The claims that have asked to be told, and have not been: with the links on which to ask. */
  readonly asking: Map<Claim, Set<LinkView>>;
}

export class Polite extends BookChecker {
  readonly name = 'polite';
  readonly #holders = new WeakMap<CoreView, Holders>();

  constructor(setup: CheckerSetup, books: Books) {
    super(setup, books);
    books.heard.push((core, _link, message) => {
      if (message.type !== 'contended') return;
      if (core.byNumber.has(message.round)) this.#of(core).contended.add(message.round);
    });
    books.asked.push((claim) => this.#onAsked(claim));
    books.shared.push((claim) => this.#onShared(claim));
    books.said.push((core, link, message) => {
      if (message.type !== 'prepare' || !message.committed || !message.lingers) return;
      const claim = core.byNumber.get(message.round);
      if (claim !== undefined) this.#of(core).asking.get(claim)?.delete(link);
    });
    books.told.push((core, output) => {
      if (output.type !== 'wanted') return;
      const claim = core.claims.get(output.claim);
      if (claim !== undefined) this.#of(core).asking.delete(claim);
    });
    books.stepped.push((core, seen) => this.#onStepped(core, seen));
  }

  /** Rule 8.4. */
  #onAsked({ core, asked }: Claim): void {
    const known = this.#holders.get(core);
    for (const claim of known?.asking.keys() ?? []) {
      if (conflicts(claim.asked.resources, asked.resources)) known?.wanted.add(claim);
    }
  }

  /** Who wanted it may want to share it: voters say so anew of those that do not (rule 8.9). */
  #onShared(claim: Claim): void {
    this.#holders.get(claim.core)?.contended.delete(claim.number);
  }

  #onStepped(core: CoreView, { step: { input, outputs } }: SeenStep): void {
    const isTold = outputs.some(({ type }) => type === 'wanted');
    if (input.type === 'heed' && !isTold) this.#onHeed(core, input.claim);
    const known = this.#holders.get(core);
    if (known === undefined || known.asking.size === 0) return;
    const { asking, contended, wanted } = known;
    for (const [claim, links] of asking) {
      if (!core.held.has(claim)) asking.delete(claim);
      else if (wanted.has(claim) || contended.has(claim.number)) {
        this.violate(`${describeClaim(claim)}, is not told that others want it`);
        asking.delete(claim);
      } else if (input.type === 'flush') this.#checkAsked(claim, links);
    }
  }

  #onHeed(core: CoreView, id: ClaimId): void {
    const claim = core.claims.get(id);
    if (claim?.state !== 'held') return;
    const { asking, wanted } = this.#of(core);
    for (const other of this.books.claims.rivals(claim, 'waiting')) {
      if (other.core === core) wanted.add(claim);
    }
    const links = [...core.links.values()].filter((link) => mustHear(claim, link));
    asking.set(claim, new Set(links));
  }

  #checkAsked(claim: Claim, links: Set<LinkView>): void {
    for (const link of links) {
      if (claim.core.links.get(link.peer) !== link) continue;
      this.violate(`${describeClaim(claim)}: ${link.peer} is not asked to tell who wants it`);
    }
    links.clear();
  }

  #of(core: CoreView): Holders {
    const known = this.#holders.get(core);
    if (known !== undefined) return known;
    const made: Holders = { contended: new Set(), wanted: new WeakSet(), asking: new Map() };
    this.#holders.set(core, made);
    return made;
  }
}

/** Whether a voter has not been asked before, as of what may linger. */
function mustHear(claim: Claim, { peer, isVoter, greetedIn }: LinkView): boolean {
  const { core, asked } = claim;
  if (mayLinger(claim) || !isVoter || greetedIn > core.steps) return false;
  return asked.resources.some(({ name }) => core.mesh.votersOf(name).includes(peer));
}
