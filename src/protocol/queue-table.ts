/**
 * A voter's entries, resource by resource, in the order of its commitment; and the tokens of those
 * that ended (rules 4.1, 4.3, 4.6 to 4.8). It keeps the order and the floors; who may vote when is
 * voter.ts's. What comes and goes costs the same however many wait.
 */

import { assert } from './assert.ts';
import { isBefore, sharedOnly } from './claim.ts';
import { greater, noStamp } from './clock.ts';
import { type EndedBucket, EndedFloors } from './ended-floors.ts';
import type { Entry } from './entry.ts';
import { type Generation, generation, type Stamp } from './ids.ts';
import { inListOrder, isAhead } from './list-order.ts';
import type { Resource } from './message.ts';
import type { Limits } from './options.ts';
import { nextAgainst, Place, Queue, queueOf } from './queue.ts';
import { Table } from './table.ts';

/** Plain data: see `Node.snapshot`. */
export interface QueueTableSnapshot {
  readonly ended: readonly EndedBucket[];
  /** Those of resources on which somebody stands, for shared claims and for exclusive ones. */
  readonly floors: readonly {
    readonly name: string;
    readonly shared: Stamp;
    readonly exclusive: Stamp;
  }[];
  readonly leastFloor: Stamp;
}

const nobody: readonly Entry[] = Object.freeze([]);

const unranked = generation(0);

export class QueueTable {
  readonly #lookAhead: number;
  readonly #ended: EndedFloors;
  /** Those on which somebody stands. */
  readonly #queues = new Table<string, Queue<Entry>>();
  /** The least floor of every entry (rule 7.5). */
  #leastFloor: Stamp = noStamp;
  #size = 0;

  constructor({ idleResourcesMax, lookAhead }: Pick<Limits, 'idleResourcesMax' | 'lookAhead'>) {
    this.#lookAhead = lookAhead;
    this.#ended = new EndedFloors(idleResourcesMax);
  }

  get size(): number {
    return this.#size;
  }

  /** How many ended-tokens are kept for resources on which nobody stands. */
  get trackedCount(): number {
    return this.#ended.used;
  }

  has(entry: Entry): boolean {
    return entry.isKept;
  }

  /** Makes `floor` the least floor of every entry, present and to come (rule 7.5). */
  raiseFloor(floor: Stamp): void {
    this.#leastFloor = greater(this.#leastFloor, floor);
  }

