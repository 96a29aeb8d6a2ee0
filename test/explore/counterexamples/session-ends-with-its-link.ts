/**
 * session-ends-with-its-link: A voter lets go of all that a peer asked for when the link to it is
 * gone. The peer lives, and holds by that vote for a lease.
 *
 * Scope hunt-break; promises: claim 1 and claim 2 are both valid.
 */

import type { Sim, SimOptions } from '../../../src/sim/index.ts';
import { meshOf, Staging } from '../staging.ts';

export const options: SimOptions = meshOf(['a', 'b', 'c'], 2);

export async function play(sim: Sim): Promise<void> {
  const staging = await Staging.begin(sim);
  const { steps } = staging;
  await staging.ask('a', 'x'); // 1. a: claim 1 asks for x (exclusive)
  await steps.hear('b', 'a'); // 2. b hears from a: prepare round=1 x ticket=45932800000.32 token=45
  await steps.hear('a', 'b'); // 3. a hears from b: vote round=1 generation=1 token=45932800000.32 a
  steps.cut('b', 'a'); // 4. the connection of a and b breaks
  await steps.part('b', 'a'); // 5. b sees that its connection to a is gone, with all under way
  await staging.ask('b', 'x'); // 6. b: claim 2 asks for x (exclusive)
  await steps.hear('c', 'b'); // 7. c hears from b: prepare round=1 x ticket=45932800000.74 token=45
  await steps.hear('b', 'c'); // 8. b hears from c: vote round=1 generation=1 token=45932800000.74 a
  await staging.end('x');
}
