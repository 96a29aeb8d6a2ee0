/**
 * quorum-of-all-that-are-asked: A claim on several names counts the votes of all whom it has asked.
 * It is granted by as many as are a quorum of one name, and another claim by a quorum of the other.
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
  await steps.hear('a', 'c'); // 2. a hears from c: prepare round=1 x y ticket=45932800000.48 token=
  await staging.ask('d', 'x'); // 3. d: claim 2 asks for x (exclusive)
  await steps.hear('b', 'd'); // 4. b hears from d: prepare round=1 x ticket=45932800000.56 token=45
  await steps.hear('d', 'b'); // 5. d hears from b: vote round=1 generation=1 token=45932800000.56 a
  await steps.hear('c', 'a'); // 6. c hears from a: vote round=1 generation=1 token=45932800000.48 a
  await staging.end('x', 'y');
}
