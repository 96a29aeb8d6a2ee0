/**
 * shared-in-secret: Voters make a round shared, and take nothing back of what they told those
 * behind: readers wait for its end.
 *
 * Scope hunt-downgrade-hung; nothing is stuck: claim 2 is waiting for ever.
 */

import type { Sim, SimOptions } from '../../../src/sim/index.ts';
import { meshOf, Staging } from '../staging.ts';

export const options: SimOptions = meshOf(['a', 'b', 'c'], 2);

export async function play(sim: Sim): Promise<void> {
  const staging = await Staging.begin(sim);
  const { steps } = staging;
  await staging.ask('a', 'x', 'share'); // 1. a: claim 1 asks for x (exclusive)
  await steps.hear('b', 'a'); // 2. b hears from a: prepare round=1 x ticket=45932800000.32 token=45
  await steps.hear('c', 'a'); // 3. c hears from a: prepare round=1 x ticket=45932800000.32 token=45
  await steps.hear('a', 'b'); // 4. a hears from b: vote round=1 generation=1 token=45932800000.32 a
  await steps.hear('b', 'a'); // 5. b hears from a: commit round=1 token=45932800000.32
  await steps.hear('c', 'a'); // 6. c hears from a: commit round=1 token=45932800000.32
  await steps.hear('a', 'c'); // 7. a hears from c: vote round=1 generation=1 token=45932800000.32 a
  await staging.ask('b', { name: 'x', mode: 'shared' }); // 8. b: claim 2 asks for x (shared)
  await steps.hear('a', 'b'); // 9. a hears from b: prepare round=1 x:shared ticket=45932800000.74 t
  await steps.hear('b', 'a'); // 10. b hears from a: vote round=1 generation=2 token=45932800000.74
  await steps.hear('c', 'b'); // 11. c hears from b: prepare round=1 x:shared ticket=45932800000.74
  await steps.hear('b', 'c'); // 12. b hears from c: vote round=1 generation=2 token=45932800000.74
  await staging.end('x');
}
