/**
 * A voter tells the owner of what is held, in the turn in which it comes about, that one that
 * steals stands behind it, and has a greater token: once for each PREPARE of it that was heard on
 * the present link (rule 8.8).
 */

import type { Message } from '../../protocol/message.ts';
import type { CheckerSetup } from '../checker.ts';
import { BookChecker } from './book-checker.ts';
import type { Books } from './books.ts';
import type { CoreView, LinkView } from './core-view.ts';
import { isSurelyBehind, type KeptEntry, mayBeOver } from './kept-entry.ts';
import { describeCore, describeNames } from './wording.ts';

export class Revoking extends BookChecker {
  readonly name = 'revoking';
  /** Those that steal, of voters that have been asked for such. */
  readonly #stealing = new Map<CoreView, Set<KeptEntry>>();
  /** On which link each was asked for last. */
  readonly #asked = new WeakMap<KeptEntry, LinkView>();
  /** Of which the owner has been told since. */
  readonly #told = new WeakSet<KeptEntry>();

  constructor(setup: CheckerSetup, books: Books) {
    super(setup, books);
    books.heard.push((core, link, message) => this.#onHeard(core, link, message));
    books.said.push((_core, link, message) => {
      if (message.type !== 'revoke') return;
      const entry = link.session?.entries.get(message.round);
      if (entry !== undefined) this.#told.add(entry);
    });
    books.stepped.push((core, { step }) => {
      if (this.#stealing.size > 0 && step.input.type === 'flush') this.#check(core);
    });
    books.gone.push((core) => this.#stealing.delete(core));
  }

  #onHeard(core: CoreView, link: LinkView, message: Message): void {
    if (message.type !== 'prepare') return;
    const entry = link.session?.entries.get(message.round);
    if (entry === undefined) return;
    this.#asked.set(entry, link);
    this.#told.delete(entry);
    if (message.patience !== 'steal' || message.committed) return;
    const stealing = this.#stealing.get(core) ?? new Set();
    this.#stealing.set(core, stealing.add(entry));
  }

  #check(core: CoreView): void {
    const stealing = this.#stealing.get(core) ?? none;
    for (const thief of stealing) {
      const names = thief.resources.map(({ name }) => name);
      const isKept = names.every((name) => [...core.entries.on(name)].includes(thief));
      if (thief.committedAt !== null || !isKept) stealing.delete(thief);
      else if (thief.isSure) for (const name of names) this.#checkName(core, name, thief);
    }
  }

  #checkName(core: CoreView, name: string, thief: KeptEntry): void {
    for (const held of core.entries.on(name)) {
      const link = this.#asked.get(held);
      if (held.committedAt === null || mayBeOver(held, core.time.now)) continue;
      if (link === undefined || core.links.get(link.peer) !== link) continue;
      if (this.#told.has(held) || !isSurelyBehind(thief, held)) continue;
      if (thief.token.greatest <= held.token.greatest) continue;
      const what = `${held.id} on ${describeNames(held.resources)} is stolen by ${thief.id}`;
      this.violate(`${describeCore(core)} does not tell ${link.peer} that ${what}`);
    }
  }
}

const none: Set<KeptEntry> = new Set();
