/**
 * Every PREPARE is answered, also where it repeats one of an earlier link, in the turn in which it
 * is heard (rule 3.5): the next that leaves on the link holds the answer.
 */

import type { RoundNumber } from '../../protocol/ids.ts';
import type { Message } from '../../protocol/message.ts';
import type { CheckerSetup } from '../checker.ts';
import { BookChecker } from './book-checker.ts';
import type { Books } from './books.ts';
import type { CoreView, LinkView } from './core-view.ts';
import { describeCore } from './wording.ts';

export class Replies extends BookChecker {
  readonly name = 'replies';
  /** The links on which something leaves in the present step while answers are due. */
  readonly #speaking = new Set<LinkView>();

  constructor(setup: CheckerSetup, books: Books) {
    super(setup, books);
    books.heard.push((core, link, message) => {
      if (message.type === 'prepare') this.#onAsked(core, link, message.round);
    });
    books.said.push((_core, link, message) => this.#onSaid(link, message));
    books.keptAlive.push((_core, link) => this.#onSaid(link, null));
    books.stepped.push((core) => {
      if (this.#speaking.size > 0) this.#check(core);
    });
  }

  #onAsked(core: CoreView, link: LinkView, round: RoundNumber): void {
    // On one link an answer stands: what is asked again there may have none but that.
    if (link.asked.has(round) || link.session?.entries.has(round) !== true) return;
    link.asked.add(round);
    link.unanswered.set(round, core.steps);
  }

  #onSaid(link: LinkView, message: Message | null): void {
    const { asked, unanswered } = link;
    if (unanswered.size > 0) this.#speaking.add(link);
    if (message === null) return;
    const { type } = message;
    if (type === 'vote' || type === 'queued' || type === 'refuse') unanswered.delete(message.round);
    // It is kept no more, and would be asked about as something new.
    if (type === 'refuse') asked.delete(message.round);
  }

  #check(core: CoreView): void {
    for (const link of this.#speaking) {
      for (const [round, askedIn] of link.unanswered) {
        // What is asked for in this step is answered with the next that leaves.
        if (askedIn >= core.steps) continue;
        this.violate(`${describeCore(core)} gives ${link.peer} no answer about its round ${round}`);
      }
    }
    this.#speaking.clear();
  }
}
