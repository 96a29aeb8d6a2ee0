/**
 * What this peer has asked voters to tell of what they keep, and what they have told so far (rule
 * 10.5). Of a look that is over nothing is kept.
 *
 *     look ──▶ open ──▶ looked: every voter has answered, is out of reach, or is late
 */

import { greater } from './clock.ts';
import { type LookNumber, later, type PeerId, roundId, type TimeMs, timeMs } from './ids.ts';
import type { Resource, Sight, View } from './message.ts';
import type { Looked } from './output.ts';
import { Table } from './table.ts';

/** Plain data: moments are relative to the time of the snapshot. */
export interface LookSnapshot {
  readonly look: LookNumber;
  readonly untilInMs: number;
  readonly awaited: readonly PeerId[];
  readonly unanswered: readonly PeerId[];
  readonly sights: readonly Sight[];
  readonly isCut: boolean;
}

interface OpenLook {
  readonly look: LookNumber;
  until: TimeMs;
  /** The voters that have yet to answer. */
  readonly awaited: Set<PeerId>;
  /** Those that cannot answer, or do not know all. */
  readonly unanswered: Set<PeerId>;
  /** By their rounds. */
  readonly sights: Map<string, Sight>;
  isCut: boolean;
}

/** Whom a look is about to ask. */
export interface Asked {
  readonly look: LookNumber;
  readonly until: TimeMs;
  readonly awaited: readonly PeerId[];
  /** Those that are out of reach, or in recovery: what these say is not all. */
  readonly unanswered: readonly PeerId[];
}

export class Looks {
  readonly #emit: (output: Looked) => void;
  /** In the order asked, and so in that of their ends. */
  readonly #open = new Table<LookNumber, OpenLook>();

  constructor(emit: (output: Looked) => void) {
    this.#emit = emit;
  }

  /** When the first of them ends by itself; Infinity when none is open. */
  nextDueAt(): TimeMs {
    const first = this.#open.firstKey();
    const open = first === undefined ? undefined : this.#open.get(first);
    return open?.until ?? timeMs(Number.POSITIVE_INFINITY);
  }

  start({ look, until, awaited, unanswered }: Asked): void {
    const open: OpenLook = {
      look,
      until,
      awaited: new Set(awaited),
      unanswered: new Set(unanswered),
      sights: new Map(),
      isCut: false,
    };
    this.#open.set(look, open);
    this.#endIfTold(open);
  }

  /** Of a look that is over, or of a voter that was late: ignored. */
  onView(voter: PeerId, { look, sights, isLast, isCut }: View): void {
    const open = this.#open.get(look);
    if (open?.awaited.has(voter) !== true) return;
    for (const sight of sights) addSight(open.sights, sight);
    if (isCut) open.isCut = true;
    if (!isLast) return;
    open.awaited.delete(voter);
    this.#endIfTold(open);
  }

  /** What was under way is lost with the link. */
  onUnlinked(voter: PeerId): void {
    for (const open of [...this.#open.values()]) {
      if (!open.awaited.delete(voter)) continue;
      open.unanswered.add(voter);
      this.#endIfTold(open);
    }
  }

  advance(now: TimeMs, graceMs: number): void {
    const setFor = this.nextDueAt();
    if (now - setFor > graceMs) this.#putOff(later(now, graceMs));
    while (this.nextDueAt() <= now) {
      const first = this.#open.firstKey();
      const open = first === undefined ? undefined : this.#open.get(first);
      if (open === undefined) return;
      for (const voter of open.awaited) open.unanswered.add(voter);
      open.awaited.clear();
      this.#endIfTold(open);
    }
  }

  /** This process stood still: the answers may be waiting to be read. */
  #putOff(until: TimeMs): void {
    for (const open of this.#open.values()) {
      if (open.until < until) open.until = until;
    }
  }

  snapshot(now: TimeMs): readonly LookSnapshot[] {
    return [...this.#open.values()].map(({ look, until, awaited, unanswered, sights, isCut }) => ({
      look,
      untilInMs: until - now,
      awaited: [...awaited],
      unanswered: [...unanswered],
      sights: [...sights.values()],
      isCut,
    }));
  }

  /** Fills an empty one. */
  restore(snapshot: readonly LookSnapshot[], now: TimeMs): void {
    for (const { look, untilInMs, awaited, unanswered, sights, isCut } of snapshot) {
      this.start({ look, until: later(now, untilInMs), awaited, unanswered });
      const open = this.#open.get(look);
      if (open === undefined) continue;
      for (const sight of sights) addSight(open.sights, sight);
      open.isCut = isCut;
    }
  }

  #endIfTold({ look, awaited, unanswered, sights, isCut }: OpenLook): void {
    if (awaited.size > 0) return;
    this.#open.delete(look);
    this.#emit({
      type: 'looked',
      look,
      sights: [...sights.values()].sort(inTurn),
      unanswered: [...unanswered].sort(),
      isCut,
    });
  }
}

/** Held if any voter knows it to be; on all names that any voter knows of (rule 10.2). */
function addSight(sights: Map<string, Sight>, sight: Sight): void {
  const id = roundId(sight.peer, sight.incarnation, sight.round);
  const known = sights.get(id);
  if (known === undefined) {
    sights.set(id, sight);
    return;
  }
  sights.set(id, {
    ...known,
    resources: union(known.resources, sight.resources),
    heldForMs: longer(known.heldForMs, sight.heldForMs),
    token: greater(known.token, sight.token),
    isStealing: known.isStealing && sight.isStealing,
  });
}

/** Shared where any voter knows it to be: what is exclusive no more never is again (rule 8.9). */
function union(known: readonly Resource[], more: readonly Resource[]): readonly Resource[] {
  const byName = new Map(known.map((resource) => [resource.name, resource]));
  for (const resource of more) {
    if (resource.mode === 'shared' || !byName.has(resource.name))
      byName.set(resource.name, resource);
  }
  return [...byName.values()];
}

function longer(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other;
  return Math.max(one, other);
}

/** As the lists of voters go (section 4). */
function inTurn(one: Sight, other: Sight): number {
  if (one.isStealing !== other.isStealing) return one.isStealing ? -1 : 1;
  if (one.ticket !== other.ticket) return one.ticket - other.ticket;
  if (one.peer === other.peer) return one.round - other.round;
  return one.peer < other.peer ? -1 : 1;
}
