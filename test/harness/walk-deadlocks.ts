/**
 * The callers of a random walk that hold one thing and wait for another: since when each claim has
 * waited, been held, and ended. A claim that fails for a deadlock stood in a circle at some moment,
 * all of which was there at that moment, as its youngest.
 */

import { excludes } from '../../src/protocol/claim.ts';
import type {
  Acquire,
  ClaimId,
  Input,
  Output,
  PeerId,
  Resource,
  Stamp,
} from '../../src/protocol/index.ts';
import { Random } from './random.ts';

/** One claim; moments are steps of the walk, Infinity for what has not come. */
interface Known {
  readonly claim: ClaimId;
  readonly peer: PeerId;
  readonly resources: readonly Resource[];
  readonly holding: readonly ClaimId[];
  readonly steals: boolean;
  /** `null` until it has begun. */
  ticket: Stamp | null;
  readonly askedAt: number;
  grantedAt: number;
  /** When its holder began to share it. */
  sharedAt: number;
  endedAt: number;
}

/** What is held that another waits for, while both last. */
interface Awaited {
  readonly claim: ClaimId;
  readonly span: Span;
}

/** From when until when something was so; empty where `from` is not before `to`. */
interface Span {
  readonly from: number;
  readonly to: number;
}

export class WalkDeadlocks {
  /** A stream of its own: walks in which nobody says what it holds are what they were. */
  readonly random: Random;
  /** How often somebody asks who holds something. */
  readonly chance: number;
  readonly probeMs: number;
  /** Whether it starts with a circle. */
  readonly opens: boolean;
  readonly #known = new Map<ClaimId, Known>();
  readonly #unbegun = new Set<ClaimId>();
  #now = 0;

  constructor(seed: number) {
    this.random = new Random(seed ^ 0x6465_6164);
    this.chance = this.random.pick([0, 0, 0, 0, 0, 0, 0, 0.1, 0.4]);
    this.opens = this.chance > 0 && this.random.chance(0.5);
    this.probeMs = this.chance === 0 ? 1_000 : this.random.pick([20, 100, 300]);
  }

  /** Whether somebody asks now. */
  isDrawn(): boolean {
    return this.chance > 0 && this.random.chance(this.chance);
  }

  /** Another step begins. */
  onInput(peer: PeerId, input: Input): void {
    this.#now += 1;
    if (input.type === 'acquire') this.#ask(peer, input);
    else if (input.type === 'release') this.#end(input.claim);
    else if (input.type === 'downgrade') this.#share(input.claim);
  }

  /** @throws for a claim that fails for a deadlock, but was not the youngest of any */
  onOutput(output: Output): void {
    if (output.type === 'granted') this.#grant(output.claim);
    else if (output.type === 'lost') this.#end(output.claim);
    else if (output.type === 'failed') {
      if (output.failure.reason === 'deadlock') this.#requireYoungest(output.claim);
      this.#end(output.claim);
    }
  }

  /** A round has begun: the greater its ticket, the younger it is. */
  begin(claim: ClaimId, ticket: Stamp): void {
    const known = this.#known.get(claim);
    if (known !== undefined) known.ticket = ticket;
    this.#unbegun.delete(claim);
  }

