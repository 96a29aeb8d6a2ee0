/**
 * watched-after-its-end: Who asks to be told of a round that has ended meanwhile is told so, by
 * ABORT. If it was held, its token is missing in the floors of whoever comes next.
 *
 * Scope hunt-groups; promises: claim 1 is granted x with a token that is not greater than the last.
 */

import type { Sim, SimOptions } from '../../../src/sim/index.ts';
import { meshOf, Staging } from '../staging.ts';

export const options: SimOptions = meshOf(['a', 'b', 'c', 'd'], 2, 3);

export async function play(sim: Sim): Promise<void> {
  const staging = await Staging.begin(sim);
  const { steps } = staging;
  await staging.ask('c', ['x', 'y']); // 1. c: claim 1 asks for x (exclusive), y (exclusive)
  await steps.hear('d', 'c'); // 2. d hears from c: prepare round=1 x ticket=45932800000.48 token=45
  await steps.hear('c', 'd'); // 3. c hears from d: vote round=1 generation=1 token=45932800000.48 a
  const claim2 = await staging.ask('d', 'x'); // 4. d: claim 2 asks for x (exclusive)
  await steps.hear('a', 'd'); // 5. a hears from d: prepare round=1 x ticket=45932800000.88 token=45
  await steps.hear('d', 'a'); // 6. d hears from a: vote round=1 generation=1 token=45932800000.88 a
  await steps.hear('a', 'c'); // 7. a hears from c: prepare round=1 x y ticket=45932800000.48 token=
  await steps.hear('c', 'a'); // 8. c hears from a: vote round=1 generation=2 token=45932800000.48 a
  await steps.hear('b', 'd'); // 9. b hears from d: prepare round=1 x ticket=45932800000.88 token=45
  await steps.hear('d', 'b'); // 10. d hears from b: vote round=1 generation=1 token=45932800000.88
  await claim2.release(); // 11. d: claim 2 is released
  await steps.hear('d', 'c'); // 12. d hears from c: watch round=1 incarnation=1
  await steps.hear('c', 'd'); // 13. c hears from d: abort round=1
  await staging.end('x', 'y');
}
