/**
 * Who steals, and from whom (docs/protocol.md, rule 8.8). Claims that steal are exclusive.
 */

import { greater, noStamp } from './clock.ts';
import type { Entry } from './entry.ts';
import type { Stamp } from './ids.ts';
import { inListOrder, isAhead, isRanked } from './list-order.ts';
import { nextAgainst, queueOf } from './queue.ts';

/** Whether it waits for what it steals. */
export function isStealing({ committedAt, patience }: Entry): boolean {
  return patience === 'steal' && committedAt === null;
}

/** Those that steal and stand behind `entry`: if not ranked, then first among those. */
export function* thievesBehind(entry: Entry): IterableIterator<Entry> {
  for (let place = entry.place; place !== null; place = place.sibling) {
    let other = place.isExclusive ? place.nextExclusive : queueOf(place).firstAgainst(place);
    for (; other !== null; other = other.nextExclusive) {
      if (isStealing(other.entry)) {
        if (isAhead(entry, other.entry)) yield other.entry;
      } else if (!isRanked(other.entry)) {
        break;
      }
    }
  }
}

/** Those ahead of one that steals that do not steal themselves, each once, in list order. */
export function victimsOf(thief: Entry): readonly Entry[] {
  const found = new Set<Entry>();
  for (const other of aheadOf(thief)) if (!isStealing(other)) found.add(other);
  return thief.place?.sibling === null ? [...found] : [...found].sort(inListOrder);
}

/** The greatest token of what is held ahead of one that steals; none of another entry. */
export function heldFloor(thief: Entry): Stamp {
  let floor = noStamp;
  if (!isStealing(thief)) return floor;
  for (const { committedAt, token } of aheadOf(thief)) {
    if (committedAt !== null) floor = greater(floor, token);
  }
  return floor;
}

/** One that conflicts on several names comes several times. */
function* aheadOf(entry: Entry): IterableIterator<Entry> {
  for (let place = entry.place; place !== null; place = place.sibling) {
    let other = queueOf(place).firstAgainst(place);
    for (; other !== null && isAhead(other.entry, entry); other = nextAgainst(other, place)) {
      yield other.entry;
    }
  }
}
