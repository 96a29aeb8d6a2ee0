/**
 * A voter's entries, resource by resource, in the order of its commitment; and the tokens of those
 * that ended (rules 4.1, 4.6 to 4.8). It keeps the order and the floors; who may vote when is
 * voter.ts's.
 */

import { AgedSet } from './aged-set.ts';
import { assert } from './assert.ts';
import { greater, noStamp } from './clock.ts';
import type { Entry } from './entry.ts';
import type { RoundId, Stamp } from './ids.ts';
import type { Mode, Resource } from './message.ts';

/** One resource's entries and the greatest tokens that ended on it. */
interface Queue {
  /** In list order: an entry is only ever added at the end. */
  readonly entries: Map<RoundId, Entry>;
  /** At least as great as every ticket in `entries`: spares the search for inversions. */
  ticketMax: Stamp;
  endedShared: Stamp;
  endedExclusive: Stamp;
}

/** Plain data: see `Node.snapshot`. */
export interface QueueTableSnapshot {
  readonly entries: readonly Entry[];
  readonly ended: readonly {
    readonly name: string;
    readonly shared: Stamp;
    readonly exclusive: Stamp;
  }[];
  readonly foldedFloor: Stamp;
  readonly nextOrder: number;
}

export class QueueTable {
  readonly #idleMax: number;
  readonly #entries = new Map<RoundId, Entry>();
  readonly #queues = new Map<string, Queue>();
  /** Names without entries, the longest idle first. At most `#idleMax` (rule 4.8). */
  readonly #idle = new AgedSet<string>();
  /** At least as great as every ended token of a resource that is no longer tracked. */
  #foldedFloor: Stamp = noStamp;
  #nextOrder = 1;

