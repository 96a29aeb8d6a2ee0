/**
 * Records a simulated run: the steps of all cores with true time, the faults, and what was found
 * broken. It only keeps what it is given: all that can be worked out later is worked out later.
 */

import type { CoreEnd, CoreStart, WatchedCore } from '../../peer/runtime.ts';
import { traceVersion } from '../../peer/tracer.ts';
import type { Host } from '../host.ts';
import type { Observer, SeenFault, SeenStep, World } from '../world.ts';
import { mergeTraces } from './merge.ts';
import type { RecordedEvent, Trace, TraceFault } from './trace-event.ts';

/** The latest core of a host. */
interface Running {
  readonly core: WatchedCore;
  sequence: number;
}

export class TraceRecorder implements Observer {
  readonly #events: RecordedEvent[] = [];
  readonly #cores = new Map<WatchedCore, Running>();
  readonly #latest = new Map<Host, Running>();
  readonly #open = new Set<TraceFault>();
  #world: World | null = null;
  #faults = 0;

  /** Sees all that happens in a world from now on. */
  attach(world: World): void {
    this.#world = world;
    world.watch(this);
  }

  /** What was recorded, in order, with clocks and causes. */
  trace(): Trace {
    return mergeTraces([this.#events]);
  }

  onStart(host: Host, core: WatchedCore, { options, time }: CoreStart): void {
    const running: Running = { core, sequence: 1 };
    this.#cores.set(core, running);
    this.#latest.set(host, running);
    const { peer, incarnation } = core;
    const who = { peer, incarnation, sequence: 1, ...time };
    const { name } = host;
    const what = { type: 'start', version: traceVersion, options } as const;
    this.#events.push({ ...what, ...who, at: this.#atMs, host: name });
  }

  onStep({ host, core, step }: SeenStep): void {
    const running = this.#cores.get(core);
    if (running === undefined) return;
    running.sequence += 1;
    const { sequence } = running;
    const { peer, incarnation } = core;
    const { time, input, outputs } = step;
    const { now, wall } = time;
    const at = this.#atMs;
    const head = { peer, incarnation, sequence, now, wall, at, host: host.name };
    this.#events.push({ ...head, type: 'step', input, outputs });
  }

  onEnd(host: Host, core: WatchedCore, { time, error, input }: CoreEnd): void {
    const running = this.#cores.get(core);
    if (running === undefined) return;
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.#end(host, running, { ...time, input, error: error === null ? null : text });
  }

  onKilled(host: Host): void {
    const running = this.#latest.get(host);
    if (running === undefined || !this.#cores.has(running.core)) return;
    const { machine } = host;
    const now = Math.floor(machine.monotonicMs()) + 1;
    const wall = Math.floor(machine.wallMs());
    this.#end(host, running, { now, wall, input: null, error: null, killed: true });
  }

  onFault({ what, hosts, lasts }: SeenFault): () => void {
    this.#faults += 1;
    const fault: TraceFault = {
      ...{ type: 'fault', at: this.#atMs, fault: this.#faults, what },
      ...{ hosts: hosts.map(({ name }) => name), phase: lasts ? 'begins' : 'once' },
    };
    this.#events.push(fault);
    if (lasts) this.#open.add(fault);
    return () => this.#undo(fault);
  }

  /** Nothing is wrong any more with these hosts, and with what lies between them. */
  onHealed(hosts: readonly Host[]): void {
    const names = new Set(hosts.map(({ name }) => name));
    for (const fault of this.#open) {
      if (fault.hosts.length > 0 && fault.hosts.every((name) => names.has(name))) this.#undo(fault);
    }
  }

  /** A promise was broken; the run is over. */
  onViolation(check: string, message: string): void {
    this.#events.push({ type: 'violation', at: this.#atMs, check, message });
  }

  get #atMs(): number {
    return this.#world?.nowMs ?? 0;
  }

  #undo(fault: TraceFault): void {
    if (this.#open.delete(fault)) {
      this.#events.push({ ...fault, at: this.#atMs, phase: 'ends' });
    }
  }

  #end(
    host: Host,
    running: Running,
    how: Pick<RecordedEvent & { type: 'end' }, 'now' | 'wall' | 'input' | 'error' | 'killed'>,
  ): void {
    const { core } = running;
    const { peer, incarnation } = core;
    this.#cores.delete(core);
    const sequence = running.sequence + 1;
    const head = { peer, incarnation, sequence, at: this.#atMs, host: host.name };
    this.#events.push({ type: 'end', ...head, ...how });
  }
}
