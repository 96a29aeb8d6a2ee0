/**
 * What a scenario of parity is: written once, run in two worlds, and told in the same lines.
 */

import type { SimOptions, SimPeerOptions } from '../../src/sim/sim-options.ts';
import type { Net } from './net.ts';
import type { Story } from './story.ts';

export interface ParityScenario {
  readonly name: string;
  /** The mesh; both worlds are made of it. */
  readonly options: SimOptions;
  /** What happens, in the simulated world and in the real one. */
  readonly tells: readonly string[];
  /** What faults must have done, in both: a scenario in which they do nothing shows nothing. */
  readonly effects: readonly string[];
  /** Whether nodes are paused: those of the real run then have a thread each. */
  readonly pauses?: boolean;
  /** Topics in which the order of the lines is left to chance. */
  readonly unordered?: readonly string[];
  readonly play: (net: Net, story: Story) => Promise<void>;
}

/** For those who wait until one has run out. */
export const shortLease: SimPeerOptions = { lease: 1_000, prepareTimeout: 450 };

/** For those in whose run none should, however slow the machine. */
export const longLease: SimPeerOptions = { lease: 10_000, prepareTimeout: 2_000 };

/** Long enough that a claim is recorded everywhere, and a later one comes behind it. */
export const aWhileMs = 100;
