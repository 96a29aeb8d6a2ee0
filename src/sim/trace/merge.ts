/**
 * Puts what several peers recorded into one order in which it may have happened, and works out what
 * led to what. Nothing on the wire is needed for that: a frame is known by its sender, its
 * receiver, and the sequence, stamp and clock in its head.
 *
 * In true time where that was recorded. Else causes come before what they led to, each peer's own
 * order is kept, and wall clocks decide the rest.
 */

import { Causes } from './causes.ts';
import { pairFrames } from './frame-pairs.ts';
import { type CoreLog, type RecordedStep, splitByCore } from './split.ts';
import type { RecordedEvent, Trace, TraceEvent } from './trace-event.ts';

/** @param sources what was recorded: a run of the simulator, or a file of each peer */
export function mergeTraces(sources: readonly (readonly RecordedEvent[])[]): Trace {
  const all = sources.flat();
  const isTimed = sources.length === 1 && all.every(({ at }) => at !== undefined);
  return place(isTimed ? all : inCausalOrder(all), new Causes());
}

function place(events: readonly RecordedEvent[], causes: Causes): Trace {
  const { cores, coreOf } = splitByCore(events);
  const senders = pairFrames(cores);
  const clocks = new Map<string, Readonly<Record<string, number>>>();
  return events.map((event, index): TraceEvent => {
    if (event.type === 'fault' || event.type === 'violation') {
      const id = `world:${index + 1}`;
      return { ...event, id, cause: causes.ofWorld(event, id) };
    }
    const core = coreOf.get(event);
    if (core === undefined) throw new RangeError(`Cannot place an event of ${event.peer}: no core`);
    const { lane, process } = core;
    const id = idOf(process, event);
    const sender = senders.get(event);
    const sent = sender === undefined ? null : idOf(sender.core.process, sender.event);
    // What is said to be heard before it was sent is not believed.
    const heard = sent === null ? undefined : clocks.get(sent);
    const other = causes.ofPeer(event, { id, process });
    const clock = merged(clocks.get(process), heard);
    clock[process] = (clock[process] ?? 0) + 1;
    clocks.set(process, clock);
    if (event.type === 'step' && sends(event)) clocks.set(id, clock);
    return { ...event, id, lane, process, clock, cause: heard === undefined ? other : sent };
  });
}

function idOf(process: string, { sequence }: RecordedStep): string {
  return `${process}:${sequence}`;
}

function sends({ outputs }: RecordedStep & { type: 'step' }): boolean {
  return outputs.some(({ type }) => type === 'frame');
}

function merged(
  own: Readonly<Record<string, number>> = {},
  other: Readonly<Record<string, number>> = {},
): Record<string, number> {
  const clock: Record<string, number> = { ...own };
  for (const [process, count] of Object.entries(other)) {
    if (count > (clock[process] ?? 0)) clock[process] = count;
  }
  return clock;
}

function inCausalOrder(events: readonly RecordedEvent[]): readonly RecordedEvent[] {
  const { cores } = splitByCore(events);
  const senders = pairFrames(cores);
  const heads = cores.map((core) => ({ core, next: 0 }));
  const done = new Set<RecordedEvent>();
  const ordered: RecordedEvent[] = [];
  const total = cores.reduce((sum, { events: own }) => sum + own.length, 0);
  while (ordered.length < total) {
    const best = earliest(heads, (event) => {
      const sender = senders.get(event);
      return sender === undefined || done.has(sender.event);
    });
    // A cause that comes after what it led to: the clocks of a machine, or the file, went wrong.
    const head = best ?? earliest(heads, () => true);
    const event = head?.core.events[head.next];
    if (head === undefined || event === undefined) break;
    head.next += 1;
    done.add(event);
    ordered.push(event);
  }
  return ordered;
}

interface Head {
  readonly core: CoreLog;
  next: number;
}

/** The core whose next event is ready and, by wall clocks, the first. */
function earliest(
  heads: readonly Head[],
  isReady: (event: RecordedStep) => boolean,
): Head | undefined {
  let best: Head | undefined;
  let bestAt = Number.POSITIVE_INFINITY;
  for (const head of heads) {
    const event = head.core.events[head.next];
    if (event === undefined) continue;
    const at = head.core.wallOf(event);
    if (at >= bestAt || !isReady(event)) continue;
    best = head;
    bestAt = at;
  }
  return best;
}
