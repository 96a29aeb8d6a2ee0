/**
 * What a voter tells of its entries to whoever looks (rule 10.5): so many at most, in messages of a
 * bounded size.
 */

import type { Entry } from './entry.ts';
import type { TimeMs } from './ids.ts';
import type { Look, Sight, View } from './message.ts';
import { isStealing } from './stealing.ts';

/** The most names that a voter tells of. */
const namesMax = 10_000;

/** How many estimated bytes of entries make a message, and how many all of them. */
const viewBytesMax = 64 * 1_024;
const allBytesMax = 4 * 1_024 * 1_024;

/** The answer to a look: at least one message, the last of which says so. */
export function viewsOf(entries: Iterable<Entry>, asked: Look, now: TimeMs): readonly View[] {
  const batches: Sight[][] = [];
  let names = 0;
  let bytes = 0;
  let room = 0;
  let isCut = false;
  for (const entry of entries) {
    const sight = sightOf(entry, asked, now);
    const more = bytesOfSight(sight);
    names += sight.resources.length;
    bytes += more;
    isCut = names > namesMax || bytes > allBytesMax;
    if (isCut) break;
    if (more > room) {
      batches.push([]);
      room = viewBytesMax;
    }
    batches.at(-1)?.push(sight);
    room -= more;
  }
  if (batches.length === 0) batches.push([]);
  return batches.map((sights, at) => {
    const isLast = at === batches.length - 1;
    return { type: 'view', look: asked.look, sights, isLast, isCut: isLast && isCut };
  });
}

/** About how many bytes it takes in a message; rather too many. */
export function bytesOfSight({ resources }: Sight): number {
  return resources.reduce((sum, { name }) => sum + 3 * name.length + 6, 128);
}

function sightOf(entry: Entry, { name: wanted }: Look, now: TimeMs): Sight {
  const { committedAt, incarnation, peer, round, ticket, token } = entry;
  return {
    peer,
    incarnation,
    round,
    resources: entry.resources.filter(({ name }) => wanted === null || name === wanted),
    heldForMs: committedAt === null ? null : Math.max(0, now - committedAt),
    ticket,
    token,
    isStealing: isStealing(entry),
  };
}
