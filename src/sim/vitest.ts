/**
 * Simulations as tests of vitest.
 *
 * @module
 */

import { env } from 'node:process';
import { expect, type TestContext, test } from 'vitest';
import { resolveSim } from './resolve-sim.ts';
import type { Scenario } from './run-once.ts';
import { runSeeds } from './run-sim.ts';
import { type SimMatchers, simMatchers } from './sim-matchers.ts';
import type { SimOptions } from './sim-options.ts';
import { parseToken } from './sim-token.ts';

export type { Scenario, SimMatchers, SimOptions };

declare module 'vitest' {
  interface Matchers<T> extends SimMatchers {}
}

expect.extend(simMatchers);

/** The environment variable that names the run to repeat. */
const replayVariable = 'LOCKMESH_SIM_REPLAY';

/** How long a test may take in real time, unless it says so: it ends in virtual time by itself. */
const wallMsMax = 600_000;

/** The options of a test: those of a simulation, and one more. */
export interface SimTestOptions extends SimOptions {
  /**
   * How long all seeds together may take in real time, in milliseconds; then vitest gives up.
   *
   * @default 600_000
   */
  readonly wallTimeout?: number;
}

/** Declares a test that runs a scenario with each seed; see {@link simTest}. */
export type DeclareSimTest = (name: string, options: SimTestOptions, scenario: Scenario) => void;

/** {@link simTest}, with ways to run only some. */
export interface SimTest extends DeclareSimTest {
  /** Declares the test, and lets no others of the file run. */
  readonly only: DeclareSimTest;
  /** Declares the test, and does not run it. */
  readonly skip: DeclareSimTest;
}

/** How vitest declares a test. */
type Declare = (
  name: string,
  options: { readonly timeout: number },
  body: (context: TestContext) => Promise<void>,
) => void;

/**
 * Declares one test of vitest that runs a scenario with each of its seeds; see `runSim` of
 * `lockmesh/sim` for what a scenario is. A failure prints the line that repeats the run that
 * failed, and nothing but that: with `LOCKMESH_SIM_REPLAY` set to its token, tests with other
 * options are skipped.
 */
export const simTest: SimTest = Object.freeze(
  Object.assign(declaring(test), { only: declaring(test.only), skip: declaring(test.skip) }),
);

function declaring(declare: Declare): DeclareSimTest {
  return (name, { wallTimeout = wallMsMax, ...options }, scenario) => {
    declare(name, { timeout: wallTimeout }, async (context) => {
      const replay = options.replay || env[replayVariable];
      const isOther = replay && parseToken(replay).fingerprint !== resolveSim(options).fingerprint;
      if (isOther && !options.replay)
        context.skip(`${replayVariable} names a run of other options`);
      const describeRepeat = (token: string): string => lineFor(token, context);
      await runSeeds({ ...options, replay }, scenario, describeRepeat);
    });
  };
}

/** The command that repeats one run of one test. */
function lineFor(token: string, { task }: TestContext): string {
  const pattern = task.name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&').replaceAll("'", "'\\''");
  return `${replayVariable}=${token} npx vitest run ${task.file.name} -t '${pattern}'`;
}
