/**
 * shared-and-kept: What is shared goes, when it is released, to the claim that follows it, which
 * wants it alone: a reader that was let in holds it, too.
 *
 * Scope hunt-downgrade-following; promises: claim 2 and claim 3 are both valid.
 */

import type { Sim, SimOptions } from '../../../src/sim/index.ts';
import { meshOf, Staging } from '../staging.ts';

export const options: SimOptions = meshOf(['a', 'b', 'c'], 2);

export async function play(sim: Sim): Promise<void> {
  const staging = await Staging.begin(sim);
  const { steps } = staging;
  const claim1 = await staging.ask('a', 'x', 'linger'); // 1. a: claim 1 asks for x (exclusive)
  await steps.hear('b', 'a'); // 2. b hears from a: prepare round=1 x ticket=45932800000.32 token=45
  await steps.hear('a', 'b'); // 3. a hears from b: vote round=1 generation=1 token=45932800000.41 a
  await steps.hear('b', 'a'); // 4. b hears from a: commit round=1 token=45932800000.41
  await staging.ask('a', 'x', 'linger'); // 5. a: claim 2 asks for x (exclusive)
  await claim1.downgrade(); // 6. a: claim 1 is downgraded
  await steps.hear('b', 'a'); // 7. b hears from a: prepare round=1 x:shared ticket=45932800000.32 t
  await claim1.release(); // 8. a: claim 1 is released
  await staging.ask('b', { name: 'x', mode: 'shared' }); // 9. b: claim 3 asks for x (shared)
  await steps.hear('c', 'b'); // 10. c hears from b: prepare round=1 x:shared ticket=45932800000.74
  await steps.hear('b', 'c'); // 11. b hears from c: vote round=1 generation=1 token=45932800000.74
  await staging.end('x');
}
