/**
 * One resource's entries in the order of the list, as a chain of places: whoever goes leaves from
 * anywhere, and no event costs more for those who only wait, but that whoever comes is put where
 * its ticket says, found from the end or from where one was put before.
 *
 *     first ─▶ … ─▶ last ranked ─▶ … ─▶ last    all, in list order
 *                └────────▶ …                   the exclusive ones among them
 *                └─────▶ …                      those that may be asked to give way, by priority
 */

import { assert } from './assert.ts';
import { isBefore } from './claim.ts';
import type { Stamp } from './ids.ts';
import { isAhead, isRanked, type Standing } from './list-order.ts';

/** Where an entry stands on one of its resources. Only queues change the links. */
export class Place<Entry extends Standing> {
  readonly entry: Entry;
  readonly name: string;
  isExclusive: boolean;
  /** Where the tokens that ended on the resource are kept for good. */
  readonly bucket: number;
  /** The same entry's place on its next resource. */
  readonly sibling: Place<Entry> | null;
  /** The queue that it stands in, or last stood in. */
  queue: Queue<Entry> | null = null;
  previous: Place<Entry> | null = null;
  /** Kept when it is taken out, until it leaves: those who stood behind it are found from here. */
  next: Place<Entry> | null = null;
  previousExclusive: Place<Entry> | null = null;
  nextExclusive: Place<Entry> | null = null;
  isAskable = false;
  previousAskable: Place<Entry> | null = null;
  nextAskable: Place<Entry> | null = null;

  constructor(entry: Entry, at: Pick<Place<Entry>, 'name' | 'isExclusive' | 'bucket' | 'sibling'>) {
    this.entry = entry;
    this.name = at.name;
    this.isExclusive = at.isExclusive;
    this.bucket = at.bucket;
    this.sibling = at.sibling;
  }

  /**
   * Points at nobody any more: else one that is gone, but was promoted to where long-lived objects
   * are, would keep all alive that came after it (see table.ts).
   */
  leave(): void {
    this.previous = null;
    this.next = null;
    this.previousExclusive = null;
    this.nextExclusive = null;
    this.previousAskable = null;
    this.nextAskable = null;
  }
}

export class Queue<Entry extends Standing> {
  size = 0;
  /** How many of them stand on other resources as well. */
  joint = 0;
  /** Those among them that tries.ts finds here. */
  tries: Set<Entry> | null = null;
  /** What shared claims must exceed, and what exclusive ones must (rules 4.7, 4.8). */
  floorShared: Stamp;
  floorExclusive: Stamp;
  #first: Place<Entry> | null = null;
  #last: Place<Entry> | null = null;
  #firstExclusive: Place<Entry> | null = null;
  #lastExclusive: Place<Entry> | null = null;
  #lastRanked: Place<Entry> | null = null;
  #lastRankedExclusive: Place<Entry> | null = null;
  /** Where one was put most lately, or who stood ahead of it: the next often belongs near it. */
  #near: Place<Entry> | null = null;
  /** The last by priority, of those that are exclusive and of those that are not. */
  #lastAskable: Place<Entry> | null = null;
  #lastAskableShared: Place<Entry> | null = null;

  constructor(floorShared: Stamp, floorExclusive: Stamp) {
    this.floorShared = floorShared;
    this.floorExclusive = floorExclusive;
  }

