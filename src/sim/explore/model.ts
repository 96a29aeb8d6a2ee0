/**
 * What can be searched: a model says where it starts and what may happen next, and what should be
 * true of it. A state is a fixed number of 32-bit integers; the engine stores all of them, so two
 * states are the same only if they are the same in every word.
 */

/** Takes a state; it is copied, so that the caller may use the array again. */
export type Emit = (next: Int32Array, action: number) => void;

/** Something that is true of some states. */
export interface Property {
  readonly name: string;
  readonly holds: (state: Int32Array) => boolean;
}

/** Something that must be true of states, with the reason where it is not. */
export interface Requirement {
  readonly name: string;
  /** @returns `null` where it is met, else what is wrong */
  readonly breach: (state: Int32Array) => string | null;
}

export interface Model {
  /** How many words a state has. */
  readonly width: number;
  /** Calls `emit` with each state to start from; its action is not looked at. */
  readonly initial: (emit: Emit) => void;
  /** Calls `emit` with each state that may come next, and the action that leads there. */
  readonly successors: (state: Int32Array, emit: Emit) => void;
  /** Brings a state into the one form that stands for all its symmetric images, in place. */
  readonly canonical?: (state: Int32Array) => void;
  /** An action that may always stay away, such as a fault. By default there is none. */
  readonly isOptional?: (action: number) => boolean;
  /** What is true in every state. */
  readonly always: readonly Requirement[];
  /** What is true wherever nothing has to happen any more. */
  readonly atRest: readonly Requirement[];
  /** What each must be true somewhere, or the search has shown little. */
  readonly sometimes: readonly Property[];
  /** What becomes true on every path, however it goes on. */
  readonly eventually: readonly Property[];
  /** What happens before an initial state, also in words. By default nothing does. */
  readonly prelude?: { readonly actions: readonly number[]; readonly steps: readonly string[] };
  /** An action in words, taken in `before`. */
  readonly describe: (action: number, before: Int32Array) => string;
  /** What the model keeps beside the states, in bytes, about. */
  readonly bytes?: () => number;
}

/** Where to stop before all is seen. */
export interface Limits {
  /** For states and what the model keeps. */
  readonly bytesMax: number;
  /** Asked now and then; `false` ends the search. */
  readonly hasTime: () => boolean;
}

/** A broken property and the shortest way there. */
export interface Breach {
  readonly property: string;
  readonly message: string;
  /** The actions from an initial state on; none where something never becomes true. */
  readonly actions: readonly number[];
  /** The same in words. */
  readonly steps: readonly string[];
}

/** What a search has seen. */
export interface Exploration {
  /** Distinct states. */
  readonly states: number;
  /** Initial states and all successors, repeated ones too. */
  readonly generated: number;
  /** States on the longest of the shortest paths, the initial one included. */
  readonly depth: number;
  /** Whether all that can be reached was seen. */
  readonly complete: boolean;
  /** Why not. */
  readonly stopped: 'memory' | 'time' | 'breach' | null;
  /** At most one: the search ends with the first, which is one of the nearest. */
  readonly violations: readonly Breach[];
  /** The names of `sometimes` that were seen. */
  readonly witnessed: readonly string[];
}
