/**
 * What is known of a run when it is over.
 */

import type { Tally } from './clients.ts';
import type { Plan } from './plan.ts';
import type { Task } from './task.ts';

/** How a run came out. */
export type Verdict = 'safe' | 'unsafe' | 'stuck' | 'crashed';

/** What went wrong, where something did. */
export interface RunFailure {
  /** The check that found it. */
  readonly check: string;
  readonly message: string;
  /** In true time. */
  readonly atMs: number;
}

/** What is known of a run. Of two runs of one plan all of it is equal. */
export interface RunReport {
  readonly plan: Plan;
  readonly verdict: Verdict;
  readonly failure: RunFailure | null;
  readonly simulatedMs: number;
  /** What became of the clients' calls. */
  readonly tally: Tally;
  /** Grants of clients' claims, after the mesh had started. */
  readonly grants: number;
  /** Those while a fault was active, or half a second after one. */
  readonly grantsUnderFault: number;
  readonly frames: number;
  /** Messages of the protocol that were delivered. */
  readonly messages: number;
  /** Those after the mesh had started. */
  readonly messagesOnceUp: number;
  readonly tasks: number;
  readonly effects: Readonly<Record<string, number>>;
  /** Goals that were reached. */
  readonly witnessed: readonly string[];
  /** What the cores went through: see coverage.ts. */
  readonly tuples: readonly string[];
  readonly hash: string;
  /** The hash after each thousand tasks. */
  readonly checkpoints: readonly string[];
  /** The latest tasks, where it failed. */
  readonly recent: readonly Task[];
}

/** What a run that fails a check came to. */
export function verdictOf(check: string): Verdict {
  switch (check) {
    case 'crash':
      return 'crashed';
    case 'circles':
    case 'halt':
    case 'liveness':
    case 'leaks':
    case 'rest':
      return 'stuck';
    default:
      return 'unsafe';
  }
}
