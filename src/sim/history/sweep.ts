/**
 * Judges lock histories without a search, where that is exact: where each hold has one grant, has
 * its end called only after that has returned, is not shared in between, and no refusal asks for a
 * reason.
 *
 * Then a hold must last at least from the return of its grant to the first moment at which it may
 * end, and need not last longer: in whatever order there is, each hold covers that stretch. If the
 * stretches of a name fit together, they are an order themselves. If they do not, there is none.
 * Of two that exclude each other, the earlier stretch is the earlier grant in every order, so that
 * their tokens are decided, too. (Gibbons and Korach, "Testing shared memories" (1997), show why
 * histories are so much easier to judge where values tell who saw whom, as holds do here.)
 */

import type { LockRules } from './lock-rules.ts';
import { isCertain, type Move } from './moves.ts';

/** How a sweep ended. */
export type SweepResult =
  | { readonly found: 'order' }
  /** All moves of holds that have no order among themselves. */
  | { readonly found: 'clash'; readonly moves: readonly Move[] }
  /** Somewhere a search is needed. */
  | { readonly found: 'nothing' };

/** The stretch of time that a hold must last. */
interface Stretch {
  readonly grant: Move;
  readonly moves: readonly Move[];
  readonly from: number;
  readonly to: number;
}

/** Sweeps over `moves` in the order of time. */
export function sweep(moves: readonly Move[], rules: LockRules): SweepResult {
  if (rules.isStrict) return { found: 'nothing' };
  const ofHold = new Map<number, Move[]>();
  for (const move of moves) {
    const own = ofHold.get(move.hold);
    if (own === undefined) ofHold.set(move.hold, [move]);
    else own.push(move);
  }
  const stretches: Stretch[] = [];
  for (const own of ofHold.values()) {
    const stretch = stretchOf(own);
    if (stretch === 'unclear') return { found: 'nothing' };
    if (stretch === 'impossible') return { found: 'clash', moves: own };
    stretches.push(stretch);
  }
  return new Sweep(rules).run(stretches);
}

function stretchOf(own: readonly Move[]): Stretch | 'unclear' | 'impossible' {
  let grant: Move | null = null;
  let end: Move | null = null;
  for (const move of own) {
    if (move.kind === 'grant') {
      if (grant !== null) return 'unclear';
      grant = move;
    } else if (move.kind === 'end') {
      if (end !== null) return 'unclear';
      end = move;
    } else if (move.kind === 'share') {
      return 'unclear';
    }
  }
  if (grant === null || !isCertain(grant)) return 'unclear';
  const from = grant.until;
  if (end !== null && end.call < from) return 'unclear';
  const seen = seenOf(own, from);
  if (seen === 'unclear') return 'unclear';
  const least = Math.max(seen.least, end?.call ?? from);
  const most = Math.min(seen.most, end?.until ?? Number.POSITIVE_INFINITY);
  const mustEnd = seen.most !== Number.POSITIVE_INFINITY;
  if (least > most || (mustEnd && end === null)) return 'impossible';
  return { grant, moves: own, from, to: end === null ? Number.POSITIVE_INFINITY : least };
}

/** Between which moments it may end, by what was seen of it. */
function seenOf(
  own: readonly Move[],
  from: number,
): { readonly least: number; readonly most: number } | 'unclear' {
  let least = from;
  let most = Number.POSITIVE_INFINITY;
  for (const { kind, call, until } of own) {
    if (kind === 'held') {
      if (until < from) return 'unclear';
      least = Math.max(least, call);
    } else if (kind === 'gone' && call > from) {
      most = Math.min(most, until);
    }
  }
  return { least, most };
}

interface OnName {
  readonly held: Set<Stretch>;
  weight: number;
  any: Stretch | null;
  exclusive: Stretch | null;
}

class Sweep {
  readonly #rules: LockRules;
  readonly #names: OnName[] = [];

  constructor(rules: LockRules) {
    this.#rules = rules;
  }

  run(stretches: readonly Stretch[]): SweepResult {
    const begins = stretches.toSorted(compareBegins);
    const ends = stretches.filter(({ from, to }) => from < to && Number.isFinite(to));
    ends.sort((one, other) => one.to - other.to);
    let ended = 0;
    for (const stretch of begins) {
      // What ends in the moment in which another begins is out of its way.
      for (let end = ends[ended]; end !== undefined; end = ends[ended]) {
        if (end.to > stretch.from) break;
        this.#end(end);
        ended += 1;
      }
      const clash = this.#begin(stretch);
      if (clash !== null) return { found: 'clash', moves: clash.flatMap(({ moves }) => moves) };
      if (stretch.from === stretch.to) this.#end(stretch);
    }
    return { found: 'order' };
  }

  /** @returns those that cannot be, where there are such */
  #begin(stretch: Stretch): readonly Stretch[] | null {
    const { wants, token } = stretch.grant;
    for (const { name, weight, isExclusive } of wants) {
      const on = this.#on(name);
      if (on.weight + weight > this.#rules.capacity) return [...on.held, stretch];
      if (token !== null) {
        const top = isExclusive ? on.any : on.exclusive;
        if (top !== null && token <= tokenOf(top)) return [top, stretch];
        if (on.any === null || token > tokenOf(on.any)) on.any = stretch;
        const greatest = on.exclusive;
        if (isExclusive && (greatest === null || token > tokenOf(greatest))) {
          on.exclusive = stretch;
        }
      }
      on.weight += weight;
      on.held.add(stretch);
    }
    return null;
  }

  #end(stretch: Stretch): void {
    for (const { name, weight } of stretch.grant.wants) {
      const on = this.#on(name);
      if (on.held.delete(stretch)) on.weight -= weight;
    }
  }

  #on(name: number): OnName {
    let on = this.#names[name];
    if (on === undefined) {
      on = { held: new Set(), weight: 0, any: null, exclusive: null };
      this.#names[name] = on;
    }
    return on;
  }
}

function tokenOf({ grant }: Stretch): number {
  return grant.token ?? Number.NEGATIVE_INFINITY;
}

/**
 * By time. In one moment, those that also end in it go first, the smaller token before the greater:
 * nothing else decides their order.
 */
function compareBegins(one: Stretch, other: Stretch): number {
  if (one.from !== other.from) return one.from - other.from;
  const isBrief = one.from === one.to;
  if (isBrief !== (other.from === other.to)) return isBrief ? -1 : 1;
  return (one.grant.token ?? 0) - (other.grant.token ?? 0);
}
