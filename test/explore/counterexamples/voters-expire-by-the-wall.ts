/**
 * voters-expire-by-the-wall: Voters expire sessions by the clock by which coordinators count, wall
 * clock included. One whose wall clock is set forward, or runs ahead for long, frees what is still
 * held.
 *
 * Scope hunt-jump; promises: Broken invariant: a session outlives its link.
 */

import type { Sim, SimOptions } from '../../../src/sim/index.ts';
import { meshOf, Staging } from '../staging.ts';

export const options: SimOptions = meshOf(['a', 'b', 'c'], 2);

export async function play(sim: Sim): Promise<void> {
  const staging = await Staging.begin(sim);
  sim.node('a').clock.jump(90000); // 1. the wall clock of a is set by 1500 ms
  await staging.ask('a', 'x'); // 2. a: claim 1 asks for x (exclusive)
  await staging.ask('b', 'x'); // Not asked for so far.
  await staging.end('x');
}
