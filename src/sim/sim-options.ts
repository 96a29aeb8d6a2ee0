/**
 * What a simulation may be told, in the form users write it. Checked and completed by
 * resolve-sim.ts.
 */

import type { PeerOptions } from '../peer/options.ts';
import type { Latency } from './latency.ts';
import type { Plan } from './plan.ts';
import type { Swarm } from './sim-swarm.ts';
import type { Trace } from './trace/trace-event.ts';

/** A network by name; see {@link SimOptions.network}. */
export type SimNetwork = 'loopback' | 'local' | 'region' | 'world' | 'jittery';

/** How the clocks of a node differ from true time when the run begins. */
export interface SimClockOptions {
  /**
   * By how many millionths the monotonic clock is fast; negative when it is slow. Peers count on
   * less than their `maxClockDrift`, 10,000 by default.
   *
   * @default drawn from the seed, -100 to 100
   */
  readonly drift?: number;
  /**
   * How far the wall clock is ahead, in milliseconds; negative when it is behind.
   *
   * @default drawn from the seed, -50 to 50
   */
  readonly offset?: number;
}

/** One node: a machine, and the peer on it. */
export interface SimNodeOptions {
  /** How its clocks differ from true time. */
  readonly clock?: SimClockOptions;
  /**
   * Whether its peer keeps a state file.
   *
   * @default false
   */
  readonly disk?: boolean;
  /** The id of its peer, too: 1 to 32 of `a-z 0-9 -`, beginning with a letter. */
  readonly id: string;
  /**
   * Whether its peer is one of the voters; if not, the mesh has `members`.
   *
   * @default true
   */
  readonly votes?: boolean;
}

/** The options of `createPeer` that a simulation does not set by itself. */
export type SimPeerOptions = Omit<
  PeerOptions,
  'id' | 'insecure' | 'listen' | 'members' | 'stateFile' | 'tls' | 'trace' | 'voters'
>;

/** How to run a simulation. */
export interface SimOptions {
  /**
   * Whether the library's own promises are checked in each run, exclusion and fencing above all,
   * and with them each step that a peer takes to keep them; or, with `'promises'`, they alone.
   *
   * @default true
   */
  readonly checks?: boolean | 'promises';
  /**
   * Whether the scenario begins as soon as the processes start, rather than when every peer is
   * ready.
   *
   * @default false
   */
  readonly cold?: boolean;
  /**
   * What goes wrong by itself: `swarm()` draws faults from the seed; a plan brings its own, of
   * which the operations and the mesh are left out.
   *
   * @default nothing
   */
  readonly faults?: Swarm | Plan;
  /**
   * Goals that `sim.sometimes` must reach in at least one of the seeds, besides those that the
   * scenario names when it is run.
   *
   * @default none
   */
  readonly goals?: readonly string[];
  /**
   * How long a message takes from node to node: about 0.05 ms (`loopback`), 0.3 ms (`local`), 1.5
   * ms with a long tail (`region`), 40 to 120 ms (`world`), 0.5 ms and one in a thousand 200 ms
   * (`jittery`); a number of milliseconds, always the same; or a distribution.
   *
   * @default 'local'
   */
  readonly network?: SimNetwork | Latency | number;
  /**
   * The nodes: how many (1 to 256, called `a`, `b`, `c` …), or their ids, or one by one. At
   * most 32 of them vote.
   *
   * @default 3
   */
  readonly nodes?: number | readonly (string | SimNodeOptions)[];
  /**
   * The options of the peers, the same for all or for each. Peers that differ in an option of the
   * mesh refuse each other, as anywhere. They log nothing unless given a `logger`.
   *
   * @default those of `createPeer`
   */
  readonly peer?: SimPeerOptions | ((node: { readonly id: string }) => SimPeerOptions);
  /**
   * Repeats the one run that the token of a failure names, instead of the seeds. For `undefined`
   * and `''` the seeds are run.
   */
  readonly replay?: string | undefined;
  /**
   * The seeds: run one after the other until one fails. A number runs 1 to that many; a list runs
   * those. More seeds find more; each costs as much as the scenario.
   *
   * @default 1
   */
  readonly seeds?: number | readonly number[];
  /**
   * Whether to look for the fewest faults that still make a failing seed fail, by running it again
   * with some left out.
   *
   * @default true
   */
  readonly shrink?: boolean;
  /**
   * How long the scenario may take, in milliseconds of virtual time. Then the run fails, and says
   * who was waiting for what.
   *
   * @default 600_000
   */
  readonly timeout?: number;
  /**
   * Is given the trace of the run that is told of: of a seed that fails, with the fewest faults
   * that make it fail; else of the last seed, or of the one run of `replay`. To be drawn by
   * `traceToHtml`, for one.
   *
   * @default none is recorded
   */
  readonly trace?: (trace: Trace) => void;
  /**
   * Whether each seed is run twice, and fails when the two runs differ: the scenario then depends
   * on something besides the seed.
   *
   * @default false
   */
  readonly twice?: boolean;
}
