/**
 * failed-claims-live-on: A claim that fails as too few answer is not ended, since hardly anybody
 * would hear the ABORT. When the voters are back it is granted, and nobody is there to release it.
 *
 * Scope hunt-pair-time; promises: claim 2 is failed, and was over.
 */

import type { Sim, SimOptions } from '../../../src/sim/index.ts';
import { beatMs, meshOf, Staging } from '../staging.ts';

export const options: SimOptions = meshOf(['a', 'b'], 2);

export async function play(sim: Sim): Promise<void> {
  const staging = await Staging.begin(sim);
  const { steps } = staging;
  await staging.ask('a', 'x'); // 1. a: claim 1 asks for x (exclusive)
  await staging.ask('b', 'x'); // 2. b: claim 2 asks for x (exclusive)
  await sim.sleep(beatMs); // 3. nearly half a lease passes
  await sim.sleep(beatMs); // 4. nearly half a lease passes
  await sim.sleep(beatMs); // 5. nearly half a lease passes
  await steps.hear('b', 'a'); // 6. b hears from a: prepare round=1 x ticket=45932800000.32 token=45
  await sim.sleep(beatMs); // 7. nearly half a lease passes
  await staging.end('x');
}
