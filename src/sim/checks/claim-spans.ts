/**
 * From when until when each claim has waited, and was held: who kept whom waiting at which moment.
 * Moments are steps, of whatever core. What is over is forgotten, unless somebody who holds
 * something meanwhile has waited since.
 */

import { conflicts, isBefore, isExclusive, sharedOnly } from '../../protocol/claim.ts';
import type { PeerId, Stamp } from '../../protocol/ids.ts';
import type { Resource } from '../../protocol/message.ts';
import type { Books } from './books.ts';
import type { Claim } from './core-view.ts';

/** One claim; Infinity for moments that have not come. */
export interface ClaimSpan {
  readonly claim: Claim;
  readonly peer: PeerId;
  /** As asked for. */
  readonly resources: readonly Resource[];
  /** `null` until it is said to somebody. */
  ticket: Stamp | null;
  readonly askedAt: number;
  grantedAt: number;
  /** When it came to be shared, having been exclusive (rule 8.9). */
  sharedAt: number;
  endedAt: number;
}

/** From one moment to another; empty where it ends before it begins. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** How many that are over are remembered. */
const endedMax = 100_000;

export class ClaimSpans {
  /** All that wait or are held, and some that are over. */
  readonly all: Set<ClaimSpan> = new Set();
  /** Those that wait, and whose callers said that they hold something. */
  readonly bound: Set<ClaimSpan> = new Set();
  readonly #byClaim = new WeakMap<Claim, ClaimSpan>();
  /** Of `all`, those that are over. */
  readonly #ended: ClaimSpan[] = [];
  #now = 0;

  constructor(books: Books) {
    books.asked.push((claim) => this.#onAsked(claim));
    books.said.push((core, _link, message) => {
      if (message.type !== 'prepare') return;
      const claim = core.byNumber.get(message.round);
      const span = claim === undefined ? undefined : this.of(claim);
      if (span?.claim.number === message.round) span.ticket ??= message.ticket;
    });
    books.granted.push((claim) => {
      const span = this.of(claim);
      if (span === undefined) return;
      span.grantedAt = this.#now;
      this.bound.delete(span);
    });
    books.failed.push((claim) => this.#onEnded(claim));
    books.lost.push((claim) => this.#onEnded(claim));
    books.released.push((claim) => this.#onEnded(claim));
    books.gone.push(({ claims }) => {
      for (const claim of claims.values()) this.#onEnded(claim);
    });
    books.stepped.push((core, { step: { input } }) => {
      if (input.type === 'downgrade') this.#onShared(core.claims.get(input.claim));
      if (this.bound.size === 0 && this.#ended.length > 0) this.#forget(this.#ended.length);
      this.#now += 1;
    });
  }

  get now(): number {
    return this.#now;
  }

  of(claim: Claim): ClaimSpan | undefined {
    return this.#byClaim.get(claim);
  }

  #onAsked(claim: Claim): void {
    const { core, asked } = claim;
    const never = Number.POSITIVE_INFINITY;
    const span: ClaimSpan = {
      ...{ claim, peer: core.core.peer, resources: asked.resources, ticket: null },
      ...{ askedAt: this.#now, grantedAt: never, sharedAt: never, endedAt: never },
    };
    this.#byClaim.set(claim, span);
    this.all.add(span);
    if (asked.holding !== undefined && asked.holding.length > 0) this.bound.add(span);
  }

  #onShared(claim: Claim | undefined): void {
    const span = claim === undefined ? undefined : this.of(claim);
    if (span === undefined || claim?.state !== 'held') return;
    if (span.resources.some(isExclusive)) span.sharedAt = Math.min(span.sharedAt, this.#now);
  }

  #onEnded(claim: Claim): void {
    const span = this.of(claim);
    if (span === undefined) return;
    span.endedAt = this.#now;
    this.bound.delete(span);
    if (this.#ended.push(span) > endedMax) this.#forget(endedMax >> 1);
  }

  /** The first so many of those that are over. */
  #forget(count: number): void {
    for (const span of this.#ended.splice(0, count)) this.all.delete(span);
  }
}

/** While it waited. */
export function waitOf({ askedAt, grantedAt, endedAt }: ClaimSpan): Span {
  return { from: askedAt, to: Math.min(grantedAt, endedAt) };
}

/** While `held` was so, and kept out what asks for these; empty where they do not conflict. */
export function keptOut(resources: readonly Resource[], held: ClaimSpan): Span {
  const { grantedAt: from, sharedAt, endedAt } = held;
  if (conflicts(resources, sharedOnly(held.resources))) return { from, to: endedAt };
  const isExclusiveConflict = conflicts(resources, held.resources);
  return { from, to: isExclusiveConflict ? Math.min(sharedAt, endedAt) : -1 };
}

export function both(one: Span, other: Span): Span {
  return { from: Math.max(one.from, other.from), to: Math.min(one.to, other.to) };
}

/** A moment is as long as a step. */
export function isEmpty({ from, to }: Span): boolean {
  return from > to;
}

/** What ages are compared by: whether one of them steals counts nothing (rule 9.3). */
export interface Aged {
  readonly peer: PeerId;
  readonly ticket: Stamp | null;
  /** Of two of one peer with one ticket, the older has the smaller. */
  readonly number: number;
}

export function agedOf({ peer, ticket, claim: { number } }: ClaimSpan): Aged {
  return { peer, ticket, number };
}

/** Whether it goes before another; `null` where that is not known. */
export function isOlder(one: Aged, than: Aged): boolean | null {
  if (one.ticket === null || than.ticket === null) return null;
  if (one.ticket === than.ticket && one.peer === than.peer) return one.number < than.number;
  return isBefore(
    { ticket: one.ticket, peer: one.peer, patience: 'wait' },
    { ticket: than.ticket, peer: than.peer, patience: 'wait' },
  );
}
