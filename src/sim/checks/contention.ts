/**
 * A voter tells the owner of what may linger, in the turn in which it comes about, that somebody
 * stands behind it: once for each PREPARE of it that was heard on the present link (rule 8.3).
 */

import type { RoundNumber } from '../../protocol/ids.ts';
import type { Message } from '../../protocol/message.ts';
import type { CheckerSetup } from '../checker.ts';
import { BookChecker } from './book-checker.ts';
import type { Books } from './books.ts';
import type { CoreView, LinkView } from './core-view.ts';
import { isSurelyBehind, type KeptEntry, mayBeOver } from './kept-entry.ts';
import { describeCore, describeNames } from './wording.ts';

/** A round that may linger, of which its owner has not been told that it is wanted. */
interface Untold {
  readonly link: LinkView;
  readonly round: RoundNumber;
  readonly entry: KeptEntry;
}

/** What is known of one voter. */
interface Voter {
  /** By entry: those that have been asked about on the present links of their owners. */
  readonly untold: Map<KeptEntry, Untold>;
  /** Those about which something was said, on which link: a vote would be said on it, too. */
  readonly answered: WeakMap<KeptEntry, LinkView>;
  /** The names on which something has happened since the last flush. */
  readonly changed: Set<string>;
}

export class Contention extends BookChecker {
  readonly name = 'contention';
  readonly #voters = new WeakMap<CoreView, Voter>();

  constructor(setup: CheckerSetup, books: Books) {
    super(setup, books);
    books.heard.push((core, link, message) => this.#onHeard(core, link, message));
    books.said.push((core, link, message) => this.#onSaid(core, link, message));
    books.stepped.push((core, { step }) => {
      if (step.input.type === 'flush') this.#check(core);
    });
  }

  #onHeard(core: CoreView, link: LinkView, message: Message): void {
    if (message.type !== 'prepare' && message.type !== 'commit') return;
    const { round } = message;
    const entry = link.session?.entries.get(round);
    if (entry === undefined) return;
    const { untold, changed } = this.#of(core);
    if (message.type === 'prepare') {
      if (message.lingers) untold.set(entry, { link, round, entry });
      else untold.delete(entry);
    }
    if (untold.has(entry)) for (const { name } of entry.resources) changed.add(name);
  }

  #onSaid(core: CoreView, link: LinkView, message: Message): void {
    const { type } = message;
    if (type !== 'contended' && type !== 'vote' && type !== 'queued') return;
    const entry = link.session?.entries.get(message.round);
    if (entry === undefined) return;
    const { untold, answered, changed } = this.#of(core);
    if (type === 'contended') untold.delete(entry);
    else {
      answered.set(entry, link);
      for (const { name } of entry.resources) changed.add(name);
    }
  }

  #check(core: CoreView): void {
    const voter = this.#voters.get(core);
    if (voter === undefined || voter.changed.size === 0) return;
    for (const [entry, each] of voter.untold) {
      if (!isKept(core, each)) voter.untold.delete(entry);
      else if (entry.committedAt !== null && !mayBeOver(entry, core.time.now)) {
        this.#checkRound(core, voter, each);
      }
    }
    voter.changed.clear();
  }

  #checkRound(core: CoreView, voter: Voter, { link, round, entry }: Untold): void {
    const { answered, changed } = voter;
    for (const { name, mode } of entry.resources) {
      if (!changed.has(name)) continue;
      for (const other of core.entries.on(name)) {
        const isShared = mode === 'shared' && isSharedOn(other, name);
        const said = answered.get(other);
        const isHeard = said !== undefined && core.links.get(said.peer) === said;
        if (isShared || !isHeard || !isSurelyBehind(other, entry)) continue;
        const { resources } = entry;
        const what = `its round ${round} on ${describeNames(resources)}, which may linger,`;
        this.violate(
          `${describeCore(core)} does not tell ${link.peer} that ${what} is wanted by ${other.id}`,
        );
        return;
      }
    }
  }

  #of(core: CoreView): Voter {
    const known = this.#voters.get(core);
    if (known !== undefined) return known;
    const made: Voter = { untold: new Map(), answered: new WeakMap(), changed: new Set() };
    this.#voters.set(core, made);
    return made;
  }
}

/** Whether it is still kept, and its owner still linked as it was. */
function isKept(core: CoreView, { link, round, entry }: Untold): boolean {
  return core.links.get(link.peer) === link && link.session?.entries.get(round) === entry;
}

function isSharedOn({ resources }: KeptEntry, name: string): boolean {
  return resources.some((each) => each.name === name && each.mode === 'shared');
}
