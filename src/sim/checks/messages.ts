/**
 * How many messages a claim takes is bounded: without contention or faults a dozen for each other
 * voter; more with each other claim that was open on its names meanwhile, and with each link that
 * came up, on which everything is said again. Each of those may change its vote by what is granted,
 * raised and ended ahead of it, and may have it given back once itself and once for each other that
 * gives its own back later. A claim that is asked about and given back for ever passes any bound.
 */

import type { Message } from '../../protocol/message.ts';
import type { CheckerSetup } from '../checker.ts';
import { BookChecker } from './book-checker.ts';
import type { Books } from './books.ts';
import type { Claim, CoreView } from './core-view.ts';
import { describeClaim } from './wording.ts';

/** What the owner of a round says about it. */
const ofCoordinators: ReadonlySet<string> = new Set<Message['type']>([
  'abort',
  'commit',
  'prepare',
  'release',
  'yield',
]);

/** What voters say to the owner of a round. */
const ofVoters: ReadonlySet<string> = new Set<Message['type']>([
  'contended',
  'inquire',
  'queued',
  'refuse',
  'revoke',
  'vote',
]);

export class Messages extends BookChecker {
  readonly name = 'messages';

  constructor(setup: CheckerSetup, books: Books) {
    super(setup, books);
    books.said.push((core, _link, message) => {
      if (ofCoordinators.has(message.type)) this.#count(core, message);
    });
    books.heard.push((core, _link, message) => {
      if (ofVoters.has(message.type)) this.#count(core, message);
    });
  }

  #count(core: CoreView, message: Message): void {
    if (!('round' in message)) return;
    const claim = core.byNumber.get(message.round);
    if (claim === undefined) return;
    const { account } = claim;
    account.messages += 1;
    if (account.messages <= account.allowed) return;
    account.allowed = this.#allowed(claim);
    if (account.messages <= account.allowed) return;
    this.violate(`${describeClaim(claim)}, has taken ${account.messages} messages`);
  }

  #allowed(claim: Claim): number {
    const { core, asked, account } = claim;
    const { claims, linkUps } = this.books;
    const open = claims.askedOnNamesOf(claim) - account.endedBefore - asked.resources.length;
    const events = open + linkUps - account.linkUpsBefore;
    const others = core.mesh.voters.length - (core.isVoter ? 1 : 0);
    return others * (12 + 10 * events + 2 * events ** 2);
  }
}
