/**
 * expiry-tells-nobody: The entries of an expired session go, and those who wait behind them are not
 * voted for anew: they wait for a holder that is gone.
 *
 * Scope hunt-crash-time; nothing is stuck: claim 2 is waiting for ever.
 */

import type { Sim, SimOptions } from '../../../src/sim/index.ts';
import { beatMs, meshOf, Staging } from '../staging.ts';

export const options: SimOptions = meshOf(['a', 'b', 'c'], 2);

export async function play(sim: Sim): Promise<void> {
  const staging = await Staging.begin(sim);
  const { steps } = staging;
  await sim.sleep(beatMs); // 1. nearly half a lease passes
  await sim.sleep(beatMs); // 2. nearly half a lease passes
  await sim.sleep(beatMs); // 3. nearly half a lease passes
  await sim.sleep(beatMs); // 4. nearly half a lease passes
  await staging.ask('a', 'x'); // 5. a: claim 1 asks for x (exclusive)
  await steps.hear('b', 'a'); // 6. b hears from a: prepare round=1 x ticket=45932801920.1 token=459
  sim.node('a').crash({ network: 'reset' }); // 7. a dies
  await steps.part('b', 'a'); // 8. b sees that its connection to a is gone
  await steps.part('c', 'a'); // 9. c sees that its connection to a is gone, with all under way
  await staging.ask('b', 'x'); // 10. b: claim 2 asks for x (exclusive)
  await steps.hear('c', 'b'); // 11. c hears from b: prepare round=1 x ticket=45932801920.2 token=45
  await steps.hear('b', 'c'); // 12. b hears from c: vote round=1 generation=1 token=45932801920.2 a
  await staging.end('x');
}