  /** How many entries stand on the fullest of these resources. */
  waiters(resources: readonly Resource[]): number {
    let most = 0;
    for (const { name } of resources) most = Math.max(most, this.#queues.get(name)?.size ?? 0);
    return most;
  }

  /** Those that stand on a resource. */
  queueOn(name: string): Queue<Entry> | undefined {
    return this.#queues.get(name);
  }

  /** Puts a new entry among those that are not ranked. */
  add(entry: Entry): void {
    entry.isKept = true;
    this.#size += 1;
    for (const { name, mode } of entry.resources) {
      const bucket = this.#ended.bucketOf(name);
      const isExclusive = mode === 'exclusive';
      entry.place = new Place(entry, { name, isExclusive, bucket, sibling: entry.place });
      let queue = this.#queues.get(name);
      if (queue === undefined) {
        const floorShared = this.#ended.floorOf(bucket, 'shared');
        queue = new Queue(floorShared, this.#ended.floorOf(bucket, 'exclusive'));
        this.#queues.set(name, queue);
      }
      if (entry.resources.length > 1) queue.joint += 1;
      queue.add(entry.place);
    }
  }

  /** Puts an entry behind all that are ranked: nobody passes it from now on. */
  rank(entry: Entry, rank: Generation): void {
    entry.generation = rank;
    const isAskable = entry.committedAt === null && !entry.inquired;
    for (let place = entry.place; place !== null; place = place.sibling) {
      const queue = queueOf(place);
      queue.rank(place);
      if (isAskable) queue.addAskable(place);
    }
  }

  /**
   * Puts an entry back among those that are not ranked (rule 4.4).
   *
   * @returns those behind the place that it has given up whom it kept waiting
   */
  unrank(entry: Entry): readonly Entry[] {
    for (let place = entry.place; place !== null; place = place.sibling)
      queueOf(place).remove(place);
    const behind = this.behind(entry);
    entry.generation = unranked;
    entry.inquired = false;
    for (let place = entry.place; place !== null; place = place.sibling) {
      queueOf(place).putBack(place);
    }
    return behind;
  }

  /**
   * An entry stays where it is, and is shared on all its names from now on. Those that come to
   * share them exceed its token, as if it had ended (rule 8.9).
   *
   * @returns those behind it whom it kept waiting
   */
  share(entry: Entry): readonly Entry[] {
    const found: Entry[] = [];
    for (let place = entry.place; place !== null; place = place.sibling) {
      if (!place.isExclusive) continue;
      const queue = queueOf(place);
      this.#end(place, queue, entry.token);
      queue.share(place, this.#lookAhead, found);
    }
    entry.resources = sharedOnly(entry.resources);
    return [...new Set(found)].sort(inListOrder);
  }

  /**
   * Takes an entry out. `token`, if any, is what it ended with (rule 4.6).
   *
   * @returns those behind it whom it kept waiting
   */
  remove(entry: Entry, token: Stamp | null): readonly Entry[] {
    entry.isKept = false;
    this.#size -= 1;
    for (let place = entry.place; place !== null; place = place.sibling) {
      const queue = queueOf(place);
      queue.remove(place);
      if (entry.resources.length > 1) queue.joint -= 1;
      if (queue.size === 0) this.#queues.delete(place.name);
      if (token !== null) this.#end(place, queue, token);
    }
    const behind = this.behind(entry);
    for (let place = entry.place; place !== null; place = place.sibling) place.leave();
    return behind;
  }

  /**
   * Those behind `entry` whom it keeps waiting, or kept until it left, and who may be voted for; in
   * list order.
   */
  behind(entry: Entry): readonly Entry[] {
    if (!this.isFollowed(entry)) return nobody;
    const found: Entry[] = [];
    for (let place = entry.place; place !== null; place = place.sibling) {
      queueOf(place).addBehind(place, this.#lookAhead, found);
    }
    if (entry.place?.sibling === null) return found;
    return [...new Set(found)].sort(inListOrder);
  }

  /** Whether one that is not ranked has another such in its way: it is not its turn (rule 4.2). */
  isBlocked(entry: Entry): boolean {
    for (let place = entry.place; place !== null; place = place.sibling)
      if (queueOf(place).isBlocked(place)) return true;
    return false;
  }

  /** Whether nobody stands in the way of `entry`. */
  isFirst(entry: Entry): boolean {
    for (let place = entry.place; place !== null; place = place.sibling) {
      const first = queueOf(place).firstAgainst(place);
      if (first !== null && isAhead(first.entry, entry)) return false;
    }
    return true;
  }

  /** Whether anybody stands behind `entry` on one of its resources. */
  isFollowed(entry: Entry): boolean {
    for (let place = entry.place; place !== null; place = place.sibling)
      if (place.next !== null) return true;
    return false;
  }

  /** The conflicting entries ahead of `entry` in list order, but no more than `max` of them. */
  ahead(entry: Entry, max: number): readonly Entry[] {
    if (this.isFirst(entry)) return nobody;
    const found: Entry[] = [];
    const isLone = entry.place?.sibling === null;
    for (let place = entry.place; place !== null; place = place.sibling) {
      let other = queueOf(place).firstAgainst(place);
      while (other !== null && found.length < max && isAhead(other.entry, entry)) {
        if (isLone || !found.includes(other.entry)) found.push(other.entry);
        other = nextAgainst(other, place);
      }
    }
    return isLone ? found : found.sort(inListOrder);
  }

  /**
   * The ranked, undecided entries that should be behind `entry` and have not been found so in their
   * place, in list order (rule 4.3). It is not ranked itself.
   */
  takeInverted(entry: Entry): readonly Entry[] {
    let found: Entry[] | undefined;
    for (let place = entry.place; place !== null; place = place.sibling) {
      const queue = queueOf(place);
      let last = queue.lastAskableAgainst(place);
      while (last !== null && isBefore(entry, last.entry)) {
        found ??= [];
        found.push(last.entry);
        this.dropAskable(last.entry);
        last = queue.lastAskableAgainst(place);
      }
    }
    return found === undefined ? nobody : found.sort(inListOrder);
  }

  /** It is not to be found any more. */
  dropAskable(entry: Entry): void {
    for (let place = entry.place; place !== null; place = place.sibling) {
      queueOf(place).dropAskable(place);
    }
  }

  /**
   * The greatest token that `entry` must exceed, but for those of entries ahead (rules 4.2, 4.7).
   */
  endedFloor(entry: Entry): Stamp {
    let floor = this.#leastFloor;
    for (let place = entry.place; place !== null; place = place.sibling) {
      const { floorExclusive, floorShared } = queueOf(place);
      floor = greater(floor, place.isExclusive ? floorExclusive : floorShared);
    }
    return floor;
  }

  snapshot(): QueueTableSnapshot {
    const floors: QueueTableSnapshot['floors'][number][] = [];
    for (const [name, { floorExclusive, floorShared }] of this.#queues) {
      if (floorExclusive === noStamp) continue;
      floors.push({ name, shared: floorShared, exclusive: floorExclusive });
    }
    return {
      ended: this.#ended.snapshot(),
      floors: floors.sort((one, other) => (one.name < other.name ? -1 : 1)),
      leastFloor: this.#leastFloor,
    };
  }

  /** Fills an empty table; `entries` are in list order. */
  restore(snapshot: QueueTableSnapshot, entries: readonly Entry[]): void {
    for (const entry of entries) {
      const rank = entry.generation;
      entry.generation = unranked;
      this.add(entry);
      if (rank !== unranked) this.rank(entry, rank);
    }
    for (const { name, shared, exclusive } of snapshot.floors) {
      const queue = this.#queues.get(name);
      assert(queue !== undefined, 'somebody stands where a floor is kept');
      queue.floorShared = shared;
      queue.floorExclusive = exclusive;
    }
    this.#ended.restore(snapshot.ended);
    this.#leastFloor = snapshot.leastFloor;
  }

  /** A round has ended on a resource with `token`. */
  #end({ bucket, isExclusive }: Place<Entry>, queue: Queue<Entry>, token: Stamp): void {
    this.#ended.raise(bucket, isExclusive ? 'exclusive' : 'shared', token);
    queue.floorExclusive = greater(queue.floorExclusive, token);
    if (isExclusive) queue.floorShared = greater(queue.floorShared, token);
  }
}
