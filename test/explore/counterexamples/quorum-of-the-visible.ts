/**
 * quorum-of-the-visible: A voter that was there and is out of reach does not count: the quorum is
 * taken of the others. Both sides of a partition have one.
 *
 * Scope held-and-cut-off; promises: claim 1 and claim 2 are both valid.
 */

import type { Sim, SimOptions } from '../../../src/sim/index.ts';
import { meshOf, Staging } from '../staging.ts';

export const options: SimOptions = meshOf(['a', 'b', 'c'], 2);

export async function play(sim: Sim): Promise<void> {
  const staging = await Staging.begin(sim);
  const { steps } = staging;
  steps.cut('b', 'a'); // 1. the connection of a and b breaks
  steps.cut('c', 'a'); // 2. the connection of a and c breaks
  await steps.part('a', 'b'); // 3. a sees that its connection to b is gone
  await steps.part('a', 'c'); // 4. a sees that its connection to c is gone
  await staging.ask('b', 'x'); // 5. b: claim 2 asks for x (exclusive)
  await steps.hear('c', 'b'); // 6. c hears from b: prepare round=1 x ticket=45932800000.42 token=45
  await staging.ask('a', 'x'); // 7. a: claim 1 asks for x (exclusive)
  await steps.hear('b', 'c'); // 8. b hears from c: vote round=1 generation=1 token=45932800000.42 a
  await staging.end('x');
}
