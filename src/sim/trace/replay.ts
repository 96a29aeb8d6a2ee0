/**
 * Runs a trace again, event by event: each core on what was recorded of it, all of them under the
 * eyes of checkers, in a world in which nothing else happens.
 */

import type { WatchedStep } from '../../peer/runtime.ts';
import { timeMs, wallMs } from '../../protocol/ids.ts';
import type { Output } from '../../protocol/output.ts';
import type { Checker, CheckerSetup } from '../checker.ts';
import { Books } from '../checks/books.ts';
import { createStepCheckers } from '../checks/step-checkers.ts';
import type { Host } from '../host.ts';
import { latencies } from '../latency.ts';
import { wallAtZeroMs } from '../machine-clock.ts';
import { World } from '../world.ts';
import { describeDifference } from './describe-difference.ts';
import { peerOptionsOf } from './peer-options.ts';
import { type Reading, ReplayedCore } from './replayed-core.ts';
import { isTimed, timesOf } from './times.ts';
import { isOfPeer, type PeerEvent, type Trace } from './trace-event.ts';
import type { TraceFinding, TraceReport } from './trace-report.ts';

/** One process of the trace, as far as it can be run again. */
interface Running {
  readonly host: Host;
  readonly core: ReplayedCore;
  /** Whether all that it was given is known. */
  isWhole: boolean;
  /** Whether it has asked for the same as was recorded, so far. */
  isSame: boolean;
  sequence: number;
}

export interface ReplaySetup {
  readonly skewMs: number;
  readonly without: readonly string[];
}

/** How many findings are told. */
const findingsMax = 100;

export class Replay {
  readonly #trace: Trace;
  readonly #times: readonly number[];
  readonly #skewMs: number;
  readonly #world = new World({ seed: 0, latency: latencies.loopback });
  readonly #checkers: readonly Checker[];
  readonly #processes = new Map<string, Running | null>();
  readonly #byProcess = new Map<string, ProcessFacts>();
  /** Peers with their incarnations: none may come twice. */
  readonly #names = new Set<string>();
  readonly #findings: TraceFinding[] = [];
  readonly #unjudged: string[] = [];
  #event = '';
  #at = 0;
  #compared = 0;
  #grants = 0;

  constructor(trace: Trace, { skewMs, without }: ReplaySetup) {
    this.#trace = trace;
    this.#times = timesOf(trace);
    this.#skewMs = skewMs;
    const setup: CheckerSetup = {
      world: this.#world,
      isExclusive: !without.includes('exclusion'),
      isFenced: !without.includes('tokens'),
      onViolation: ({ check, message }) => this.#find(check, message),
    };
    const books = new Books(this.#world);
    books.granted.push(() => {
      this.#grants += 1;
    });
    // What a claim costs depends on all others: not known where a peer's trace is missing.
    const checkers = createStepCheckers(setup, books);
    this.#checkers = checkers.filter(({ name }) => isTimed(trace) || name !== 'messages');
    for (const checker of this.#checkers) this.#world.watch(checker);
  }

  run(): TraceReport {
    this.#gather();
    for (const [index, event] of this.#trace.entries()) {
      if (!isOfPeer(event)) continue;
      this.#at = this.#times[index] ?? 0;
      this.#world.kernel.nowUs = Math.round(this.#at * 1_000);
      this.#event = event.id;
      this.#play(event);
    }
    return {
      findings: this.#findings,
      compared: this.#compared,
      grants: this.#grants,
      unjudged: this.#unjudged,
    };
  }

  /** What has to be known of each process beforehand. */
  #gather(): void {
    for (const [index, event] of this.#trace.entries()) {
      if (!isOfPeer(event)) continue;
      const at = this.#times[index] ?? 0;
      const facts = this.#factsOf(event.process);
      facts.readings.push({ at, now: event.now, wall: event.wall });
      for (const claim of endedIn(event)) facts.ends.set(claim, at);
    }
  }

  #factsOf(process: string): ProcessFacts {
    const known = this.#byProcess.get(process);
    if (known !== undefined) return known;
    const facts: ProcessFacts = { readings: [], ends: new Map() };
    this.#byProcess.set(process, facts);
    return facts;
  }

