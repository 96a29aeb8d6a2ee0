/**
 * Runs a scenario with one seed after the other, until one fails; and then finds out what little is
 * needed for that, and says how to repeat it.
 */

import { isFault } from './acts.ts';
import { describeStepBy } from './describe-plan.ts';
import { differenceOf } from './determinism.ts';
import type { FaultStep } from './fault-steps.ts';
import { fewest } from './fewest.ts';
import { installGuards } from './guards.ts';

import { refuse } from './refusals.ts';
import { meshOf, type ResolvedSim, resolveSim, scenarioOf } from './resolve-sim.ts';
import { RollingHash } from './rolling-hash.ts';
import { type OneRun, runOnce, type Scenario } from './run-once.ts';
import { SimDifferenceError, SimFailure, SimGoalsError } from './sim-errors.ts';
import type { SimOptions } from './sim-options.ts';
import { drawFaultSteps, isSwarm } from './sim-swarm.ts';
import { formatToken, parseToken, type SimRunName } from './sim-token.ts';
import { TraceRecorder } from './trace/recorder.ts';
import { Witness } from './witness.ts';

/** What a simulation has come to. */
export interface SimReport {
  /** What faults have done, by kind of effect. */
  readonly effects: Readonly<Record<string, number>>;
  /** Locks that were granted. */
  readonly grants: number;
  /** Those that were granted while something was wrong. */
  readonly grantsUnderFault: number;
  /** Of all that happened: equal for equal runs. */
  readonly hash: string;
  /** Frames between peers that carried no message, and only renewed leases. */
  readonly keepAlives: number;
  /** Messages between peers that were delivered. */
  readonly messages: number;
  /** How many seeds were run. */
  readonly seeds: number;
  /** Virtual time that went by in all, in milliseconds. */
  readonly simulatedMs: number;
  /**
   * The goals that were reached, sorted: those of the scenario and, with `checks`, situations that
   * the library's own campaigns look for, such as `a claim was lost by its lease`.
   */
  readonly witnessed: readonly string[];
}

/** How a failure is repeated, in words for one line. */
export type DescribeRepeat = (token: string) => string;

/** How often a failing seed is run again to see which of its faults it needs. */
const shrinkRunsMax = 120;

/**
 * Runs a scenario on a simulated mesh: real peers on simulated clocks, disks and connections, all
 * of it from a seed. The scenario, and the programs that it puts on the nodes, are ordinary async
 * code, and run the same each time, as long as they take time and chance from what they are given;
 * a clock, a timer or chance of the real world throws, and fails the run.
 *
 * Takes no real time but for what is computed. Any number of simulations may run in one process, at
 * the same time, too.
 *
 * @returns what happened, once every seed has passed
 * @throws {SimFailure} at the first seed that fails: the scenario or a program threw, a check found
 * a broken promise, something of the real world was called, or nobody came any further
 * @throws {SimGoalsError} when a goal was reached in none of the seeds
 * @throws `TypeError` for impossible options, or a token of another version or other options
 * @throws {ConfigError} for impossible options of the peers
 */
export async function runSim(options: SimOptions, scenario: Scenario): Promise<SimReport> {
  return await runSeeds(options, scenario, (token) => `runSim({ …, replay: '${token}' }, …)`);
}

/** The same, with words of one's own for how to repeat a failure. */
export async function runSeeds(
  options: SimOptions,
  scenario: Scenario,
  describeRepeat: DescribeRepeat,
): Promise<SimReport> {
  const sim = resolveSim(options);
  const name = options.replay ? nameOf(options.replay, sim) : null;
  const uninstall = installGuards();
  try {
    const seeds = new Seeds(sim, scenarioOf(scenario), describeRepeat);
    if (name !== null) await seeds.run(name.seed, name.kept);
    else for (const seed of sim.seeds) await seeds.run(seed, null);
    seeds.tellTrace();
    return seeds.report(name === null);
  } finally {
    uninstall();
  }
}

/** @throws `TypeError` when the token names a run with other options */
function nameOf(token: string, { fingerprint }: ResolvedSim): SimRunName {
  const name = parseToken(token);
  if (name.fingerprint === fingerprint) return name;
  const wanted = `the token must be one of these options, with ${fingerprint} in it`;
  return refuse('replay', `${wanted}: nodes, peer, network, faults or cold have changed`, token);
}

