/**
 * The events of each core by itself, in its own order, and how cores are called.
 */

import type { RecordedEvent } from './trace-event.ts';

/** An event of a peer, as it was recorded. */
export type RecordedStep = Exclude<RecordedEvent, { readonly type: 'fault' | 'violation' }>;

/** What one incarnation has recorded. */
export interface CoreLog {
  readonly lane: string;
  readonly process: string;
  readonly peer: string;
  readonly incarnation: number;
  /** By sequence. */
  readonly events: readonly RecordedStep[];
  /** Milliseconds since 1970 by the wall clock at its first event, and monotonic from there. */
  wallOf(event: RecordedStep): number;
}

export interface CoreLogs {
  readonly cores: readonly CoreLog[];
  readonly coreOf: ReadonlyMap<RecordedStep, CoreLog>;
}

export function splitByCore(events: readonly RecordedEvent[]): CoreLogs {
  const groups: RecordedStep[][] = [];
  const latest = new Map<string, RecordedStep[]>();
  for (const event of events) {
    if (event.type === 'fault' || event.type === 'violation') continue;
    const key = `${event.host ?? ''} ${event.peer} ${event.incarnation}`;
    let group = latest.get(key);
    // Two with one incarnation should not be; if they are, that is what one looks for.
    if (group === undefined || event.type === 'start') {
      group = [];
      groups.push(group);
      latest.set(key, group);
    }
    group.push(event);
  }
  for (const group of groups) group.sort((one, other) => one.sequence - other.sequence);
  const cores = named(groups);
  const coreOf = new Map<RecordedStep, CoreLog>();
  for (const core of cores) for (const event of core.events) coreOf.set(event, core);
  return { cores, coreOf };
}

/** Lanes by name, and on each lane one incarnation after the other. */
function named(logs: readonly (readonly RecordedStep[])[]): readonly CoreLog[] {
  const counts = new Map<string, number>();
  const cores: CoreLog[] = [];
  const sorted = [...logs].sort((one, other) => {
    return (one[0]?.incarnation ?? 0) - (other[0]?.incarnation ?? 0);
  });
  for (const events of sorted) {
    const [first] = events;
    if (first === undefined) continue;
    const { peer, incarnation, wall, now } = first;
    const lane = first.host ?? peer;
    const count = (counts.get(lane) ?? 0) + 1;
    counts.set(lane, count);
    const process = count === 1 ? lane : `${lane}#${count}`;
    const wallOf = (event: RecordedStep): number => wall + event.now - now;
    cores.push({ lane, process, peer, incarnation, events, wallOf });
  }
  return cores.sort((one, other) => (one.lane < other.lane ? -1 : 1));
}
