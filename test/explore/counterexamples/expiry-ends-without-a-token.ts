/**
 * expiry-ends-without-a-token: What goes with an expired session bounds nobody, as if it had been
 * given up. It was held, and an older claim that comes after it has a smaller token.
 *
 * Scope holder-dies; promises: claim 2 is granted x with a token that is not greater than the last.
 */

import type { Sim, SimOptions } from '../../../src/sim/index.ts';
import { beatMs, meshOf, Staging } from '../staging.ts';

export const options: SimOptions = meshOf(['a', 'b', 'c'], 2);

export async function play(sim: Sim): Promise<void> {
  const staging = await Staging.begin(sim);
  const { steps } = staging;
  await staging.ask('a', 'x'); // 1. a: claim 1 asks for x (exclusive)
  await staging.ask('b', 'x'); // 2. b: claim 2 asks for x (exclusive)
  await steps.hear('c', 'a'); // 3. c hears from a: prepare round=1 x ticket=45932800000.2 token=459
  await steps.hear('a', 'c'); // 4. a hears from c: vote round=1 generation=1 token=45932800000.2 af
  sim.node('a').crash({ network: 'reset' }); // 5. a dies
  await steps.hear('c', 'b'); // 6. c hears from b: prepare round=1 x ticket=45932800000.2 token=459
  await steps.hear('b', 'c'); // 7. b hears from c: vote round=1 generation=2 token=45932800000.2 af
  await sim.sleep(beatMs); // 8. nearly half a lease passes
  await sim.sleep(beatMs); // 9. nearly half a lease passes
  await sim.sleep(beatMs); // 10. nearly half a lease passes
  await steps.hear('b', 'c'); // 11. b hears from c: vote round=1 generation=2 token=45932800000.2 a
  await staging.end('x');
}