/** The runs of one simulation. */
class Seeds {
  readonly #sim: ResolvedSim;
  readonly #scenario: Scenario;
  readonly #describeRepeat: DescribeRepeat;
  readonly #witness = new Witness();
  readonly #witnessed = new Set<string>();
  readonly #effects = new Map<string, number>();
  readonly #hash = new RollingHash();
  #recorder: TraceRecorder | undefined;
  readonly #sums = {
    ...{ grants: 0, grantsUnderFault: 0, keepAlives: 0, messages: 0 },
    ...{ seeds: 0, simulatedMs: 0 },
  };

  constructor(sim: ResolvedSim, scenario: Scenario, describeRepeat: DescribeRepeat) {
    this.#sim = sim;
    this.#scenario = scenario;
    this.#describeRepeat = describeRepeat;
  }

  /** @throws {SimFailure} */
  async run(seed: number, kept: readonly number[] | null): Promise<void> {
    const all = stepsOf(this.#sim, seed);
    const indices = kept ?? all.map((_, index) => index);
    const isLast = kept !== null || seed === this.#sim.seeds.at(-1);
    const recorder = isLast ? this.#createRecorder() : undefined;
    const run = await this.#play(seed, pick(all, indices), recorder);
    if (run.failure !== null) {
      // What a token names was made small before.
      const needed = kept ?? (await this.#needed(run, all));
      const isSmaller = needed.length < indices.length;
      const isTraced = this.#sim.onTrace !== null;
      const isToldAll = !isSmaller && run.failure.source !== 'hang' && !isTraced;
      const last = isToldAll ? run : await this.#retold(run, pick(all, needed));
      this.tellTrace();
      throw this.#failureOf(last, all, needed);
    }
    if (this.#sim.twice) await this.#compare(run, pick(all, indices));
    this.#add(run);
  }

  /** @throws {SimGoalsError} */
  report(needsGoals: boolean): SimReport {
    for (const goal of this.#sim.goals) this.#witness.note(goal, this.#witnessed.has(goal));
    const { missed } = this.#witness;
    const { seeds } = this.#sums;
    if (needsGoals && missed.length > 0) throw new SimGoalsError(missed, seeds);
    const effects = [...this.#effects].sort(([one], [other]) => (one < other ? -1 : 1));
    return {
      ...this.#sums,
      effects: Object.fromEntries(effects),
      hash: this.#hash.digest,
      witnessed: [...this.#witnessed].sort(),
    };
  }

  /** Hands over what was recorded last. */
  tellTrace(): void {
    if (this.#recorder !== undefined) this.#sim.onTrace?.(this.#recorder.trace());
  }

  /** Of the run that is told of, if anybody wants its trace. */
  #createRecorder(): TraceRecorder | undefined {
    this.#recorder = this.#sim.onTrace === null ? undefined : new TraceRecorder();
    return this.#recorder;
  }

  #play(seed: number, steps: readonly FaultStep[], recorder?: TraceRecorder): Promise<OneRun> {
    return runOnce({ sim: this.#sim, seed, steps, recorder }, this.#scenario);
  }

  /** The same failure with what it needs, and with all that can be told of it. */
  async #retold(run: OneRun, steps: readonly FaultStep[]): Promise<OneRun> {
    const recorder = this.#createRecorder();
    const setup = { sim: this.#sim, seed: run.seed, steps, keepsSites: true, recorder };
    const last = await runOnce(setup, this.#scenario);
    // A scenario that is not the same each time may well pass.
    return last.failure?.source === run.failure?.source ? last : run;
  }

  /** The indices of the faults without which it would not fail, or not like that. */
  async #needed({ seed, failure }: OneRun, all: readonly FaultStep[]): Promise<readonly number[]> {
    const indices = all.map((_, index) => index);
    if (!this.#sim.shrinks) return indices;
    const isSame = async (some: readonly number[]): Promise<boolean> => {
      const run = await this.#play(seed, pick(all, some));
      return run.failure !== null && run.failure.source === failure?.source;
    };
    return await fewest(indices, isSame, shrinkRunsMax);
  }

  async #compare(run: OneRun, steps: readonly FaultStep[]): Promise<void> {
    const { seed } = run;
    const setup = { sim: this.#sim, seed, steps };
    const difference = await differenceOf(run, (onTask) => {
      return runOnce(onTask === undefined ? setup : { ...setup, onTask }, this.#scenario);
    });
    if (difference === null) return;
    const { event, first, second } = difference;
    const message = `Two runs of one seed differ at event ${event}: ${first}; then ${second}`;
    const error = new SimDifferenceError(message);
    const failure = { source: 'twice', error, atMs: run.simulatedMs };
    throw this.#failureOf({ ...run, failure }, [], []);
  }

  #failureOf(
    { seed, failure, events }: OneRun,
    all: readonly FaultStep[],
    needed: readonly number[],
  ): SimFailure {
    const kept = needed.length < all.length ? needed : null;
    const token = formatToken({ fingerprint: this.#sim.fingerprint, seed, kept });
    return new SimFailure({
      at: failure?.atMs ?? 0,
      cause: failure?.error,
      events,
      faults: pick(all, needed).map((step) => describeStepBy(step, (host) => this.#nameOf(host))),
      repeat: this.#describeRepeat(token),
      seed,
      source: failure?.source ?? 'scenario',
      token,
    });
  }

  #nameOf(host: number): string {
    return this.#sim.nodes[host]?.id ?? String(host);
  }

  #add(run: OneRun): void {
    const sums = this.#sums;
    sums.seeds += 1;
    sums.grants += run.grants;
    sums.grantsUnderFault += run.grantsUnderFault;
    sums.keepAlives += run.keepAlives;
    sums.messages += run.messages;
    sums.simulatedMs += run.simulatedMs;
    this.#hash.text(run.hash);
    this.#witness.merge(run.witness);
    for (const goal of run.witnessed) this.#witnessed.add(goal);
    for (const [effect, count] of Object.entries(run.effects)) {
      this.#effects.set(effect, (this.#effects.get(effect) ?? 0) + count);
    }
  }
}

/** What goes wrong by itself with a seed. */
function stepsOf(sim: ResolvedSim, seed: number): readonly FaultStep[] {
  const { faults } = sim;
  if (faults === null) return [];
  if (isSwarm(faults)) return drawFaultSteps(faults, seed, meshOf(sim, seed));
  return faults.steps.flatMap(({ when, act }): FaultStep[] => {
    return isFault(act) ? [{ when, act }] : [];
  });
}

function pick(all: readonly FaultStep[], indices: readonly number[]): readonly FaultStep[] {
  return all.filter((_, index) => indices.includes(index));
}
