/**
 * What one run of a scenario is made of, behind what its author sees (sim.ts): the world, its
 * hosts, what may go wrong, who watches, and how the run came to its end.
 */

import { AcquireWaits } from './acquire-waits.ts';
import { Violation } from './checker.ts';
import { promises } from './checks/promises.ts';
import { Conditions } from './conditions.ts';
import { EventTrail } from './event-trail.ts';
import { type FaultStep, FaultSteps } from './fault-steps.ts';
import { Faults } from './faults.ts';
import { Grants } from './grants.ts';
import type { Host } from './host.ts';
import { Judge } from './judge.ts';
import type { Fault, PlanMesh } from './plan.ts';
import { Points } from './point.ts';
import { hostsOf, meshOf, type ResolvedSim } from './resolve-sim.ts';
import type { TraceRecorder } from './trace/recorder.ts';
import { Waits } from './waits.ts';
import { Witness } from './witness.ts';
import { World } from './world.ts';

/** Why a run failed. */
export interface StageFailure {
  /** `scenario`, `node a`, `hang`, or the name of a check. */
  readonly source: string;
  readonly error: unknown;
  readonly atMs: number;
}

/** Which run it is. */
export interface StageSetup {
  readonly seed: number;
  /** What goes wrong by itself. */
  readonly steps: readonly FaultStep[];
  /** Whether to keep the places in the code that wait. */
  readonly keepsSites: boolean;
  /** Records all that happens, for a trace. */
  readonly recorder?: TraceRecorder | undefined;
}

export class Stage {
  readonly options: ResolvedSim;
  readonly seed: number;
  readonly world: World;
  readonly hosts: readonly Host[];
  readonly faults: Faults;
  readonly points: Points = new Points();
  readonly conditions: Conditions;
  readonly waits: Waits;
  readonly witness: Witness = new Witness();
  readonly grants: Grants;
  readonly trail: EventTrail;
  /** Called when the process of a host has ended. */
  readonly onDeath: Set<(host: Host) => void> = new Set();
  readonly #judge: Judge | null;
  readonly #chance: FaultSteps;
  readonly #steps: readonly FaultStep[];
  readonly #recorder: TraceRecorder | undefined;
  readonly #spoils = new Set<() => void>();
  #failure: StageFailure | null = null;

  constructor(options: ResolvedSim, { seed, steps, keepsSites, recorder }: StageSetup) {
    const mesh = meshOf(options, seed);
    const world = new World({ seed, latency: options.latency });
    this.options = options;
    this.seed = seed;
    this.world = world;
    this.hosts = hostsOf(options, seed).map((host) => world.add(host));
    this.#steps = steps;
    this.#recorder = recorder;
    // Before those that judge: what they find comes after the step in which it happened.
    recorder?.attach(world);
    this.faults = new Faults({
      world,
      mesh,
      hosts: this.hosts,
      onStartFailed: (host, error) => this.fail(`node ${host.name}`, error),
      onDeath: (host) => this.#died(host),
    });
    this.waits = new Waits(() => world.nowMs, keepsSites);
    this.conditions = new Conditions(world.kernel);
    this.grants = new Grants(() => this.faults.isActive || this.#spoils.size > 0);
    this.trail = new EventTrail(world.kernel);
    const { kernel } = world;
    const { faults, hosts, points } = this;
    this.#chance = new FaultSteps({ kernel, hosts, faults, points });
    this.#judge = options.checks === 'none' ? null : this.#createJudge(mesh);
    for (const each of [this.grants, new AcquireWaits(this.waits)]) world.watch(each);
    world.watch({ onStep: (seen) => this.points.onStep(seen), onTurn: () => this.#onTurn() });
  }

  get nowMs(): number {
    return this.world.nowMs;
  }

  get failure(): StageFailure | null {
    return this.#failure;
  }

  /** The run is over; the first failure is the one that is told. */
  fail(source: string, error: unknown): void {
    if (this.#failure !== null) return;
    this.#failure = { source, error, atMs: this.nowMs };
    this.#recorder?.onViolation(source, error instanceof Error ? error.message : String(error));
  }

  /** The faults that come by themselves begin to count their time. */
  arm(): void {
    this.#chance.arm(this.#steps);
  }

  /** What the peers agree on; those that differ refuse each other. */
  get mesh(): { lease: number; quorum: number; replicas: number; voters: readonly string[] } {
    const mesh = this.options.nodes[0]?.resolved.mesh;
    const { leaseMs: lease = 0, quorum = 0, replicas = 0, voters = [] } = mesh ?? {};
    return { lease, quorum, replicas, voters };
  }

  /** Lets `run` happen outside of all machines. */
  later(delayMs: number, run: () => void): { cancel(): void } {
    const { kernel } = this.world;
    const act = (): void => {
      kernel.noteMicrotasks();
      run();
    };
    const delayUs = Math.round(delayMs * 1_000);
    const detail = 'scenario';
    const task = kernel.after(delayUs, { kind: 'sleep', actor: null, detail, run: act });
    return {
      cancel: () => {
        task.isCancelled = true;
      },
    };
  }

  /**
   * The author makes something go wrong.
   *
   * @returns what ends it; further calls do nothing
   */
  begin(fault: Fault): () => void {
    this.#judge?.note(fault);
    return this.faults.begin(fault);
  }

  /** The author stops a clock. */
  noteFrozen(): void {
    this.#judge?.noteFrozen();
  }

  /** Goals that were reached: the scenario's, and those of the library's own campaigns. */
  get witnessed(): readonly string[] {
    return [...this.witness.reached, ...(this.#judge?.witnessed ?? [])].sort();
  }

  /** Something was made wrong, which `end` makes right: once, at `heal` if not before. */
  spoil(end: () => void): () => void {
    const undo = (): void => {
      if (this.#spoils.delete(undo)) end();
    };
    this.#spoils.add(undo);
    return undo;
  }

  /** Nothing is wrong any more, and nothing goes wrong by itself. */
  heal(): void {
    for (const undo of this.#spoils) undo();
    this.#chance.stop();
    this.faults.healAll();
  }

  /** Nothing happens any more, whoever still holds on to a node. */
  end(): void {
    for (const { process } of this.world.hosts.values()) process.die();
  }

  #died(host: Host): void {
    this.#judge?.onDeath(host);
    for (const tell of this.onDeath) tell(host);
  }

  #createJudge(mesh: PlanMesh): Judge {
    return new Judge({
      ...{ mesh, world: this.world, steps: this.#steps },
      isStrict: this.options.nodes.some(({ resolved }) => resolved.mesh.maxClockDrift < 0.01),
      onViolation: (violation) => {
        const isMeant = this.options.checks === 'all' || promises.has(violation.check);
        if (isMeant) this.fail(violation.check, violation);
      },
    });
  }

  /** Who waits for something is told after all that judges the turn. */
  #onTurn(): void {
    // A peer closes by itself for a bug only, as no two nodes have one id.
    for (const { host, error } of this.world.failures.splice(0)) {
      const message = `The peer of ${host.name} closed by itself: ${String(error)}`;
      this.fail('crash', new Violation('crash', message, this.nowMs));
    }
    this.points.onTurn();
    this.conditions.onTurn();
  }
}
