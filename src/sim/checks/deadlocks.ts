/**
 * A claim fails for a deadlock only where there was one: at the moment at which its probe had been
 * around for the first time, or later, each claim of the way waited, its caller held what the one
 * before waited for, and the one that fails was the youngest (rules 9.3 and 9.4). What its caller
 * holds, it holds still. No attempt is passed on from a claim twice.
 */

import { conflicts } from '../../protocol/claim.ts';
import { type PeerId, partsOf, type RoundNumber, roundId } from '../../protocol/ids.ts';
import type { Resource } from '../../protocol/message.ts';
import type { Hop } from '../../protocol/pursuit.ts';
import type { CheckerSetup } from '../checker.ts';
import { BookChecker } from './book-checker.ts';
import type { Books } from './books.ts';
import {
  type Aged,
  agedOf,
  both,
  type ClaimSpan,
  ClaimSpans,
  isEmpty,
  isOlder,
  keptOut,
  type Span,
  waitOf,
} from './claim-spans.ts';
import type { Claim } from './core-view.ts';
import { aroundAt, type Search, Searches, undecidedAt } from './searches.ts';
import { describeClaim, describeCore } from './wording.ts';

/** What stands between a claim and what is held: it waits too, as far as a voter knows. */
interface Between extends Aged {
  readonly resources: readonly Resource[];
  readonly steals: boolean;
}

export class Deadlocks extends BookChecker {
  readonly name = 'deadlocks';
  readonly #spans: ClaimSpans;
  readonly #searches: Searches;
  /** What the caller of a claim that fails in this step holds. */
  #holding: readonly Claim[] = [];

  constructor(setup: CheckerSetup, books: Books) {
    super(setup, books);
    this.#spans = new ClaimSpans(books);
    const now = (): number => this.#spans.now;
    this.#searches = new Searches(books, now, (core, { round, origin, attempt }) => {
      const what = `attempt ${attempt} of ${origin} on from its round ${round}`;
      this.violate(`${describeCore(core)} passes ${what} once more`);
    });
    books.failed.push((claim, { failure }) => {
      if (failure.reason === 'deadlock') this.#onFailed(claim, failure.cycle);
    });
    books.lost.push((claim) => {
      this.#holding = this.#holding.filter((each) => each !== claim);
    });
    books.stepped.push((core) => {
      for (const { asked } of this.#holding) {
        if (core.core.holds(asked.claim)) continue;
        this.violate(`claim ${asked.claim} ends without a word, with one that held it meanwhile`);
      }
      this.#holding = none;
    });
  }

  #onFailed(claim: Claim, cycle: readonly Hop[]): void {
    const why = this.#whyNone(claim, cycle);
    if (why !== null) {
      const way = cycle.map(({ peer, round, via }) => `${peer}'s ${via}, for its ${round}`);
      this.violate(`${describeClaim(claim)}, fails for a deadlock: ${way.join('; ')}; ${why}`);
    }
    const { core, asked } = claim;
    const held = (asked.holding ?? none).flatMap((id) => core.claims.get(id) ?? none);
    this.#holding = held.filter(({ state }) => state === 'held');
  }

  /** Why it was no deadlock; `null` where it was one. */
  #whyNone(claim: Claim, cycle: readonly Hop[]): string | null {
    const origin = this.#spans.of(claim);
    const last = cycle.at(-1);
    if (origin === undefined || last?.round !== claim.number) return 'it does not end there';
    const { peer, incarnation } = claim.core.core;
    const searches = this.#searches.of(roundId(peer, incarnation, claim.number));
    const aroundAts = searches.map((search) => aroundAt(search, cycle));
    const since = aroundAts.length === 0 ? 0 : Math.min(...aroundAts);
    let during = both(waitOf(origin), { from: since, to: this.#spans.now });
    let waiter = origin;
    for (const hop of cycle) {
      const next: ClaimSpan | undefined = hop === last ? origin : this.#find(hop, hop.round);
      if (next === undefined) return `${hop.peer} has no round ${hop.round}`;
      const isYounger = next !== origin && isOlder(agedOf(next), agedOf(origin)) === false;
      if (isYounger) return `${describeClaim(next.claim)}, is younger`;
      const inBetween = hop.via === hop.round;
      const target = inBetween ? next : this.#find(hop, hop.via, next.claim);
      if (target === undefined) return `${hop.peer} does not hold ${hop.via} meanwhile`;
      during = both(during, waitOf(next));
      const known = this.#known(hop.voter, searches, during);
      const kept = keptOutBy(waiter, target, known);
      during = both(during, inBetween ? { ...kept, from: 0 } : kept);
      if (isEmpty(during)) return `not at one moment, from ${hop.peer}'s ${hop.via} on`;
      waiter = next;
    }
    return null;
  }

  /** What waits as far as a voter knew when it was asked once more, or knows. */
  #known(voter: PeerId, searches: readonly Search[], during: Span): readonly Between[] {
    const present = [...this.books.present.values()].filter((each) => each.core.peer === voter);
    const kept = present.flatMap(undecidedAt);
    const before = searches.flatMap((search) => search.kept.get(voter) ?? none);
    const entries = new Set([...before, ...kept]);
    const others = [...entries].map(({ id, resources, ticket, patience }): Between => {
      const { peer: of, number: round } = partsOf(id);
      return { peer: of, number: round, ticket, resources, steals: patience === 'steal' };
    });
    // Of its own it knows at once.
    const own = [...this.#spans.all].filter((span) => span.peer === voter && waits(span, during));
    return [...others, ...own.map(betweenOf)];
  }

  /** A claim by its round; of those that another one's caller holds, where that is given. */
  #find({ peer, incarnation }: Hop, number: RoundNumber, holder?: Claim): ClaimSpan | undefined {
    for (const span of this.#spans.all) {
      const { core, asked, before, number: own } = span.claim;
      if (own !== number || core.core.peer !== peer) continue;
      if (core.core.incarnation !== incarnation) continue;
      if (holder === undefined ? before === null : holder.asked.holding?.includes(asked.claim)) {
        return span;
      }
    }
    return undefined;
  }
}

/** While `target` was in the way of one that waits: by itself, or of those who wait before that. */
function keptOutBy(waiter: ClaimSpan, target: ClaimSpan, known: readonly Between[]): Span {
  let widest: Span = { from: 0, to: -1 };
  const before = new Set([betweenOf(waiter)]);
  for (const one of before) {
    if (one.steals) continue;
    const kept = keptOut(one.resources, target);
    if (kept.to > widest.to) widest = kept;
    for (const other of known) {
      const isBefore = isOlder(other, one) !== false && !before.has(other);
      if (isBefore && conflicts(other.resources, one.resources)) before.add(other);
    }
  }
  return widest;
}

function waits(span: ClaimSpan, during: Span): boolean {
  return !isEmpty(both(waitOf(span), during));
}

function betweenOf(span: ClaimSpan): Between {
  const { resources, claim } = span;
  return { ...agedOf(span), resources, steals: claim.asked.patience === 'steal' };
}

const none: readonly never[] = Object.freeze([]);
