/**
 * Makes a record of each step of the cores of one peer, and hands it to a sink.
 */

import type { Time } from '../protocol/input.ts';
import type { CoreEnd, CoreStart, StepWatcher, WatchedCore, WatchedStep } from './runtime.ts';
import type { TraceHead, TraceRecord } from './trace-record.ts';

/** The form of the records; readers refuse others rather than guess. */
export const traceVersion = 1;

/** Where records go. */
export interface TraceSink {
  /** Told of what goes wrong with the sink; set by whoever runs the peer. */
  onTrouble: (error: unknown) => void;
  /** Never throws, and never waits. */
  take(record: TraceRecord): void;
  /** No record follows. Resolves once all are where they should be; never rejects. */
  close(): Promise<void>;
}

export class Tracer implements StepWatcher {
  readonly #sink: TraceSink;
  /** How many records each core has; cores that have ended are not among them. */
  readonly #counts = new Map<WatchedCore, number>();

  constructor(sink: TraceSink) {
    this.#sink = sink;
  }

  set onTrouble(tell: (error: unknown) => void) {
    this.#sink.onTrouble = tell;
  }

  onStart(core: WatchedCore, { options, time }: CoreStart): void {
    const head = this.#head(core, time);
    this.#sink.take({ ...head, type: 'start', version: traceVersion, options });
  }

  onStep(core: WatchedCore, { input, time, outputs }: WatchedStep): void {
    const { peer, incarnation, sequence, now, wall } = this.#head(core, time);
    const type = 'step';
    this.#sink.take({ type, peer, incarnation, sequence, now, wall, input, outputs });
  }

  onEnd(core: WatchedCore, { time, error, input }: CoreEnd): void {
    const head = this.#head(core, time);
    this.#counts.delete(core);
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.#sink.take({ ...head, type: 'end', error: error === null ? null : text, input });
  }

  close(): Promise<void> {
    return this.#sink.close();
  }

  #head(core: WatchedCore, { now, wall }: Time): TraceHead {
    const { peer, incarnation } = core;
    const sequence = (this.#counts.get(core) ?? 0) + 1;
    this.#counts.set(core, sequence);
    return { peer, incarnation, sequence, now, wall };
  }
}
