/**
 * expiry-tells-nobody: The entries of an expired session go, and those who wait behind them are not
 * voted for anew: they wait for a holder that is gone.
 *
 * Scope holder-dies; nothing is stuck: claim 2 is waiting for ever.
 */

import type { Sim, SimOptions } from '../../../src/sim/index.ts';
import { beatMs, meshOf, Staging } from '../staging.ts';

export const options: SimOptions = meshOf(['a', 'b', 'c'], 2);

export async function play(sim: Sim): Promise<void> {
  const staging = await Staging.begin(sim);
  const { steps } = staging;
  await staging.ask('a', 'x'); // 1. a: claim 1 asks for x (exclusive)
  await staging.ask('b', 'x'); // 2. b: claim 2 asks for x (exclusive)
  await steps.hear('c', 'a'); // 3. c hears from a: prepare round=1 x ticket=45932800000.32 token=45
  await steps.hear('a', 'c'); // 4. a hears from c: vote round=1 generation=1 token=45932800000.32 a
  sim.node('a').crash({ network: 'reset' }); // 5. a dies
  await steps.part('b', 'a'); // 6. b sees that its connection to a is gone, with all under way
  await steps.part('c', 'a'); // 7. c sees that its connection to a is gone, with all under way
  await steps.hear('c', 'b'); // 8. c hears from b: prepare round=1 x ticket=45932800000.42 token=45
  await steps.hear('b', 'c'); // 9. b hears from c: vote round=1 generation=2 token=45932800000.42 a
  await sim.sleep(beatMs); // 10. nearly half a lease passes
  await sim.sleep(beatMs); // 11. nearly half a lease passes
  await sim.sleep(beatMs); // 12. nearly half a lease passes
  await staging.end('x');
}
