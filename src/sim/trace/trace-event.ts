/**
 * What a trace is made of: what the peers recorded of themselves, and what only the simulator
 * knows. First as it was recorded, peer by peer; then put in order, with clocks and causes.
 */

import type { TraceRecord } from '../../peer/trace-record.ts';

/** What the simulator adds to the record of a peer. */
export interface FromSimulator {
  /** True time in milliseconds. */
  readonly at?: number;
  /** The machine, where several may run a peer of one id. */
  readonly host?: string;
  /** Whether the process ended without a word. */
  readonly killed?: true;
}

/** Something went wrong, or is right again. */
export interface TraceFault {
  readonly type: 'fault';
  /** True time in milliseconds. */
  readonly at: number;
  /** Numbers the faults of a run from 1; the end of one has the number of its beginning. */
  readonly fault: number;
  readonly phase: 'begins' | 'ends' | 'once';
  /** The machines that it befalls. */
  readonly hosts: readonly string[];
  /** In words. */
  readonly what: string;
}

/** A promise was broken. */
export interface TraceViolation {
  readonly type: 'violation';
  /** True time in milliseconds. */
  readonly at: number;
  /** The check that found it. */
  readonly check: string;
  readonly message: string;
}

/** As it was recorded. */
export type RecordedEvent = (TraceRecord & FromSimulator) | TraceFault | TraceViolation;

/** The place of an event among all. */
export interface TracePlace {
  /** Unlike that of any other event of the trace. */
  readonly id: string;
  /** The event that led to it; `null` where none is known: time passed, an application called. */
  readonly cause: string | null;
}

/** The place of an event of a peer. */
export interface PeerPlace extends TracePlace {
  /** One line of events: the machine, or else the id of the peer. */
  readonly lane: string;
  /** One incarnation: `a` for the first of lane a that is known, then `a#2`, `a#3`, …. */
  readonly process: string;
  /**
   * Vector clock: of each process, how many of its events led to this one, itself included. Of two
   * events neither of which is in the other's past, nobody can say which came first.
   */
  readonly clock: Readonly<Record<string, number>>;
}

/** An event of a peer, in its place. */
export type PeerEvent = TraceRecord & FromSimulator & PeerPlace;

/** What only the simulator knows, in its place. */
export type WorldEvent = (TraceFault | TraceViolation) & TracePlace;

/** One event of a trace. */
export type TraceEvent = PeerEvent | WorldEvent;

/** Events in an order in which they may have happened: causes come before what they led to. */
export type Trace = readonly TraceEvent[];

export function isOfPeer(event: TraceEvent): event is PeerEvent {
  return event.type === 'start' || event.type === 'step' || event.type === 'end';
}
