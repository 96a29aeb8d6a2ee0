/**
 * What an application is promised about elections: no two works of an election are led at once, by
 * the clocks of those who lead; none begins that does not lead, and none goes on unaware that it
 * leads no more. Whoever looks is shown leaders that were granted, with the token and the value
 * that they have, each later than the one before.
 */

import type { Leader } from '../peer/election.ts';
import { type CheckerSetup, Violation } from './checker.ts';
import type { Books } from './checks/books.ts';
import type { Elections, Term, View } from './elections.ts';

export function watchElections(setup: CheckerSetup, books: Books, elections: Elections): void {
  const watch = new ElectionWatch(setup, books, elections);
  elections.began.push((term) => watch.onBegan(term));
  elections.shown.push((view, leader) => watch.onShown(view, leader));
  setup.world.watch({ onStep() {}, onTurn: () => watch.onTurn() });
}

class ElectionWatch {
  readonly #setup: CheckerSetup;
  readonly #books: Books;
  readonly #elections: Elections;
  /** What was granted, by name and token: by whom, and with what value. */
  readonly #granted = new Map<string, Pick<Leader, 'peer' | 'value'>>();
  /** The greatest token that each was shown. */
  readonly #last = new WeakMap<View, number>();

  constructor(setup: CheckerSetup, books: Books, elections: Elections) {
    this.#setup = setup;
    this.#books = books;
    this.#elections = elections;
    books.granted.push(({ core, asked }, { token }) => {
      const { value } = asked;
      if (value === null) return;
      for (const { name } of asked.resources) {
        this.#granted.set(`${name} ${token}`, { peer: core.core.peer, value });
      }
    });
  }

  onBegan(term: Term): void {
    const { claim, lock, name, signal } = term;
    if (!lock.held || signal.aborted) this.#violate(`${describe(term)}, which does not lead`);
    for (const other of this.#elections.terms) {
      if (other.claim === claim) {
        this.#violate(`${describe(term)}, while ${describe(other)}, in the same run`);
      }
      const leads = other.lock.held && !other.signal.aborted;
      if (other.name !== name || !leads || !this.#setup.isExclusive) continue;
      this.#violate(`${describe(term)}, while ${describe(other)}`);
    }
  }

  onShown(view: View, leader: Leader | null): void {
    if (leader === null) return;
    const { host, election } = view;
    const { peer, token, value } = leader;
    const who = `${host.name} sees ${peer} ("${value}") lead ${election.name} with token ${token}`;
    const granted = this.#granted.get(`${election.name} ${token}`);
    if (granted?.peer !== peer || granted.value !== value) {
      const truth = granted === undefined ? 'nobody' : `${granted.peer} ("${granted.value}")`;
      this.#violate(`${who}, with which ${truth} was elected`);
    }
    const last = this.#last.get(view) ?? 0;
    if (token < last) this.#violate(`${who}, after one with token ${last}`);
    this.#last.set(view, token);
  }

  onTurn(): void {
    for (const term of this.#elections.terms) {
      const { claim, lock, process, signal } = term;
      if (signal.aborted || !process.isAlive) continue;
      const core = this.#books.present.get(claim.host);
      if (core?.process !== process) continue;
      const isHeld = [...core.held].some(({ grant }) => grant?.token === lock.token);
      if (!isHeld) this.#violate(`${describe(term)}, and is not told that it leads no more`);
    }
  }

  #violate(message: string): void {
    const { nowMs } = this.#setup.world;
    this.#setup.onViolation(new Violation('elections', `At ${nowMs} ms: ${message}`, nowMs));
  }
}

function describe({ claim, lock, name }: Term): string {
  return `${claim.host.name} leads ${name} with token ${lock.token}`;
}
