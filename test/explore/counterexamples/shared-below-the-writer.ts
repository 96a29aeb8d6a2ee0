/**
 * shared-below-the-writer: A round that is shared from now on does not raise what readers must
 * exceed, as no shared one does. One of those let in may have a smaller token than the writer had.
 *
 * Scope hunt-downgrade; promises: claim 1 is granted x with a token that is not greater than the
 * last.
 */

import type { Sim, SimOptions } from '../../../src/sim/index.ts';
import { meshOf, Staging } from '../staging.ts';

export const options: SimOptions = meshOf(['a', 'b', 'c'], 2);

export async function play(sim: Sim): Promise<void> {
  const staging = await Staging.begin(sim);
  const { steps } = staging;
  await staging.ask('a', { name: 'x', mode: 'shared' }); // 1. a: claim 1 asks for x (shared)
  const claim2 = await staging.ask('b', 'x'); // 2. b: claim 2 asks for x (exclusive)
  await steps.hear('c', 'b'); // 3. c hears from b: prepare round=1 x ticket=45932800000.42 token=45
  await steps.hear('b', 'c'); // 4. b hears from c: vote round=1 generation=1 token=45932800000.42 a
  await steps.hear('c', 'b'); // 5. c hears from b: commit round=1 token=45932800000.42
  await claim2.downgrade(); // 6. b: claim 2 is downgraded
  await steps.hear('c', 'b'); // 7. c hears from b: prepare round=1 x:shared ticket=45932800000.42 t
  await steps.hear('c', 'a'); // 8. c hears from a: prepare round=1 x:shared ticket=45932800000.32 t
  await steps.hear('a', 'c'); // 9. a hears from c: vote round=1 generation=2 token=45932800000.32 a
  await staging.end('x');
}
