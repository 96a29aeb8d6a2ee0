/**
 * follows-whatever-is-there: A claim follows one of the same peer on its first name, though it is
 * for others, too. It is granted on a round that holds none of these.
 *
 * Scope hunt-following-other; promises: claim 2 and claim 3 are both valid.
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
  await staging.ask('b', 'y'); // 4. b: claim 3 asks for y (exclusive)
  await steps.hear('c', 'b'); // 5. c hears from b: prepare round=1 y ticket=45932800000.74 token=45
  await staging.ask('a', ['x', 'y'], 'linger'); // 6. a: claim 2 asks for x (exclusive), y (exclusiv
  await claim1.release(); // 7. a: claim 1 is released
  await steps.hear('b', 'c'); // 8. b hears from c: vote round=1 generation=1 token=45932800000.74 a
  await staging.end('x', 'y');
}
