/**
 * A mesh that is large in one way, with something that goes wrong on its way: the same scenario in
 * two sizes, of which `npm test` runs the small one, and `npm run scale` the one that gave the
 * name.
 */

import { runSim, type Sim, type SimOptions, type SimReport } from '../../src/sim/index.ts';

/** A scenario, and the mesh that it is for. */
export interface Shape {
  /** `100,000 held locks`. */
  readonly name: string;
  readonly options: SimOptions;
  /** @returns what it has checked, for people */
  run(sim: Sim): Promise<readonly string[]>;
}

/** What a shape has come to. */
export interface Shown {
  readonly checked: readonly string[];
  readonly report: SimReport;
}

/** Runs a shape in the simulator. @throws {SimFailure} at the first promise that is broken */
export async function show({ options, run }: Shape): Promise<Shown> {
  let checked: readonly string[] = [];
  const report = await runSim(options, async (sim) => {
    checked = await run(sim);
  });
  return { checked, report };
}

/** `100,000`. */
export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}