  /** In list order. */
  *entries(): IterableIterator<Entry> {
    for (let place = this.#first; place !== null; place = place.next) yield place.entry;
  }

  /** The first that conflicts with `place`; in its way if it is ahead. */
  firstAgainst(place: Place<Entry>): Place<Entry> | null {
    return place.isExclusive ? this.#first : this.#firstExclusive;
  }

  /** Puts one that is not ranked where its priority says. */
  add(place: Place<Entry>): void {
    place.queue = this;
    const before = this.#beforeOf(place);
    this.#link(place, before, place.isExclusive ? this.#exclusiveBefore(place, before) : null);
    this.#near = place;
  }

  /** The same with one that has been ranked: it stood among the first. */
  putBack(place: Place<Entry>): void {
    this.#near = this.#lastRanked ?? this.#first;
    this.add(place);
  }

  /** Puts one that has just been ranked behind all others that are. */
  rank(place: Place<Entry>): void {
    if (place !== this.#firstUnranked) {
      this.remove(place);
      this.#link(place, this.#lastRanked, this.#lastRankedExclusive);
    }
    this.#lastRanked = place;
    if (place.isExclusive) this.#lastRankedExclusive = place;
  }

  /** One stays where it is, not exclusive any more. Adds those whom it kept waiting. */
  share(place: Place<Entry>, lookAhead: number, found: Entry[]): void {
    this.dropAskable(place);
    this.#unlinkExclusive(place);
    place.isExclusive = false;
    place.previousExclusive = null;
    place.nextExclusive = null;
    if (place.next !== null) this.#addBehindExclusive(place.next, lookAhead, found);
  }

  /** Takes a place out. */
  remove(place: Place<Entry>): void {
    this.size -= 1;
    this.dropAskable(place);
    const { next, previous } = place;
    if (this.#near === place) this.#near = previous;
    if (this.#lastRanked === place) this.#lastRanked = previous;
    if (previous === null) this.#first = next;
    else previous.next = next;
    if (next === null) this.#last = previous;
    else next.previous = previous;
    if (place.isExclusive) this.#unlinkExclusive(place);
  }

  #unlinkExclusive(place: Place<Entry>): void {
    const { nextExclusive: after, previousExclusive: before } = place;
    if (this.#lastRankedExclusive === place) this.#lastRankedExclusive = before;
    if (before === null) this.#firstExclusive = after;
    else before.nextExclusive = after;
    if (after === null) this.#lastExclusive = before;
    else after.previousExclusive = before;
  }

  /** Whether one that is not ranked has another such that conflicts with it ahead. */
  isBlocked(place: Place<Entry>): boolean {
    if (place.isExclusive) return place !== this.#firstUnranked;
    const last = this.#lastRankedExclusive;
    const first = last === null ? this.#firstExclusive : last.nextExclusive;
    return first !== null && isAhead(first.entry, place.entry);
  }

  /**
   * Adds those behind `left` whom it keeps waiting, or kept until it was left just now, but for
   * those who cannot be voted for: that have more than `lookAhead` in their way, or one that is not
   * ranked.
   */
  addBehind(left: Place<Entry>, lookAhead: number, found: Entry[]): void {
    if (left.next === null) return;
    if (left.isExclusive) this.#addBehindExclusive(left.next, lookAhead, found);
    else this.#addBehindShared(left.entry, lookAhead, found);
  }

  /** From now on `place` may be asked to give way. */
  addAskable(place: Place<Entry>): void {
    const { entry, isExclusive } = place;
    let before = isExclusive ? this.#lastAskable : this.#lastAskableShared;
    let after: Place<Entry> | null = null;
    // Exclusive ones come in this order: whatever goes after the new one has just been asked.
    while (before !== null && isBefore(entry, before.entry)) {
      after = before;
      before = before.previousAskable;
    }
    place.isAskable = true;
    place.previousAskable = before;
    place.nextAskable = after;
    if (before !== null) before.nextAskable = place;
    if (after !== null) after.previousAskable = place;
    else if (isExclusive) this.#lastAskable = place;
    else this.#lastAskableShared = place;
  }

  /** It has been asked to give way, or need not. */
  dropAskable(place: Place<Entry>): void {
    if (!place.isAskable) return;
    const { isExclusive, nextAskable: after, previousAskable: before } = place;
    place.isAskable = false;
    if (before !== null) before.nextAskable = after;
    if (after !== null) after.previousAskable = before;
    else if (isExclusive) this.#lastAskable = before;
    else this.#lastAskableShared = before;
  }

  /** Of those that may be asked, the last by priority that stands in the way of `place`. */
  lastAskableAgainst(place: Place<Entry>): Place<Entry> | null {
    const exclusive = this.#lastAskable;
    const shared = this.#lastAskableShared;
    if (!place.isExclusive || shared === null) return exclusive;
    if (exclusive === null) return shared;
    return isBefore(exclusive.entry, shared.entry) ? shared : exclusive;
  }

  get #firstUnranked(): Place<Entry> | null {
    return this.#lastRanked === null ? this.#first : this.#lastRanked.next;
  }

  /** The last that stands ahead of one that is not in the chain, looked for from two sides. */
  #beforeOf({ entry }: Place<Entry>): Place<Entry> | null {
    let last = this.#last;
    let near = this.#near ?? last;
    while (near !== null && last !== null && !isAhead(last.entry, entry)) {
      if (isAhead(entry, near.entry)) {
        near = near.previous;
        continue;
      }
      if (near.next === null || isAhead(entry, near.next.entry)) return near;
      near = near.next;
      last = last.previous;
    }
    return near === null ? null : last;
  }

  /** The same of the exclusive ones, when that of all is known. */
  #exclusiveBefore({ entry }: Place<Entry>, before: Place<Entry> | null): Place<Entry> | null {
    let near = before;
    let last = this.#lastExclusive;
    while (near !== null && !near.isExclusive) {
      if (last === null || isAhead(last.entry, entry)) return last;
      near = near.previous;
      last = last.previousExclusive;
    }
    return near;
  }

