/**
 * One resource's entries in the order of the list, as a chain of places: whoever comes goes to its
 * end, whoever goes leaves from anywhere, and no event costs more for those who only wait.
 *
 *     first ─▶ place ─▶ place ─▶ … ─▶ last    all, in list order
 *                 └────────▶ …                the exclusive ones among them
 *                 └─────▶ …                   those that may be asked to give way, by priority
 */

import { assert } from './assert.ts';
import { isBefore, type Priority } from './claim.ts';
import type { Stamp } from './ids.ts';

/** What stands in queues: of each two the one with the smaller order is ahead. */
export interface Standing extends Priority {
  readonly order: number;
}

/** Where an entry stands on one of its resources. Only queues change the links. */
export class Place<Entry extends Standing> {
  readonly entry: Entry;
  readonly name: string;
  readonly isExclusive: boolean;
  /** Where the tokens that ended on the resource are kept for good. */
  readonly bucket: number;
  /** The same entry's place on its next resource. */
  readonly sibling: Place<Entry> | null;
  /** The queue that it stands in, or last stood in. */
  queue: Queue<Entry> | null = null;
  previous: Place<Entry> | null = null;
  /** Kept when the place is left: those who stood behind it are found from here. */
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
}

/** A place that somebody leaves, or has changed in. */
interface Left<Entry extends Standing> {
  readonly left: Place<Entry>;
  readonly order: number;
  readonly lookAhead: number;
}

export class Queue<Entry extends Standing> {
  size = 0;
  /** What shared claims must exceed, and what exclusive ones must (rules 4.7, 4.8). */
  floorShared: Stamp;
  floorExclusive: Stamp;
  #first: Place<Entry> | null = null;
  #last: Place<Entry> | null = null;
  #firstExclusive: Place<Entry> | null = null;
  #lastExclusive: Place<Entry> | null = null;
  /** The last by priority, of those that are exclusive and of those that are not. */
  #lastAskable: Place<Entry> | null = null;
  #lastAskableShared: Place<Entry> | null = null;

  constructor(floorShared: Stamp, floorExclusive: Stamp) {
    this.floorShared = floorShared;
    this.floorExclusive = floorExclusive;
  }

  /** The first that conflicts with `place`; in its way if it is ahead. */
  firstAgainst(place: Place<Entry>): Place<Entry> | null {
    return place.isExclusive ? this.#first : this.#firstExclusive;
  }

  /** Puts a place at the end. */
  add(place: Place<Entry>): void {
    this.size += 1;
    place.queue = this;
    const last = this.#last;
    place.previous = last;
    place.next = null;
    this.#last = place;
    if (last === null) this.#first = place;
    else last.next = place;
    if (!place.isExclusive) return;
    const before = this.#lastExclusive;
    place.previousExclusive = before;
    place.nextExclusive = null;
    this.#lastExclusive = place;
    if (before === null) this.#firstExclusive = place;
    else before.nextExclusive = place;
  }

  /** Takes a place out. */
  remove(place: Place<Entry>): void {
    this.size -= 1;
    this.dropAskable(place);
    const { next, previous } = place;
    if (previous === null) this.#first = next;
    else previous.next = next;
    if (next === null) this.#last = previous;
    else next.previous = previous;
    if (!place.isExclusive) return;
    const { nextExclusive: after, previousExclusive: before } = place;
    if (before === null) this.#firstExclusive = after;
    else before.nextExclusive = after;
    if (after === null) this.#lastExclusive = before;
    else after.previousExclusive = before;
  }

  /** Forgets the order, to be laid out anew. */
  clear(): void {
    this.size = 0;
    this.#first = null;
    this.#last = null;
    this.#firstExclusive = null;
    this.#lastExclusive = null;
    this.#lastAskable = null;
    this.#lastAskableShared = null;
  }

  /**
   * Adds those behind `left` whom it keeps waiting, or kept until it was left just now, and who
   * have at most `lookAhead` in their way; `order` is, or was, that of `left`.
   */
  addBehind({ left, order, lookAhead }: Left<Entry>, found: Entry[]): void {
    if (left.next === null) return;
    if (left.isExclusive) this.#addBehindExclusive(left.next, lookAhead, found);
    else this.#addBehindShared(order, lookAhead, found);
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

  /** Those further behind have more than `lookAhead` exclusive ones ahead. */
  #addBehindExclusive(next: Place<Entry>, lookAhead: number, found: Entry[]): void {
    let end = this.#firstExclusive;
    for (let ahead = 0; ahead < lookAhead && end !== null; ahead += 1) end = end.nextExclusive;
    for (let place: Place<Entry> | null = next; place !== null; place = place.next) {
      if (end !== null && place.entry.order > end.entry.order) return;
      found.push(place.entry);
    }
  }

  /** Shared ones never wait for a shared one. */
  #addBehindShared(order: number, lookAhead: number, found: Entry[]): void {
    let place = this.#first;
    for (let ahead = 0; ahead <= lookAhead && place !== null; ahead += 1) {
      if (place.isExclusive && place.entry.order > order) found.push(place.entry);
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
