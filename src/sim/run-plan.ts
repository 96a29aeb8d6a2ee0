/**
 * Runs one plan from its start to its verdict:
 *
 *     start ──▶ faulty phase, until healAtMs ──▶ liveness phase (recovery.ts) ──▶ rest ──▶ closed
 *
 * Checkers watch all of it; the first broken promise ends it.
 */

import { ConfigError } from '../peer/errors.ts';
import { isFault } from './acts.ts';
import { assumptionsOf } from './assumptions.ts';
import { watchCallers } from './callers.ts';
import type { Checker } from './checker.ts';
import { Violation } from './checker.ts';
import { Books } from './checks/books.ts';
import { createCheckers } from './checks/checkers.ts';
import { promises } from './checks/promises.ts';
import { watchCircles } from './circles.ts';
import { Clients } from './clients.ts';
import { Coverage } from './coverage.ts';
import { watchElections } from './election-watch.ts';
import { Faults } from './faults.ts';
import { Goals } from './goals.ts';
import { installGuards, runGuarded } from './guards.ts';
import type { RunHistory } from './history/run-history.ts';
import type { Host } from './host.ts';
import type { Halt } from './kernel.ts';
import { addHosts } from './mesh.ts';
import type { Plan, PlanStep, When } from './plan.ts';
import { type Passing, Points } from './point.ts';
import { recover } from './recovery.ts';
import { type RunReport, verdictOf } from './run-report.ts';
import type { Task } from './task.ts';
import type { TraceRecorder } from './trace/recorder.ts';
import { World } from './world.ts';

export interface RunOptions {
  /** Sees each task, in order. */
  readonly onTask?: (task: Task, count: number) => void;
  /** Whether to note what the cores went through. */
  readonly covers?: boolean;
  /** Records all that happens, for a trace. */
  readonly recorder?: TraceRecorder;
  /** Records what its applications see. */
  readonly history?: RunHistory;
  /**
   * `all`: also what the protocol demands of each step, whether or not a promise is broken by it.
   * `promises`: only what users are promised (section 1 of docs/protocol.md).
   * `none`: nothing at all, nor are goals witnessed; to measure what the rest costs.
   */
  readonly checks?: 'all' | 'promises' | 'none';
}

/** The longest that a run may take, in true time, before it counts as stuck. */
const limitMs = 24 * 3_600_000;

export async function runPlan(plan: Plan, options: RunOptions = {}): Promise<RunReport> {
  return await new Run(plan, options).run();
}

class Run {
  readonly #plan: Plan;
  readonly #world: World;
  readonly #hosts: readonly Host[];
  readonly #faults: Faults;
  readonly #clients: Clients;
  readonly #points = new Points();
  readonly #recorder: TraceRecorder | null;
  readonly #goals: Goals;
  readonly #coverage: Coverage | null;
  readonly #checkers: readonly Checker[];
  #violation: Violation | null = null;
  #grantsUnderFault = 0;
  #messagesAtStart = 0;
  #isOver = false;

