/**
 * expiry-ends-without-a-token: What goes with an expired session bounds nobody, as if it had been
 * given up. It was held, and an older claim that comes after it has a smaller token.
 *
 * Scope later-holder-dies; promises: claim 1 is granted x with a token that is not greater than the
 * last.
 */

import type { Sim, SimOptions } from '../../../src/sim/index.ts';
import { beatMs, meshOf, Staging } from '../staging.ts';

export const options: SimOptions = meshOf(['a', 'b', 'c'], 2);

export async function play(sim: Sim): Promise<void> {
  const staging = await Staging.begin(sim);
  const { steps } = staging;
  await staging.ask('a', 'x'); // 1. a: claim 1 asks for x (exclusive)
  await staging.ask('b', 'x'); // 2. b: claim 2 asks for x (exclusive)
  await steps.hear('c', 'b'); // 3. c hears from b: prepare round=1 x ticket=45932800000.42 token=45
  await steps.hear('b', 'c'); // 4. b hears from c: vote round=1 generation=1 token=45932800000.42 a
  sim.node('b').crash({ network: 'reset' }); // 5. b dies
  await steps.hear('c', 'a'); // 6. c hears from a: prepare round=1 x ticket=45932800000.32 token=45
  await steps.hear('a', 'c'); // 7. a hears from c: vote round=1 generation=2 token=45932800000.32 a
  await sim.sleep(beatMs); // 8. nearly half a lease passes
  await sim.sleep(beatMs); // 9. nearly half a lease passes
  await sim.sleep(beatMs); // 10. nearly half a lease passes
  await steps.hear('a', 'c'); // 11. a hears from c: vote round=1 generation=2 token=45932800000.32
  await staging.end('x');
}