  #link(
    place: Place<Entry>,
    before: Place<Entry> | null,
    beforeExclusive: Place<Entry> | null,
  ): void {
    this.size += 1;
    const next = before === null ? this.#first : before.next;
    place.previous = before;
    place.next = next;
    if (before === null) this.#first = place;
    else before.next = place;
    if (next === null) this.#last = place;
    else next.previous = place;
    if (!place.isExclusive) return;
    const after = beforeExclusive === null ? this.#firstExclusive : beforeExclusive.nextExclusive;
    place.previousExclusive = beforeExclusive;
    place.nextExclusive = after;
    if (beforeExclusive === null) this.#firstExclusive = place;
    else beforeExclusive.nextExclusive = place;
    if (after === null) this.#lastExclusive = place;
    else after.previousExclusive = place;
  }

  /** Those further behind have more than `lookAhead` exclusive ones ahead, or one not ranked. */
  #addBehindExclusive(next: Place<Entry>, lookAhead: number, found: Entry[]): void {
    let end = this.#firstExclusive;
    for (let ahead = 0; ahead < lookAhead && end !== null && isRanked(end.entry); ahead += 1) {
      end = end.nextExclusive;
    }
    for (let place: Place<Entry> | null = next; place !== null; place = place.next) {
      if (end !== null && isAhead(end.entry, place.entry)) return;
      found.push(place.entry);
    }
  }

  /** Shared ones never wait for a shared one. */
  #addBehindShared(left: Entry, lookAhead: number, found: Entry[]): void {
    let place = this.#first;
    for (let ahead = 0; ahead <= lookAhead && place !== null; ahead += 1) {
      if (place.isExclusive && isAhead(left, place.entry)) found.push(place.entry);
      if (!isRanked(place.entry)) return;
      place = place.next;
    }
  }
}

/** The next after `other` that conflicts with `place`. */
export function nextAgainst<Entry extends Standing>(
  other: Place<Entry>,
  place: Place<Entry>,
): Place<Entry> | null {
  return place.isExclusive ? other.next : other.nextExclusive;
}

/** The queue that a place is in, or was in when it was left. */
export function queueOf<Entry extends Standing>({ queue }: Place<Entry>): Queue<Entry> {
  assert(queue !== null, 'whoever has a place stands in a queue');
  return queue;
}
