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
export const keptSeeds: readonly KeptSeed[] = [
  {
    found:
      'Liveness, by seed 1794 of the swarm: two voters, lease 500 ms. A partition cut their ' +
      'link, and the first message of the next handshake was lost: for 5 s neither had a link ' +
      'to the other, where 1.8 s and some trips were allowed.',
    mended:
      'A connection in its handshake was given 5 s, whatever the lease. It is given up after ' +
      'half a lease of silence now, as a link is (rule 6.2), but not before 250 ms.',
    run: 'p1.AYIOAgAC9ANkDgDoB5QOAAKwCRAAAgABAACsArAJDwABAMCaDIQH.1a8hg9n',
  },
];
