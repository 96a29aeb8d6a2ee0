/**
 * A voter is asked for the names on which it decides, and for no others; and it is told of rounds,
 * by LIVE, COMMIT or YIELD, if it has been asked for some of their names (rule 10.2).
 */

import type { Message, Prepare } from '../../protocol/message.ts';
import type { CheckerSetup } from '../checker.ts';
import { BookChecker } from './book-checker.ts';
import type { Books } from './books.ts';
import type { Claim, CoreView, LinkView } from './core-view.ts';
import { describeClaim } from './wording.ts';

export class Groups extends BookChecker {
  readonly name = 'groups';

  constructor(setup: CheckerSetup, books: Books) {
    super(setup, books);
    books.said.push((core, link, message) => this.#onSaid(core, link, message));
  }

  #onSaid(core: CoreView, link: LinkView, message: Message): void {
    switch (message.type) {
      case 'prepare':
      case 'commit':
      case 'yield': {
        const claim = core.byNumber.get(message.round);
        if (claim !== undefined) this.#check(claim, link, message);
        return;
      }
      case 'live':
        for (const round of message.rounds) {
          const claim = core.byNumber.get(round);
          if (claim !== undefined) this.#check(claim, link, message);
        }
        return;
      default:
        return;
    }
  }

  #check(claim: Claim, { peer }: LinkView, message: Message): void {
    const { asked, core } = claim;
    const own = asked.resources.filter(({ name }) => core.mesh.votersOf(name).includes(peer));
    const isRight = message.type === 'prepare' ? isSame(message, own) : own.length > 0;
    if (isRight) return;
    const names = own.map(({ name }) => name).join(' ') || 'none';
    const said = message.type === 'prepare' ? `prepare of ${namesOf(message)}` : message.type;
    this.violate(`${describeClaim(claim)}: ${said} is said to ${peer}, which decides on ${names}`);
  }
}

/** In whatever order: a round goes to claims that name the same in another one. */
function isSame({ committed, resources }: Prepare, own: Prepare['resources']): boolean {
  if (resources.length !== own.length) return false;
  return resources.every(({ name, mode }) => {
    const same = own.find((other) => other.name === name);
    // It may leave after its claim was downgraded (rule 8.9), with the next PREPARE behind it.
    return same?.mode === mode || (same?.mode === 'shared' && committed);
  });
}

function namesOf({ resources }: Prepare): string {
  return resources.map(({ name }) => name).join(' ');
}
