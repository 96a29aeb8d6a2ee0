/**
 * voters-of-the-first-name: All names of a claim are decided by the voters of the first: one place
 * for one claim. Who asks for one of the others alone asks other voters.
 *
 * Scope hunt-groups-apart; promises: claim 1 is granted y with a token that is not greater than the
 * last.
 */

import type { Sim, SimOptions } from '../../../src/sim/index.ts';
import { meshOf, Staging } from '../staging.ts';

export const options: SimOptions = meshOf(['a', 'b', 'c', 'd'], 2, 3);

export async function play(sim: Sim): Promise<void> {
  const staging = await Staging.begin(sim);
  const { steps } = staging;
  await staging.ask('c', ['x', 'y']); // 1. c: claim 1 asks for x (exclusive), y (exclusive)
  await steps.hear('a', 'c'); // 2. a hears from c: prepare round=1 x y ticket=45932800000.48 token=
  await steps.hear('c', 'a'); // 3. c hears from a: vote round=1 generation=1 token=45932800000.48 a
  await staging.ask('d', 'y'); // 4. d: claim 2 asks for y (exclusive)
  await steps.hear('b', 'd'); // 5. b hears from d: prepare round=1 y ticket=45932800000.56 token=45
  await steps.hear('d', 'b'); // 6. d hears from b: vote round=1 generation=1 token=45932800000.56 a
  await steps.hear('d', 'c'); // 7. d hears from c: prepare round=1 x y ticket=45932800000.48 token=
  await steps.hear('c', 'd'); // 8. c hears from d: prepare round=1 y ticket=45932800000.56 token=45
  await steps.hear('d', 'c'); // 9. d hears from c: vote round=1 generation=1 token=45932800000.56 a
  await steps.hear('c', 'd'); // 10. c hears from d: vote round=1 generation=1 token=45932800000.48
  await staging.end('x', 'y');
}