  constructor(plan: Plan, options: RunOptions) {
    const { onTask, covers = false, checks = 'all', recorder } = options;
    const world = new World({ seed: plan.seed, latency: plan.mesh.latency });
    world.kernel.onTask = onTask ?? null;
    this.#recorder = recorder ?? null;
    recorder?.attach(world);
    this.#plan = plan;
    this.#world = world;
    this.#hosts = addHosts(world, plan.mesh);
    this.#faults = new Faults({
      world,
      hosts: this.#hosts,
      mesh: plan.mesh,
      onStartFailed: (host, error) => this.#onGaveUp(host, error),
      onDeath: (host) => this.#onDeath(host),
    });
    this.#clients = new Clients({
      world,
      onGranted: () => {
        if (this.#faults.isActive) this.#grantsUnderFault += 1;
      },
      onOddError: (host, error) => {
        this.#fail(new Violation('crash', `${host.name} saw ${String(error)}`, world.nowMs));
      },
    });
    const assumed = assumptionsOf(plan);
    const onViolation = (violation: Violation): void => {
      if (checks === 'all' || promises.has(violation.check)) this.#fail(violation);
    };
    const books = new Books(world);
    const setup = { world, ...assumed, onViolation };
    this.#checkers = checks === 'none' ? [] : createCheckers(setup, books);
    if (checks !== 'none') {
      watchCallers(setup, books, { clients: this.#clients, hosts: this.#hosts });
      watchElections(setup, books, this.#clients.elections);
      const isFaulty = (): boolean => this.#faults.isActive;
      watchCircles({ ...setup, mesh: plan.mesh, hosts: this.#hosts, isFaulty }, books);
    }
    this.#goals = new Goals(world, books);
    this.#coverage = covers ? new Coverage(books) : null;
    for (const each of this.#checkers) world.watch(each);
    if (checks !== 'none') world.watch(this.#goals);
    world.watch(this.#points);
    if (this.#coverage !== null) world.watch(this.#coverage);
    options.history?.attach(books);
    world.watch({ onStep() {}, onTurn: () => this.#onTurn() });
  }

  async run(): Promise<RunReport> {
    const uninstall = installGuards();
    const onViolation = (error: Error): void => {
      this.#fail(new Violation('real world', error.message, this.#world.nowMs));
    };
    const halt = await runGuarded(() => this.#play(), onViolation).finally(uninstall);
    if (halt !== null && this.#violation === null) {
      this.#fail(new Violation('halt', `The world stopped: ${halt}`, this.#world.nowMs));
    }
    return this.#report();
  }

  #play(): Promise<Halt | null> {
    const { kernel } = this.#world;
    kernel.noteMicrotasks();
    this.#live().then(
      () => {
        this.#isOver = true;
      },
      (error: unknown) => {
        this.#fail(asViolation(error, this.#world.nowMs));
      },
    );
    return kernel.run(() => this.#isOver, limitMs * 1_000);
  }

  async #live(): Promise<void> {
    const { mesh, healAtMs, steps } = this.#plan;
    const started = this.#hosts.map((host) => host.start());
    if (mesh.isWarm) {
      const peers = await Promise.all(started);
      await Promise.all(peers.map((peer) => peer.ready()));
      await this.#sleep(20);
    } else {
      for (const start of started) start.catch((error) => this.#fail(asViolation(error, 0)));
    }
    this.#messagesAtStart = this.#world.delivered.messages;
    for (const [index, step] of steps.entries()) this.#arm(step, index);
    await this.#sleep(healAtMs);
    this.#points.forgetAll();
    await recover({
      plan: this.#plan,
      world: this.#world,
      hosts: this.#hosts,
      faults: this.#faults,
      clients: this.#clients,
      checkers: this.#checkers,
      sleep: (ms) => this.#sleep(ms),
    });
  }

  #arm({ when, act }: PlanStep, index: number): void {
    if ('atMs' in when) {
      if (when.atMs < this.#plan.healAtMs) this.#later(when.atMs, () => this.#act(act, index));
      return;
    }
    let left = when.nth;
    const fires = (passing: Passing): boolean => {
      if (!this.#isMeant(when, passing)) return false;
      left -= 1;
      if (left > 0) return false;
      this.#act(act, index);
      return true;
    };
    this.#points.listen(fires);
  }

  #isMeant(when: Exclude<When, { atMs: number }>, { point, host }: Passing): boolean {
    if (point !== when.point) return false;
    return when.host === null || this.#hosts[when.host] === host;
  }

  #act(act: PlanStep['act'], index: number): void {
    const { hash } = this.#world.kernel;
    hash.word(index);
    if (isFault(act)) return this.#faults.apply(act);
    const host = this.#hosts[act.host];
    if (host === undefined) throw new RangeError(`Cannot act: no host ${act.host} in this plan`);
    if (act.do === 'look') this.#clients.look(host, act);
    else this.#clients.begin(host, act);
  }

  /** After each turn: what closed by itself is looked at, and started again. */
  #onTurn(): void {
    for (const { host, error } of this.#world.failures.splice(0)) {
      this.#onGaveUp(host, error);
      host.kill({ network: 'reset', disk: 'last write kept' });
      this.#onDeath(host);
      if (this.#hosts.includes(host)) this.#later(1_000, () => this.#faults.start(host));
    }
  }

  /** A peer may refuse to run where another has its id, or its disk fails: for no other reason. */
  #onGaveUp(host: Host, error: unknown): void {
    const hasDouble = this.#plan.steps.some(({ act }) => act.do === 'duplicate');
    const isRefusal = error instanceof ConfigError;
    const fault = host.disk?.fault ?? null;
    if (isRefusal && fault !== null && error.field === 'stateFile') return;
    if (hasDouble && isRefusal) this.#world.effects.count('duplicates refused');
    else {
      const message = `The peer of ${host.name} closed by itself: ${String(error)}`;
      this.#fail(new Violation('crash', message, this.#world.nowMs));
    }
  }

  #onDeath(host: Host): void {
    this.#clients.onDeath(host);
    for (const checker of this.#checkers) checker.onDeath?.(host);
  }

  #fail(violation: Violation): void {
    if (this.#violation === null) this.#recorder?.onViolation(violation.check, violation.message);
    this.#violation ??= violation;
    this.#isOver = true;
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#later(ms, () => {
        this.#world.kernel.noteMicrotasks();
        resolve();
      });
    });
  }

  #later(delayMs: number, run: () => void): void {
    const what = { kind: 'fault', actor: null, detail: '' } as const;
    this.#world.kernel.after(delayMs * 1_000, { ...what, run });
  }

  #report(): RunReport {
    const { kernel, delivered, effects, nowMs } = this.#world;
    const violation = this.#violation;
    return {
      plan: this.#plan,
      verdict: violation === null ? 'safe' : verdictOf(violation.check),
      failure:
        violation === null
          ? null
          : { check: violation.check, message: violation.message, atMs: violation.atMs },
      simulatedMs: nowMs,
      tally: this.#clients.tally,
      grants: this.#clients.tally.granted,
      grantsUnderFault: this.#grantsUnderFault,
      frames: delivered.frames,
      messages: delivered.messages,
      messagesOnceUp: delivered.messages - this.#messagesAtStart,
      tasks: kernel.taskCount,
      effects: effects.all(),
      witnessed: this.#goals.witnessed(),
      tuples: this.#coverage?.tuples() ?? [],
      hash: kernel.hash.digest,
      checkpoints: kernel.checkpoints,
      recent: violation === null ? [] : kernel.recent(),
    };
  }
}

/** The checks of what users are promised; the others are of how the protocol keeps it. */
function asViolation(error: unknown, atMs: number): Violation {
  if (error instanceof Violation) return error;
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new Violation('crash', message, atMs);
}
