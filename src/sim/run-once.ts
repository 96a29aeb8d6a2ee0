/**
 * Runs a scenario once, with one seed:
 *
 *     nodes start ──▶ all are ready ──▶ faults and scenario begin ──▶ it returns, or a failure
 *
 * Nothing of the real world is let in: see guards.ts.
 */

import type { FaultStep } from './fault-steps.ts';
import { runGuarded } from './guards.ts';
import { type Halt, tasksAtOnceMax, tasksMax } from './kernel.ts';
import type { ResolvedSim } from './resolve-sim.ts';
import { Sim } from './sim.ts';
import { SimHangError } from './sim-errors.ts';
import { Stage, type StageFailure } from './stage.ts';
import type { Task } from './task.ts';
import type { TraceRecorder } from './trace/recorder.ts';
import { formatMs } from './waits.ts';
import type { Witness } from './witness.ts';

/** What a user writes. */
export type Scenario = (sim: Sim) => void | Promise<void>;

/** Which run it is. */
export interface RunSetup {
  readonly sim: ResolvedSim;
  readonly seed: number;
  readonly steps: readonly FaultStep[];
  /** Whether to keep the places in the code that wait, to be told if it hangs. */
  readonly keepsSites?: boolean;
  /** Records all that happens, for a trace. */
  readonly recorder?: TraceRecorder | undefined;
  /** Sees each event. */
  readonly onTask?: (task: Task, count: number) => void;
}

/** What is known of a run. Of two runs that are the same all of it is equal. */
export interface OneRun {
  readonly seed: number;
  readonly failure: StageFailure | null;
  /** The last lines of what happened, where it failed. */
  readonly events: readonly string[];
  readonly simulatedMs: number;
  readonly grants: number;
  readonly grantsUnderFault: number;
  readonly frames: number;
  readonly keepAlives: number;
  readonly messages: number;
  readonly tasks: number;
  readonly effects: Readonly<Record<string, number>>;
  readonly witness: Witness;
  /** Goals that were reached, those of the library's own campaigns included. */
  readonly witnessed: readonly string[];
  readonly hash: string;
  readonly checkpoints: readonly string[];
}

/** How many events a failure tells. */
const eventsMax = 40;

/** Never rejects for what the scenario does: that is a failure of the run. */
export async function runOnce(setup: RunSetup, scenario: Scenario): Promise<OneRun> {
  const { sim, seed, steps, keepsSites = false, onTask, recorder } = setup;
  const stage = new Stage(sim, { seed, steps, keepsSites, recorder });
  const { kernel } = stage.world;
  kernel.onTask = onTask ?? null;
  stage.world.asks.onCircle = (name, count, site) => {
    const why =
      `${name} is asked more than ${count} times while no time passes, last at ${site}: ` +
      'a program must sleep before it asks again';
    stage.fail('hang', hangError(stage, why));
  };
  const play = (): Promise<Halt | null> => {
    let isOver = false;
    kernel.noteMicrotasks();
    live(stage, scenario).then(
      () => {
        isOver = true;
      },
      (error: unknown) => stage.fail('scenario', error),
    );
    return kernel.run(() => isOver || stage.failure !== null, sim.timeoutMs * 1_000);
  };
  const halt = await runGuarded(play, (error) => stage.fail('real world', error));
  if (halt !== null) stage.fail('hang', hangError(stage, whyHalted(stage, halt)));
  stage.end();
  return reportOf(stage);
}

async function live(stage: Stage, scenario: Scenario): Promise<void> {
  const sim = new Sim(stage);
  const started = stage.hosts.map((host) => host.start());
  if (stage.options.isCold) {
    for (const start of started) start.catch((error: unknown) => stage.fail('scenario', error));
  } else {
    const wait = stage.waits.begin(null, 'has not begun: a peer is not ready');
    const peers = await Promise.all(started);
    await Promise.all(peers.map((peer) => peer.ready()));
    stage.waits.end(wait);
  }
  stage.arm();
  await scenario(sim);
}

function whyHalted(stage: Stage, halt: Halt): string {
  const whys: Readonly<Record<Halt, string>> = {
    'nothing-left': 'Nothing is left to happen, and the scenario has not ended',
    standstill: `More than ${tasksAtOnceMax} events at one instant: somebody goes on without end`,
    'task-limit': `The scenario did not end within ${tasksMax} events`,
    'time-limit': `The scenario did not end within ${formatMs(stage.options.timeoutMs)}`,
  };
  return whys[halt];
}

function hangError(stage: Stage, why: string): SimHangError {
  const nodes = stage.hosts.map(({ name, peer, machine }) => {
    const state = peer === null ? 'down' : peer.status().state;
    return `${name} is ${state}${machine.isPaused ? ', and stands still' : ''}`;
  });
  return new SimHangError(why, { nodes, waits: stage.waits.describe() });
}

function reportOf(stage: Stage): OneRun {
  const { failure, grants, seed, trail, witness } = stage;
  const { delivered, effects, kernel, nowMs } = stage.world;
  return {
    ...{ seed, failure, witness },
    events: failure === null ? [] : trail.last(eventsMax),
    witnessed: stage.witnessed,
    simulatedMs: failure?.atMs ?? nowMs,
    grants: grants.count,
    grantsUnderFault: grants.underFault,
    frames: delivered.frames,
    keepAlives: delivered.keepAlives,
    messages: delivered.messages,
    tasks: kernel.taskCount,
    effects: effects.all(),
    hash: kernel.hash.digest,
    checkpoints: kernel.checkpoints,
  };
}
