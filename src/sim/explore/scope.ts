/**
 * What a search of the lock mesh covers: how many voters, which claims, and how many of each fault.
 */

import type { Patience, Resource } from '../../protocol/index.ts';
import type { PreludeStep } from './action.ts';

/** One claim of a client: asked for once, at any time, and released at any time. */
export interface ScopeClaim {
  /** The index of the peer that asks. */
  readonly peer: number;
  readonly resources: readonly Resource[];
  readonly patience: Patience;
  /** Whether its round may linger, for a lease. */
  readonly lingers?: boolean;
  /** Whether its client may downgrade it while it is held, at any time. */
  readonly downgrades?: boolean;
  /** Whether its client releases it only once it is lost, or all others are answered. */
  readonly hangs?: boolean;
}

/** How often each may happen, at most. */
export interface Budgets {
  /** A process dies for good. */
  readonly crashes: number;
  /** A process dies, its memory with it, and starts again. */
  readonly restarts: number;
  /** The connection of a pair breaks; each end sees it in its time; what is under way may go. */
  readonly breaks: number;
  /** A wall clock is set ahead or back, by a step of `jumpsMs`. */
  readonly jumps: number;
  /** Nearly half a lease passes. */
  readonly beats: number;
  /** A process stands still for such a beat, or its machine does, monotonic clock and all. */
  readonly pauses: number;
  /** A client gives up waiting. */
  readonly giveUps: number;
  /** A frame is lost, and its connection stands. */
  readonly losses: number;
}

export const noFaults: Budgets = Object.freeze({
  crashes: 0,
  restarts: 0,
  breaks: 0,
  jumps: 0,
  beats: 0,
  pauses: 0,
  giveUps: 0,
  losses: 0,
});

export interface MeshScope {
  readonly name: string;
  /** 1 to 5. */
  readonly voters: number;
  readonly quorum: number;
  /** How many voters a name has; all of them unless it is given. */
  readonly replicas?: number;
  /** At most 8. Names must not be those of peers, which are one letter from a on. */
  readonly claims: readonly ScopeClaim[];
  readonly budgets: Budgets;
  /** The peers that may die or restart. */
  readonly victims: readonly number[];
  /** Whether the end of a connection may be seen before the next one stands; else with it. */
  readonly seesDown: boolean;
  /** By how much a wall clock may be set. */
  readonly jumpsMs: readonly number[];
  /** While time passes, on how many directions something may be under way; on others it arrives. */
  readonly slowMax: number;
  /** Whether the search starts when all have met and vote; else when their processes start. */
  readonly isWarm: boolean;
  /** Whether peers that never claim are taken to be alike. */
  readonly isSymmetric: boolean;
  /** Whether one order of steps that commute stands for all. */
  readonly isReduced: boolean;
  /** Names of goals that must be witnessed. */
  readonly goals: readonly string[];
  /** What happens before the search, which leads to where it starts: by default nothing. */
  readonly prelude?: readonly PreludeStep[];
  /** In how long steps time passes, and in how many of them a beat. */
  readonly pace?: Pace;
  /** Directions on which signs of life, too, take as long as they like while time passes. */
  readonly withheld?: readonly (readonly [from: number, to: number])[];
  /**
   * Whether each peer keeps a state file, which a restart leaves as it is: written at once when the
   * core asks for it, or as late as may be.
   */
  readonly files?: 'none' | 'at-once' | 'late';
}

export interface Pace {
  /** In milliseconds, for each peer, or for all: clocks need not run at one rate. */
  readonly stepMs: number | readonly number[];
  readonly stepsOfBeat: number;
}

/** Time passes in steps of this length: idle links are heard twice before they count as silent. */
export const stepMs = 240;

export const usualPace: Pace = Object.freeze({ stepMs, stepsOfBeat: 2 });

/** All times follow from the lease, in milliseconds. */
export const leaseMs = 1_000;

/** Where a peer may die for good, claims that lack a quorum are to fail. */
export const prepareTimeoutMs = 1_500;

/** Where none does, every claim is to be granted: longer than any search goes on. */
export const patientMs = 1_000_000;

/** What the cores of a scope are told: where it is the same, what is known of them is shared. */
export interface CoreScope {
  readonly voters: number;
  readonly quorum: number;
  readonly replicas: number;
  readonly claims: readonly ScopeClaim[];
  readonly prepareTimeoutMs: number;
  readonly hasFiles: boolean;
  /** Whether numbers of frames matter: where none is lost but with its link, they do not. */
  readonly isCounted: boolean;
}

export function coreScopeOf(scope: MeshScope): CoreScope {
  const { budgets, claims, files = 'none', quorum, voters } = scope;
  const { replicas = voters } = scope;
  const timeoutMs = budgets.crashes > 0 ? prepareTimeoutMs : patientMs;
  const isCounted = budgets.losses > 0;
  const hasFiles = files !== 'none';
  return { voters, quorum, replicas, claims, prepareTimeoutMs: timeoutMs, hasFiles, isCounted };
}

/** How long a beat is, on the clock of the first peer. */
export function beatMsOf(scope: MeshScope): number {
  return stepMsOf(scope, 0) * (scope.pace ?? usualPace).stepsOfBeat;
}

/** How long a step is on a peer's clock. */
export function stepMsOf({ pace = usualPace }: MeshScope, peer: number): number {
  const { stepMs } = pace;
  return typeof stepMs === 'number' ? stepMs : (stepMs[peer] ?? stepMs[0] ?? 0);
}
