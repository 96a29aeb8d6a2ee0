/**
 * Runs that failed once, each with its story. What was found stays found: seeds.test.ts replays
 * them all, and each has to pass.
 *
 * A token of a drawn plan (`s1.…`, `d1.…`) is good for as long as plans are drawn as they were;
 * when that changes, it is refused, and the plan that it named has to be kept in its place. So a
 * plan that was made small is best kept in full, as the failure has printed it.
 */

import type { Plan } from '../../src/sim/plan.ts';

export interface KeptSeed {
  /** What failed, and how: which check, and what had happened to make it fail. */
  readonly found: string;
  /** What the root was, and what was done about it. */
  readonly mended: string;
  /** The run: the token that a failure has printed, or its plan. */
  readonly run: string | Plan;
}

/** In the order in which they were found. */
export const keptSeeds: readonly KeptSeed[] = [];
