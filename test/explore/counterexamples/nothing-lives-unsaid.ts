/**
 * nothing-lives-unsaid: A coordinator without rounds has nothing to say on a new link, and says no
 * LIVE. An ABORT or a RELEASE that was lost with the older link stays lost, and the entry stays for
 * ever.
 *
 * Scope hunt-pair-faults; nothing is stuck: claim 2 is waiting for ever.
 */

import type { Sim, SimOptions } from '../../../src/sim/index.ts';
import { meshOf, Staging } from '../staging.ts';

export const options: SimOptions = meshOf(['a', 'b'], 2);

export async function play(sim: Sim): Promise<void> {
  const staging = await Staging.begin(sim);
  const { steps } = staging;
  const claim1 = await staging.ask('a', 'x'); // 1. a: claim 1 asks for x (exclusive)
  await steps.hear('b', 'a'); // 2. b hears from a: prepare round=1 x ticket=45932800000.32 token=45
  await steps.hear('a', 'b'); // 3. a hears from b: vote round=1 generation=1 token=45932800000.32 a
  steps.cut('b', 'a'); // 4. the connection of a and b breaks
  await steps.meet('b', 'a'); // 5. b sees that its connection to a is gone, with all under way
  await steps.meet('a', 'b'); // 6. a sees its new connection to b
  await steps.hear('b', 'a'); // 7. b hears from a: hello incarnation=1 session=2
  await claim1.release(); // 8. a: claim 1 is released
  await steps.hear('a', 'b'); // 9. a hears from b: hello incarnation=1 session=2
  await staging.ask('b', 'x'); // 10. b: claim 2 asks for x (exclusive)
  await steps.hear('a', 'b'); // 11. a hears from b: prepare round=1 x ticket=45932800000.80 token=4
  await steps.hear('b', 'a'); // 12. b hears from a: vote round=1 generation=2 token=45932800000.80
  await staging.end('x');
}