  constructor(idleResourcesMax: number) {
    this.#idleMax = idleResourcesMax;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** How many resources are tracked singly. */
  get trackedCount(): number {
    return this.#queues.size;
  }

  has(entry: Entry): boolean {
    return this.#entries.get(entry.id) === entry;
  }

  /** All entries, in no particular order. */
  entries(): IterableIterator<Entry> {
    return this.#entries.values();
  }

  /** The floor of entries on resources that are not tracked. */
  get foldedFloor(): Stamp {
    return this.#foldedFloor;
  }

  /** Makes `floor` the least floor of every entry, present and to come (rule 7.5). */
  raiseFloor(floor: Stamp): void {
    this.#foldedFloor = greater(this.#foldedFloor, floor);
    for (const entry of this.#entries.values()) entry.baseFloor = greater(entry.baseFloor, floor);
  }

  /** How many entries stand on the fullest of these resources. */
  waiters(resources: readonly Resource[]): number {
    let most = 0;
    for (const { name } of resources) {
      most = Math.max(most, this.#queues.get(name)?.entries.size ?? 0);
    }
    return most;
  }

  /** Puts an entry at the end of the list. */
  append(entry: Entry): void {
    entry.order = this.#nextOrder++;
    this.#entries.set(entry.id, entry);
    for (const { name } of entry.resources) {
      const queue = this.#track(name);
      if (queue.entries.size === 0) queue.ticketMax = noStamp;
      queue.entries.set(entry.id, entry);
      queue.ticketMax = greater(queue.ticketMax, entry.ticket);
    }
  }

  /** Puts an entry behind all others, where it has given its place up (rule 4.4). */
  moveToEnd(entry: Entry): void {
    entry.order = this.#nextOrder++;
    for (const { name } of entry.resources) {
      const entries = this.#queues.get(name)?.entries;
      entries?.delete(entry.id);
      entries?.set(entry.id, entry);
    }
  }

  /** Takes an entry out. `token`, if any, is what it ended with (rule 4.6). */
  remove(entry: Entry, token: Stamp | null): void {
    this.#entries.delete(entry.id);
    for (const { name, mode } of entry.resources) {
      const queue = this.#queues.get(name);
      assert(queue !== undefined, 'a resource with entries is tracked');
      queue.entries.delete(entry.id);
      if (token !== null && mode === 'shared')
        queue.endedShared = greater(queue.endedShared, token);
      if (token !== null && mode === 'exclusive') {
        queue.endedExclusive = greater(queue.endedExclusive, token);
      }
      if (queue.entries.size === 0) this.#rest(name, queue);
    }
  }

  /** Lays the whole list out anew, in the order given. */
  reorder(entries: readonly Entry[]): void {
    for (const queue of this.#queues.values()) queue.entries.clear();
    for (const entry of entries) this.append(entry);
  }

  /** The conflicting entries ahead of `entry`, but no more than `max` of them. */
  ahead(entry: Entry, max: number): Entry[] {
    let found: Set<Entry> | undefined;
    for (const { name, mode } of entry.resources) {
      for (const other of this.#on(name)) {
        if (other === entry || (found?.size ?? 0) >= max) break;
        if (mode !== 'exclusive' && modeOn(other, name) !== 'exclusive') continue;
        found = (found ?? new Set()).add(other);
      }
    }
    return inOrder(found);
  }

  /**
   * The entries that may be among the first `lookAhead` of some queue they share with `ended` and
   * stood behind it, in list order: those whose vote its removal can change.
   */
  behind(ended: Pick<Entry, 'resources' | 'order'>, lookAhead: number): Entry[] {
    let found: Set<Entry> | undefined;
    for (const { name } of ended.resources) {
      let exclusive = 0;
      for (const other of this.#on(name)) {
        if (exclusive > lookAhead) break;
        if (modeOn(other, name) === 'exclusive') exclusive += 1;
        if (other.order > ended.order) found = (found ?? new Set()).add(other);
      }
    }
    return inOrder(found);
  }

  /**
   * The undecided conflicting entries ahead of `entry` that have a greater ticket or an equal one.
   */
  notBefore(entry: Entry): Entry[] {
    let found: Set<Entry> | undefined;
    for (const { name, mode } of entry.resources) {
      const ticketMax = this.#queues.get(name)?.ticketMax ?? noStamp;
      if (ticketMax < entry.ticket) continue;
      for (const other of this.#on(name)) {
        if (other === entry) break;
        if (other.committedAt !== null || other.ticket < entry.ticket) continue;
        if (mode !== 'exclusive' && modeOn(other, name) !== 'exclusive') continue;
        found = (found ?? new Set()).add(other);
      }
    }
    return inOrder(found);
  }

  /**
   * The greatest token that `entry` must exceed, but for those of entries ahead (rules 4.2, 4.7).
   */
  endedFloor(entry: Entry): Stamp {
    let floor = entry.baseFloor;
    for (const { name, mode } of entry.resources) {
      const queue = this.#queues.get(name);
      floor = greater(floor, queue?.endedExclusive ?? noStamp);
      if (mode === 'exclusive') floor = greater(floor, queue?.endedShared ?? noStamp);
    }
    return floor;
  }

  snapshot(): QueueTableSnapshot {
    const busy = [...this.#queues.keys()].filter((name) => !this.#idle.has(name));
    const ended = [...busy, ...this.#idle].map((name) => {
      const queue = this.#queues.get(name);
      return {
        name,
        shared: queue?.endedShared ?? noStamp,
        exclusive: queue?.endedExclusive ?? noStamp,
      };
    });
    const entries = [...this.#entries.values()].sort((a, b) => a.order - b.order);
    return {
      entries: entries.map((entry) => ({ ...entry })),
      ended,
      foldedFloor: this.#foldedFloor,
      nextOrder: this.#nextOrder,
    };
  }

  static restore(snapshot: QueueTableSnapshot, idleResourcesMax: number): QueueTable {
    const table = new QueueTable(idleResourcesMax);
    for (const { name, shared, exclusive } of snapshot.ended) {
      const queue = table.#track(name);
      queue.endedShared = shared;
      queue.endedExclusive = exclusive;
      table.#idle.add(name);
    }
    for (const saved of snapshot.entries) {
      const { order } = saved;
      const entry = { ...saved };
      table.append(entry);
      entry.order = order;
    }
    table.#foldedFloor = snapshot.foldedFloor;
    table.#nextOrder = snapshot.nextOrder;
    return table;
  }

  /** The entries on a resource, in order. */
  #on(name: string): Iterable<Entry> {
    return this.#queues.get(name)?.entries.values() ?? [];
  }

  /** The queue of a resource that is about to have an entry. */
  #track(name: string): Queue {
    const known = this.#queues.get(name);
    if (known?.entries.size === 0) this.#idle.delete(name);
    if (known !== undefined) return known;
    const queue: Queue = {
      entries: new Map(),
      ticketMax: noStamp,
      endedShared: noStamp,
      endedExclusive: noStamp,
    };
    this.#queues.set(name, queue);
    return queue;
  }

  /** A resource has lost its last entry: remember its tokens singly while there is room. */
  #rest(name: string, queue: Queue): void {
    if (queue.endedShared === noStamp && queue.endedExclusive === noStamp) {
      this.#queues.delete(name);
      return;
    }
    this.#idle.add(name);
    if (this.#idle.size <= this.#idleMax) return;
    const oldest = this.#idle.takeOldest();
    if (oldest === undefined) return;
    const folded = this.#queues.get(oldest);
    this.#foldedFloor = greater(this.#foldedFloor, folded?.endedShared ?? noStamp);
    this.#foldedFloor = greater(this.#foldedFloor, folded?.endedExclusive ?? noStamp);
    this.#queues.delete(oldest);
  }
}

/** Mostly there are none: no set is made then. */
function inOrder(found: ReadonlySet<Entry> | undefined): Entry[] {
  return found === undefined ? [] : [...found].sort((a, b) => a.order - b.order);
}

function modeOn(entry: Entry, name: string): Mode {
  return entry.resources.find((resource) => resource.name === name)?.mode ?? 'shared';
}