  /** Whether some claim of it may begin. */
  mayBegin(peer: PeerId): boolean {
    if (this.chance === 0) return false;
    return [...this.#unbegun].some((claim) => this.#known.get(claim)?.peer === peer);
  }

  /** Its core is a new one. */
  forget(peer: PeerId): void {
    for (const { claim, peer: owner } of this.#known.values()) {
      if (owner === peer) this.#end(claim);
    }
  }

  /** Those that wait now in circles, as the youngest. */
  standing(): readonly ClaimId[] {
    const now = { from: this.#now, to: this.#now + 1 };
    const all = [...this.#known.values()];
    return all.filter((one) => this.#isBack(one, one, now, 0)).map(({ claim }) => claim);
  }

  #ask(peer: PeerId, { claim, resources, holding = [], patience }: Acquire): void {
    const of = { claim, peer, resources, holding, steals: patience === 'steal' };
    this.#unbegun.add(claim);
    const ends = { grantedAt: Infinity, sharedAt: Infinity, endedAt: Infinity };
    this.#known.set(claim, { ...of, ticket: null, askedAt: this.#now, ...ends });
  }

  #grant(claim: ClaimId): void {
    const known = this.#known.get(claim);
    if (known !== undefined) known.grantedAt = this.#now;
  }

  #share(claim: ClaimId): void {
    const known = this.#known.get(claim);
    if (known !== undefined) known.sharedAt = this.#now;
  }

  #end(claim: ClaimId): void {
    const known = this.#known.get(claim);
    if (known !== undefined) known.endedAt = Math.min(known.endedAt, this.#now);
    this.#unbegun.delete(claim);
  }

  /** It stood in a circle, all of whose parts were there at one moment. */
  #requireYoungest(claim: ClaimId): void {
    const known = this.#known.get(claim);
    if (known !== undefined && this.#isBack(known, known, waitOf(known), Infinity)) return;
    throw new Error(`No deadlock of which ${claim} is the youngest`);
  }

  /** Whether the way from `at` leads back to `origin`, by claims older than that alone. */
  #isBack(origin: Known, at: Known, during: Span, late: number, passed: Known[] = []): boolean {
    const here = both(during, waitOf(at));
    if (isEmpty(here) || at.ticket === null) return false;
    for (const { claim, span } of this.#awaited(at, here, late)) {
      for (const next of this.#known.values()) {
        if (!next.holding.includes(claim)) continue;
        const there = both(span, waitOf(next));
        if (isEmpty(there)) continue;
        if (next === origin) return true;
        if (passed.includes(next) || !isOlder(next, origin)) continue;
        if (this.#isBack(origin, next, there, late, [...passed, next])) return true;
      }
    }
    return false;
  }

  /**
   * What `at` waits for that is held, and since when until when: also through those that wait ahead
   * of it, of whose end a voter may hear so many steps late.
   */
  #awaited(at: Known, during: Span, late: number): readonly Awaited[] {
    if (at.steals) return [];
    const found: Awaited[] = [];
    const heard = { from: during.from - late, to: during.to };
    const seen = new Set([at]);
    for (const by of seen) {
      for (const other of this.#known.values()) {
        if (!conflicts(by.resources, other.resources)) continue;
        const span = both(during, conflictOf(by, other));
        if (!isEmpty(span)) found.push({ claim: other.claim, span });
        if (other.steals || isEmpty(both(waitOf(other), heard))) continue;
        // One that has begun and ended at once is not known to be younger.
        if (isOlder(other, by) || other.endedAt === other.askedAt) seen.add(other);
      }
    }
    return found;
  }
}

function waitOf({ askedAt, grantedAt, endedAt }: Known): Span {
  return { from: askedAt, to: Math.min(grantedAt, Math.max(endedAt, askedAt + 1)) };
}

/** While `other` is held, and keeps `by` from being so. */
function conflictOf(by: Known, { resources, grantedAt, sharedAt, endedAt }: Known): Span {
  const shared = resources.map(({ name }): Resource => ({ name, mode: 'shared' }));
  const to = conflicts(by.resources, shared) ? endedAt : Math.min(endedAt, sharedAt);
  return { from: grantedAt, to };
}

function conflicts(some: readonly Resource[], others: readonly Resource[]): boolean {
  return some.some((one) => others.some((two) => one.name === two.name && excludes(one, two)));
}

function isOlder(one: Known, than: Known): boolean {
  if (one.ticket === null || than.ticket === null) return false;
  if (one.ticket !== than.ticket) return one.ticket < than.ticket;
  return one.peer === than.peer ? one.claim < than.claim : one.peer < than.peer;
}

function both(one: Span, other: Span): Span {
  return { from: Math.max(one.from, other.from), to: Math.min(one.to, other.to) };
}

function isEmpty({ from, to }: Span): boolean {
  return from >= to;
}
