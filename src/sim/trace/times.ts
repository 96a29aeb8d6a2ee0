/**
 * When the events of a trace happened: in true time where that is known, else by the wall clocks of
 * the peers, moved on where a cause would come after what it led to.
 */

import { isOfPeer, type PeerEvent, type Trace } from './trace-event.ts';

/** One for each event, in milliseconds from the first; never less than that of its cause. */
export function timesOf(trace: Trace): readonly number[] {
  if (isTimed(trace)) return fromFirst(trace.map(({ at }) => at ?? 0));
  const starts = new Map<string, PeerEvent>();
  const known = new Map<string, number>();
  const times = trace.map((event) => {
    if (!isOfPeer(event)) return event.at;
    const first = starts.get(event.process) ?? event;
    starts.set(event.process, first);
    // Jumps of the wall clock are not followed: only its value at the start is believed.
    const own = first.wall + event.now - first.now;
    const least = event.cause === null ? own : (known.get(event.cause) ?? own);
    const at = Math.max(own, least);
    known.set(event.id, at);
    return at;
  });
  return fromFirst(times);
}

/** Whether true time is known. */
export function isTimed(trace: Trace): boolean {
  return trace.every(({ at }) => at !== undefined);
}

function fromFirst(times: readonly number[]): readonly number[] {
  let first = Number.POSITIVE_INFINITY;
  for (const time of times) first = Math.min(first, time);
  return times.map((time) => time - first);
}
