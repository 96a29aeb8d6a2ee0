/**
 * A trace for ShiViz (https://bestchai.bitbucket.io/shiviz): the first line says how to read the
 * rest, the second that there is one execution. ShiViz wants the clock of each host to count its
 * events by one: so clocks are counted anew, without the events that are left out.
 */

import { kindOf, titleOf } from './describe-event.ts';
import { isOfPeer, type PeerEvent, type Trace } from './trace-event.ts';

const header = '(?<host>\\S*) (?<clock>{.*})\\n(?<event>.*)';

/**
 * Writes a trace for ShiViz.
 *
 * @returns the text of a file that it reads; renewals of leases are left out
 */
export function traceToShiviz(trace: Trace): string {
  const shown = trace.filter(isOfPeer).filter((event) => kindOf(event) !== 'quiet');
  const lines = countAnew(shown).flatMap(({ event, clock }) => {
    const at = event.at === undefined ? `${event.wall} wall` : `${event.at} ms`;
    return [`${event.process} ${JSON.stringify(clock)}`, `${at}: ${oneLine(titleOf(event))}`];
  });
  return `${[header, '', ...lines].join('\n')}\n`;
}

interface Counted {
  readonly event: PeerEvent;
  readonly clock: Readonly<Record<string, number>>;
}

/** Of each process, how many of the events that are shown led to an event. */
function countAnew(shown: readonly PeerEvent[]): readonly Counted[] {
  // The vector clock of an event tells how many events of a process led to it, shown or not.
  const counts = new Map<string, number[]>();
  return shown.map((event) => {
    const own = counts.get(event.process) ?? [];
    own.push(event.clock[event.process] ?? 0);
    counts.set(event.process, own);
    const clock = Object.entries(event.clock).flatMap(([process, seen]): [string, number][] => {
      const count = countUpTo(counts.get(process) ?? [], seen);
      return count === 0 ? [] : [[process, count]];
    });
    return { event, clock: Object.fromEntries(clock) };
  });
}

/** How many numbers of an ascending list are at most `most`. */
function countUpTo(numbers: readonly number[], most: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? 0) <= most) low = middle + 1;
    else high = middle;
  }
  return low;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}
