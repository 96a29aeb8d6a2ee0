/**
 * What goes wrong in a simulation, as errors.
 */

import { formatMs } from './waits.ts';

/** What was waited for did not come about in time. */
export class SimTimeoutError extends Error {
  override readonly name = 'SimTimeoutError';
  /** Stable: branch on this rather than on the message. */
  readonly code = 'ERR_SIM_TIMEOUT';
}

/**
 * A run came to a standstill: its time was over, or nothing was left to happen, and the scenario
 * had not ended. The message lists who was waiting for what.
 */
export class SimHangError extends Error {
  override readonly name = 'SimHangError';
  /** Stable: branch on this rather than on the message. */
  readonly code = 'ERR_SIM_HANG';
  /** Who was waiting for what, since when, and where in the code that was asked. */
  readonly waits: readonly string[];

  /** @internal */
  constructor(
    why: string,
    { waits, nodes }: { readonly waits: readonly string[]; readonly nodes: readonly string[] },
  ) {
    const waiting = waits.length > 0 ? waits : ['nobody waits for anything that is simulated'];
    super([why, 'Waiting:', ...indented(waiting), 'Nodes:', ...indented(nodes)].join('\n'));
    this.waits = waits;
  }
}

/** Two runs of one seed were not the same: the scenario depends on something besides the seed. */
export class SimDifferenceError extends Error {
  override readonly name = 'SimDifferenceError';
  /** Stable: branch on this rather than on the message. */
  readonly code = 'ERR_SIM_DIFFERENCE';
}

/** Goals that none of the seeds has reached. */
export class SimGoalsError extends Error {
  override readonly name = 'SimGoalsError';
  /** Stable: branch on this rather than on the message. */
  readonly code = 'ERR_SIM_GOALS';
  /** The goals, sorted. */
  readonly goals: readonly string[];

  /** @internal */
  constructor(goals: readonly string[], seeds: number) {
    const names = goals.map((goal) => JSON.stringify(goal)).join(', ');
    super(`Never reached in ${seeds === 1 ? 'one seed' : `${seeds} seeds`}: ${names}`);
    this.goals = goals;
  }
}

/** The fields of a {@link SimFailure}. */
export interface SimFailureDetails {
  /** When, in milliseconds of virtual time. */
  readonly at: number;
  /** What went wrong: the scenario's own error, or what a check found. */
  readonly cause: unknown;
  /** The last things that happened, in order. */
  readonly events: readonly string[];
  /** The faults that were needed, in the words of plans; empty where none was. */
  readonly faults: readonly string[];
  /** How to repeat it, on one line. */
  readonly repeat: string;
  /** The seed that failed. */
  readonly seed: number;
  /** Who told: `scenario`, `node a`, `hang`, `real world`, or the name of a check. */
  readonly source: string;
  /** Names the very run, for the option `replay`. */
  readonly token: string;
}

/** How many of the last events a message shows. */
const shownMax = 12;

/** A run of a simulation failed; the message says how to repeat it. */
export class SimFailure extends Error implements Omit<SimFailureDetails, 'cause'> {
  override readonly name = 'SimFailure';
  /** Stable: branch on this rather than on the message. */
  readonly code = 'ERR_SIM_FAILURE';
  /** When, in milliseconds of virtual time. */
  readonly at: number;
  /** The last things that happened, in order. */
  readonly events: readonly string[];
  /** The faults that were needed, in the words of plans; empty where none was. */
  readonly faults: readonly string[];
  /** How to repeat it, on one line. */
  readonly repeat: string;
  /** The seed that failed. */
  readonly seed: number;
  /** Who told: `scenario`, `node a`, `hang`, `real world`, or the name of a check. */
  readonly source: string;
  /** Names the very run, for the option `replay`. */
  readonly token: string;

  /** @internal */
  constructor(details: SimFailureDetails) {
    super(messageOf(details), { cause: details.cause });
    this.at = details.at;
    this.events = details.events;
    this.faults = details.faults;
    this.repeat = details.repeat;
    this.seed = details.seed;
    this.source = details.source;
    this.token = details.token;
  }
}

function messageOf({ at, cause, events, faults, repeat, seed, source }: SimFailureDetails): string {
  const what = cause instanceof Error ? cause.message : String(cause);
  return [
    `Seed ${seed} fails after ${formatMs(at)} (${source}): ${what}`,
    ...(faults.length > 0 ? ['Faults:', ...indented(faults)] : []),
    ...(events.length > 0 ? ['Last events:', ...indented(events.slice(-shownMax))] : []),
    `Repeat it: ${repeat}`,
  ].join('\n');
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`);
}
