/**
 * followers-left-behind: Claims that follow a round of their peer do not begin when that has ended
 * otherwise than by its release: given up, lost, or failed. They wait for ever.
 *
 * Scope hunt-following; nothing is stuck: claim 2 is waiting for ever.
 */

import type { Sim, SimOptions } from '../../../src/sim/index.ts';
import { meshOf, Staging } from '../staging.ts';

export const options: SimOptions = meshOf(['a', 'b', 'c'], 2);

export async function play(sim: Sim): Promise<void> {
  const staging = await Staging.begin(sim);
  const { steps } = staging;
  const claim1 = await staging.ask('a', 'x', 'linger'); // 1. a: claim 1 asks for x (exclusive)
  await steps.hear('b', 'a'); // 2. b hears from a: prepare round=1 x ticket=45932800000.32 token=45
  await steps.hear('c', 'a'); // 3. c hears from a: prepare round=1 x ticket=45932800000.32 token=45
  await staging.ask('a', 'x', 'linger'); // 4. a: claim 2 asks for x (exclusive)
  await claim1.giveUp(); // 5. a: claim 1 is given up
  await steps.hear('a', 'b'); // 6. a hears from b: vote round=1 generation=1 token=45932800000.41 a
  await steps.hear('b', 'a'); // 7. b hears from a: abort round=1
  await steps.hear('c', 'a'); // 8. c hears from a: abort round=1
  await steps.hear('a', 'c'); // 9. a hears from c: vote round=1 generation=1 token=45932800000.41 a
  await staging.end('x');
}