  #play(event: PeerEvent): void {
    const running = this.#processes.get(event.process);
    if (running === undefined) return this.#begin(event);
    if (running === null) return;
    if (event.sequence !== running.sequence + 1 && running.isWhole) {
      running.isWhole = false;
      this.#unjudged.push(
        `${event.process} from ${event.id} on: ${running.sequence + 1} to ${event.sequence - 1} ` +
          'are missing',
      );
    }
    running.sequence = event.sequence;
    if (event.type === 'end') return this.#end(event, running);
    // Without what is missing, a core is in another state, and no checker knows what was said.
    if (event.type === 'step' && running.isWhole) this.#step(event, running);
  }

  #begin(event: PeerEvent): void {
    const facts = this.#byProcess.get(event.process);
    if (event.type !== 'start' || facts === undefined) {
      this.#processes.set(event.process, null);
      this.#unjudged.push(`${event.process}: its trace begins with ${event.id}, not its start`);
      return;
    }
    const { options, now, wall, process, sequence } = event;
    const name = `${event.peer} ${event.incarnation}`;
    if (this.#names.has(name)) this.#find('replay', `${process} has the incarnation of another`);
    this.#names.add(name);
    const { nowUs } = this.#world.kernel;
    const host = this.#world.add({
      ...{ name: process, peer: peerOptionsOf(options), hasDisk: false },
      clock: { offsetMs: wall - wallAtZeroMs - nowUs / 1_000, driftPpm: 0 },
      startUs: now * 1_000 - nowUs,
    });
    // How busy the machine was is not known: what is only promised of prompt ones is not checked.
    host.machine.turnCostUs = 1;
    const moment = { at: 0, skewMs: this.#skewMs };
    const core = new ReplayedCore(options, facts.readings, {
      ends: facts.ends,
      moment: () => ({ ...moment, at: this.#at }),
    });
    this.#processes.set(process, { host, core, sequence, isWhole: true, isSame: true });
  }

  #step(event: PeerEvent & { type: 'step' }, running: Running): void {
    const { input, outputs } = event;
    try {
      const others = running.core.step(input, outputs);
      if (running.isSame) this.#compare(event, running, others);
    } catch (error) {
      this.#find('replay', `${event.process} fails where it went on: ${textOf(error)}`);
      this.#giveUp(event, running);
      running.isWhole = false;
    }
    const time = { now: timeMs(event.now), wall: wallMs(event.wall) };
    const step: WatchedStep = { input, outputs, time };
    this.#world.onStep(running.host, running.core, step);
  }

  #compare(
    event: PeerEvent & { type: 'step' },
    running: Running,
    others: readonly Output[] | null,
  ): void {
    this.#compared += 1;
    if (others === null) return;
    this.#find('replay', describeDifference(event, others));
    this.#giveUp(event, running);
  }

  /** From here on, the one that runs again is in another state than the one that was recorded. */
  #giveUp({ process, id }: PeerEvent, running: Running): void {
    running.isSame = false;
    this.#unjudged.push(`whether ${process} does the same again after ${id}`);
  }

  #end(event: PeerEvent & { type: 'end' }, running: Running): void {
    if (event.error !== null) {
      const again = running.isWhole && event.input !== null ? failsAgain(event, running) : '';
      this.#find('crash', `${event.process} found a fault in itself${again}: ${event.error}`);
    }
    running.host.process.die();
    for (const checker of this.#checkers) checker.onDeath?.(running.host);
  }

  #find(check: string, message: string): void {
    if (this.#findings.length >= findingsMax) return;
    this.#findings.push({ check, event: this.#event, message });
  }
}

/** What is known of a process from all of its trace. */
interface ProcessFacts {
  readonly readings: Reading[];
  readonly ends: Map<number, number>;
}

/** The claims that are over with an event. */
function endedIn(event: PeerEvent): readonly number[] {
  if (event.type !== 'step') return [];
  const { input, outputs } = event;
  const ended = outputs.flatMap((output) => {
    return output.type === 'lost' || output.type === 'failed' ? [output.claim] : [];
  });
  return input.type === 'release' ? [...ended, input.claim] : ended;
}

function failsAgain({ input }: PeerEvent & { type: 'end' }, { core }: Running): string {
  if (input === null) return '';
  try {
    core.step(input, []);
    return ', which does not come again';
  } catch {
    return ', and does so again';
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
