/**
 * What was heard of each search for a circle: when, and what voters knew then. What a peer says to
 * itself is not heard.
 */

import { type PeerId, partsOf, type RoundId, roundId } from '../../protocol/ids.ts';
import type { Chase, Hop, Probe } from '../../protocol/pursuit.ts';
import { Table } from '../../protocol/table.ts';
import type { Books } from './books.ts';
import type { CoreView } from './core-view.ts';
import type { KeptEntry } from './kept-entry.ts';

/** One attempt of one claim (rule 9.1). */
export interface Search {
  readonly origin: RoundId;
  /** What was heard the first time around, with the way so far. */
  readonly first: { readonly path: readonly Hop[]; readonly at: number }[];
  /** What waited, as each voter knew when it was asked once more (rule 9.4). */
  readonly kept: Map<PeerId, readonly KeptEntry[]>;
  /** From which rounds it was passed on to which voters. */
  readonly passedOn: Set<string>;
}

/** How many are remembered. */
const searchesMax = 1_000;

export class Searches {
  readonly #all = new Table<string, Search>();
  /** Those that have come back to where they began in this step. */
  readonly #back = new Set<Search>();

  /**
   * @param now the moment, as claims are timed by
   * @param onAgain told of what is passed on from a claim once more (rule 9.3)
   */
  constructor(books: Books, now: () => number, onAgain: (core: CoreView, probe: Probe) => void) {
    books.said.push((core, { peer: to }, message) => {
      if (message.type !== 'probe' || message.passed < message.path.length) return;
      const { peer, incarnation } = core.core;
      const { passedOn } = this.#searchOf(message);
      const way = `${roundId(peer, incarnation, message.round)} ${to}`;
      if (passedOn.has(way)) onAgain(core, message);
      passedOn.add(way);
    });
    books.heard.push((core, _link, message) => {
      if (message.type === 'probe' || message.type === 'chase') this.#onHeard(core, message, now());
    });
    books.stepped.push(() => {
      this.#back.clear();
    });
  }

  /** Those that a claim which fails now may fail by. */
  of(origin: RoundId): readonly Search[] {
    const back = [...this.#back].filter((search) => search.origin === origin);
    if (back.length > 0) return back;
    const keys = [...this.#all.keys()].filter((key) => key.startsWith(`${origin} `));
    return keys.flatMap((key) => this.#all.get(key) ?? []);
  }

  #onHeard(core: CoreView, { type, path, passed, ...of }: Probe | Chase, now: number): void {
    const search = this.#searchOf(of);
    const isFirst = passed === path.length;
    const isHome = type === 'chase' && partsOf(of.origin).peer === core.core.peer;
    if (isFirst) search.first.push({ path, at: now });
    // Whoever is back may ask itself next.
    if (core.isVoter && (!isFirst || isHome)) {
      search.kept.set(core.core.peer, undecidedAt(core));
    }
    if (isHome) this.#back.add(search);
  }

  #searchOf({ origin, attempt }: Pick<Probe, 'origin' | 'attempt'>): Search {
    const key = `${origin} ${attempt}`;
    const known = this.#all.get(key);
    if (known !== undefined) return known;
    const search: Search = { origin, first: [], kept: new Map(), passedOn: new Set() };
    this.#all.set(key, search);
    const oldest = this.#all.size > searchesMax ? this.#all.firstKey() : undefined;
    if (oldest !== undefined) this.#all.delete(oldest);
    return search;
  }
}

/** What waits, as far as a voter knows. */
export function undecidedAt({ entries }: CoreView): readonly KeptEntry[] {
  return [...entries.all()].filter(({ committedAt }) => committedAt === null);
}

/** When a search was around for the first time, as far as is known, or later than that. */
export function aroundAt({ first }: Search, cycle: readonly Hop[]): number {
  const onWay = first.filter(({ path }) => path.every((hop, at) => isSame(hop, cycle[at])));
  return Math.max(0, ...onWay.map(({ at }) => at));
}

function isSame({ peer, round, via, voter }: Hop, other: Hop | undefined): boolean {
  return (
    other?.peer === peer && other.round === round && other.via === via && other.voter === voter
  );
}
