/**
 * What is known of a state of a core, and of each step that it was seen to take.
 */

import type { NodeSnapshot } from '../../protocol/index.ts';
import type { Failed, Lost } from '../../protocol/output.ts';

/** How a core says that a claim is over. */
export type Ended = 'failed' | 'lost' | 'stolen';

export function endedBy(output: Failed | Lost): Ended {
  return output.type === 'lost' && output.reason === 'stolen' ? 'stolen' : output.type;
}

/** What a step of a core does to the rest of the mesh. */
export type Effect =
  | { readonly do: 'send'; readonly to: number; readonly frame: number }
  | { readonly do: 'granted'; readonly claim: number; readonly token: number }
  | { readonly do: Ended; readonly claim: number }
  | { readonly do: 'unlink'; readonly peer: number }
  /** To be written to its state file; marks are numbered. */
  | { readonly do: 'persist'; readonly mark: number }
  /** The core threw: a bug. */
  | { readonly do: 'broke'; readonly message: string };

/** Where a step leads to. */
export interface Step {
  readonly next: number;
  readonly effects: readonly Effect[];
  /** Whether no claim has become valid or invalid by it, or been answered. */
  readonly isQuiet: boolean;
}

/** What is known of a core's state without asking it. */
export interface CoreState {
  readonly peer: number;
  readonly incarnation: number;
  readonly wall: number;
  /** What its state file covered when it started. */
  readonly mark: number;
  readonly snapshot: NodeSnapshot;
  /** A bit for each claim that is valid now, by its own clock. */
  readonly held: number;
  /** How many rounds and entries it keeps. */
  readonly kept: number;
  readonly isVoting: boolean;
  /** Whether one of its undecided rounds has given a vote back. */
  readonly hasYielded: boolean;
  /** Whether one of its rounds has been granted again. */
  readonly hasLingered: boolean;
  /** Whether one of its rounds has another token than its ticket. */
  readonly hasRaised: boolean;
  readonly steps: Map<number, Step>;
}
