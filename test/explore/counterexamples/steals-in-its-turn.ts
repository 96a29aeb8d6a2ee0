/**
 * steals-in-its-turn: A coordinator does not decide a claim that steals before those that were
 * asked for before it; at the voters these go behind it. So they wait for each other.
 *
 * Scope hunt-steal-own; nothing is stuck: claim 1 is waiting for ever.
 */

import type { Sim, SimOptions } from '../../../src/sim/index.ts';
import { meshOf, Staging } from '../staging.ts';

export const options: SimOptions = meshOf(['a', 'b', 'c'], 2);

export async function play(sim: Sim): Promise<void> {
  const staging = await Staging.begin(sim);
  const { steps } = staging;
  await staging.ask('a', 'x'); // 1. a: claim 1 asks for x (exclusive)
  await steps.hear('b', 'a'); // 2. b hears from a: prepare round=1 x ticket=45932800000.32 token=45
  await steps.hear('c', 'a'); // 3. c hears from a: prepare round=1 x ticket=45932800000.32 token=45
  await staging.ask('a', 'x', 'steal'); // 4. a: claim 2 asks for x (exclusive), and steals
  await steps.hear('a', 'b'); // 5. a hears from b: vote round=1 generation=1 token=45932800000.32 a
  await steps.hear('b', 'a'); // 6. b hears from a: prepare round=2 x ticket=45932800000.64 token=45
  await steps.hear('c', 'a'); // 7. c hears from a: prepare round=2 x ticket=45932800000.64 token=45
  await steps.hear('a', 'b'); // 8. a hears from b: inquire round=1 generation=1; revoke round=1 tok
  await steps.hear('b', 'a'); // 9. b hears from a: yield round=1 generation=1
  await steps.hear('a', 'c'); // 10. a hears from c: vote round=1 generation=1 token=45932800000.32
  await steps.hear('a', 'c'); // 11. a hears from c: inquire round=1 generation=1; revoke round=1 to
  await steps.hear('c', 'a'); // 12. c hears from a: yield round=1 generation=1
  await steps.hear('a', 'b'); // 13. a hears from b: vote round=2 generation=2 token=45932800000.64
  await steps.hear('a', 'c'); // 14. a hears from c: vote round=2 generation=2 token=45932800000.64
  await staging.end('x');
}
