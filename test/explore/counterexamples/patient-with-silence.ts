/**
 * patient-with-silence: A silent link is given two leases to recover, for the sake of slow
 * networks. The session on it ends before the link does.
 *
 * Scope lone-silence; promises: Broken invariant: a session outlives its link.
 */

import type { Sim, SimOptions } from '../../../src/sim/index.ts';
import { beatMs, meshOf, Staging } from '../staging.ts';

export const options: SimOptions = meshOf(['a', 'b'], 2);

export async function play(sim: Sim): Promise<void> {
  const staging = await Staging.begin(sim);
  await staging.ask('a', 'x'); // 1. a: claim 1 asks for x (exclusive)
  await sim.sleep(beatMs); // 2. nearly half a lease passes
  await sim.sleep(beatMs); // 3. nearly half a lease passes
  await sim.sleep(beatMs); // 4. nearly half a lease passes
  await staging.end('x');
}
