/**
 * A trace as what can be drawn of it: events on lanes, messages between them, who held what from
 * when to when, what was wrong meanwhile, and what was broken. All refer to events by index.
 */

import {
  type EventKind,
  isKeepAlive,
  kindOf,
  labelOf,
  linesOfEvent,
  titleOf,
} from './describe-event.ts';
import { NamesOf } from './names-of.ts';
import { timesOf } from './times.ts';
import { isOfPeer, type Trace, type TraceEvent } from './trace-event.ts';

/** An event, as it is drawn and told. */
export interface StoryEvent {
  readonly event: TraceEvent;
  /** In milliseconds from the first event. */
  readonly at: number;
  /** By index; -1 for what belongs to no lane. */
  readonly lane: number;
  readonly kind: EventKind;
  readonly title: string;
  readonly lines: readonly string[];
  /** By index; -1 where none is known. */
  readonly cause: number;
  readonly resources: readonly string[];
}

/** A frame that arrived. */
export interface StoryMessage {
  readonly from: number;
  readonly to: number;
  readonly label: string;
  readonly isKeepAlive: boolean;
  readonly resources: readonly string[];
}

/** A claim while it was held. */
export interface StoryHold {
  readonly resource: string;
  readonly lane: number;
  readonly mode: 'exclusive' | 'shared';
  readonly token: number;
  readonly from: number;
  /** The last event of the trace where no end is known. */
  to: number;
  end: 'released' | 'lost' | 'process ended' | 'not known';
}

/** Something that was wrong for a time. */
export interface StoryFault {
  readonly lanes: readonly number[];
  readonly what: string;
  readonly from: number;
  to: number;
}

export interface Story {
  readonly lanes: readonly string[];
  readonly resources: readonly string[];
  readonly events: readonly StoryEvent[];
  readonly messages: readonly StoryMessage[];
  readonly holds: readonly StoryHold[];
  readonly faults: readonly StoryFault[];
}

export function storyOf(trace: Trace): Story {
  const lanes = [...new Set(trace.filter(isOfPeer).map(({ lane }) => lane))].sort();
  const names = new NamesOf(trace);
  const times = timesOf(trace);
  const indices = new Map(trace.map(({ id }, index) => [id, index]));
  const messages: StoryMessage[] = [];
  const events = trace.map((event, index): StoryEvent => {
    const cause = event.cause === null ? -1 : (indices.get(event.cause) ?? -1);
    const message = messageOf(event, { from: cause, to: index, names });
    if (message !== null) messages.push(message);
    return {
      ...{ event, at: times[index] ?? 0, cause, kind: kindOf(event), title: titleOf(event) },
      lane: isOfPeer(event) ? lanes.indexOf(event.lane) : -1,
      lines: linesOfEvent(event),
      resources: isOfPeer(event) ? names.ofEvent(event) : [],
    };
  });
  const holds = holdsOf(trace, lanes, names);
  const resources = new Set(events.flatMap((event) => event.resources));
  const faults = faultsOf(trace, lanes);
  return { lanes, events, messages, holds, faults, resources: [...resources].sort() };
}

function messageOf(
  event: TraceEvent,
  { from, to, names }: { readonly from: number; readonly to: number; readonly names: NamesOf },
): StoryMessage | null {
  if (!isOfPeer(event) || event.type !== 'step') return null;
  const { input } = event;
  if (input.type !== 'frame' || from < 0) return null;
  const { peer, frame } = input;
  return {
    ...{ from, to, label: labelOf(frame), isKeepAlive: isKeepAlive(frame) },
    resources: [...new Set(names.ofFrame(event, { peer, frame, isHeard: true }))],
  };
}

function holdsOf(trace: Trace, lanes: readonly string[], names: NamesOf): readonly StoryHold[] {
  const all: StoryHold[] = [];
  const open = new Map<string, readonly StoryHold[]>();
  const end = (key: string, to: number, how: StoryHold['end']): void => {
    for (const hold of open.get(key) ?? []) {
      hold.to = to;
      hold.end = how;
    }
    open.delete(key);
  };
  for (const [index, event] of trace.entries()) {
    if (!isOfPeer(event) || event.type === 'start') continue;
    const { process } = event;
    if (event.type === 'end') {
      for (const key of open.keys())
        if (key.startsWith(`${process} `)) end(key, index, 'process ended');
      continue;
    }
    const { input, outputs } = event;
    if (input.type === 'release') end(`${process} ${input.claim}`, index, 'released');
    for (const output of outputs) {
      if (output.type === 'lost') end(`${process} ${output.claim}`, index, 'lost');
      if (output.type !== 'granted') continue;
      const lane = lanes.indexOf(event.lane);
      const holds = names.ofClaim(event, output.claim).map(({ name, mode }): StoryHold => {
        const what = { resource: name, mode, lane, token: output.token };
        return { ...what, from: index, to: trace.length - 1, end: 'not known' };
      });
      open.set(`${process} ${output.claim}`, holds);
      all.push(...holds);
    }
  }
  return all;
}

function faultsOf(trace: Trace, lanes: readonly string[]): readonly StoryFault[] {
  const faults = new Map<number, StoryFault>();
  for (const [index, event] of trace.entries()) {
    if (event.type !== 'fault') continue;
    const begun = faults.get(event.fault);
    if (begun !== undefined) begun.to = index;
    else {
      const hurt = event.hosts.map((host) => lanes.indexOf(host)).filter((lane) => lane >= 0);
      const to = event.phase === 'begins' ? trace.length - 1 : index;
      faults.set(event.fault, { lanes: hurt, what: event.what, from: index, to });
    }
  }
  return [...faults.values()];
}
