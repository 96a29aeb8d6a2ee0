/**
 * The floor of a vote is not below what has ended on its names, nor below the tokens of committed
 * rounds that stand ahead (rules 4.2, 4.6, 4.7).
 */

import type { CheckerSetup } from '../checker.ts';
import { BookChecker } from './book-checker.ts';
import type { Books } from './books.ts';
import type { CoreView } from './core-view.ts';
import type { KeptEntry } from './kept-entry.ts';
import { describeCore, describeNames } from './wording.ts';

export class Floors extends BookChecker {
  readonly name = 'floors';

  constructor(setup: CheckerSetup, books: Books) {
    super(setup, books);
    books.voted.push((core, entry) => this.#check(core, entry));
  }

  #check(core: CoreView, entry: KeptEntry): void {
    // Votes leave it long after they were decided.
    if (core.wasSlow) return;
    const { entries, time } = core;
    const ended = entries.ended.floorOf(entry.resources, time.now);
    if (entry.floor < ended) this.#object(core, entry, `where one has ended with ${ended}`);
    for (const other of entries.aheadOf(entry, time.now)) {
      if (other.committedAt === null || other.committedAt >= time.now) continue;
      const token = other.token.before(time.now);
      if (entry.floor >= token) continue;
      this.#object(core, entry, `after ${other.id}, which is held with ${token}`);
    }
  }

  #object(core: CoreView, { id, floor, resources }: KeptEntry, why: string): void {
    const names = describeNames(resources);
    this.violate(`${describeCore(core)} votes for ${id} on ${names} with floor ${floor}, ${why}`);
  }
}
