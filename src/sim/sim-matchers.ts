/**
 * What can be expected of simulations, for `expect` of vitest, or of whatever has matchers of that
 * form.
 */

import { refuse } from './refusals.ts';
import type { SimReport } from './run-sim.ts';
import { Sim } from './sim.ts';
import { SimTimeoutError } from './sim-errors.ts';

/** The matchers that `lockmesh/sim/vitest` adds. */
export interface SimMatchers {
  /**
   * Of a `Sim`: all that is wrong ends, and then every node is up, ready, and sees every voter vote
   * within so many milliseconds of virtual time. Await it.
   */
  toConvergeWithin(ms: number): Promise<void>;
  /** Of a `Sim`, or the report of a simulation: the goal was reached. */
  toHaveWitnessed(goal: string): void;
}

/** What a matcher finds. */
export interface SimVerdict {
  /** Whether it is as expected. */
  readonly pass: boolean;
  /** What to say when it is not, or should not be. */
  readonly message: () => string;
}

/** To be given to `expect.extend`. */
export const simMatchers = {
  async toConvergeWithin(received: unknown, ms: number): Promise<SimVerdict> {
    if (!(received instanceof Sim))
      return refuse('expect', 'toConvergeWithin takes a Sim', received);
    try {
      await received.converge(ms);
      return { pass: true, message: () => `The mesh converges within ${ms} ms` };
    } catch (error) {
      if (!(error instanceof SimTimeoutError)) throw error;
      return { pass: false, message: () => `The mesh does not converge: ${error.message}` };
    }
  },

  toHaveWitnessed(received: unknown, goal: string): SimVerdict {
    if (!hasWitnessed(received)) {
      return refuse('expect', 'toHaveWitnessed takes a Sim, or the report of one', received);
    }
    const { witnessed } = received;
    const known = witnessed.map((each) => JSON.stringify(each)).join(', ') || 'nothing';
    return {
      pass: witnessed.includes(goal),
      message: () => `${JSON.stringify(goal)} is expected; witnessed: ${known}`,
    };
  },
};

function hasWitnessed(value: unknown): value is Pick<SimReport, 'witnessed'> {
  const isObject = typeof value === 'object' && value !== null;
  return isObject && 'witnessed' in value && Array.isArray(value.witnessed);
}
