/**
 * What led to an event, other than a frame: known where one thing follows from another by rule, and
 * not guessed where it does not.
 */

import type { RecordedStep } from './split.ts';
import type { TraceFault, TraceViolation } from './trace-event.ts';

interface Known {
  /** The latest event. */
  lastId: string | null;
  /** The latest that asked for a mark to be saved. */
  persistId: string | null;
  /** Where claims were asked for or, since, granted. */
  readonly claims: Map<number, string>;
}

/** Told of events in order. */
export class Causes {
  readonly #processes = new Map<string, Known>();
  readonly #faults = new Map<number, string>();
  /** The latest fault of each host, and when that was. */
  readonly #hurt = new Map<string, { readonly id: string; readonly at: number }>();
  #lastId: string | null = null;

  ofWorld(event: TraceFault | TraceViolation, id: string): string | null {
    // It is found in the very step that breaks the promise.
    if (event.type === 'violation') return this.#lastId;
    for (const host of event.hosts) this.#hurt.set(host, { id, at: event.at });
    const begun = this.#faults.get(event.fault) ?? null;
    this.#faults.set(event.fault, id);
    return event.phase === 'ends' ? begun : null;
  }

  ofPeer(
    event: RecordedStep,
    { id, process }: { readonly id: string; readonly process: string },
  ): string | null {
    const known = this.#processes.get(process) ?? createKnown();
    this.#processes.set(process, known);
    const cause = event.type === 'step' ? ofStep(event, known) : this.#ofLife(event);
    if (event.type === 'step') note(event, id, known);
    known.lastId = id;
    this.#lastId = id;
    return cause;
  }

  /** A process starts or ends at the moment at which a fault of its host begins or is over. */
  #ofLife({ host, at }: RecordedStep): string | null {
    const hurt = host === undefined ? undefined : this.#hurt.get(host);
    return hurt !== undefined && hurt.at === at ? hurt.id : null;
  }
}

function ofStep({ input }: RecordedStep & { type: 'step' }, known: Known): string | null {
  switch (input.type) {
    case 'flush':
      return known.lastId;
    case 'persisted':
      return known.persistId;
    case 'release':
      return known.claims.get(input.claim) ?? null;
    default:
      return null;
  }
}

function note({ input, outputs }: RecordedStep & { type: 'step' }, id: string, to: Known): void {
  if (input.type === 'acquire') to.claims.set(input.claim, id);
  if (input.type === 'release') to.claims.delete(input.claim);
  for (const output of outputs) {
    if (output.type === 'granted') to.claims.set(output.claim, id);
    else if (output.type === 'failed' || output.type === 'lost') to.claims.delete(output.claim);
    else if (output.type === 'persist') to.persistId = id;
  }
}

function createKnown(): Known {
  return { lastId: null, persistId: null, claims: new Map() };
}
