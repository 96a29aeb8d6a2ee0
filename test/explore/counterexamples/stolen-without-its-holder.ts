/**
 * stolen-without-its-holder: A voter votes for a claim that steals as if what it steals were over,
 * since its owner is told that it is. The owner may hear of it later than the other is granted, or
 * never.
 *
 * Scope hunt-steal; promises: claim 1 and claim 2 are both valid.
 */

import type { Sim, SimOptions } from '../../../src/sim/index.ts';
import { meshOf, Staging } from '../staging.ts';

export const options: SimOptions = meshOf(['a', 'b', 'c'], 2);

export async function play(sim: Sim): Promise<void> {
  const staging = await Staging.begin(sim);
  const { steps } = staging;
  await staging.ask('a', 'x'); // 1. a: claim 1 asks for x (exclusive)
  await steps.hear('b', 'a'); // 2. b hears from a: prepare round=1 x ticket=45932800000.32 token=45
  await steps.hear('a', 'b'); // 3. a hears from b: vote round=1 generation=1 token=45932800000.32 a
  await staging.ask('b', 'x', 'steal'); // 4. b: claim 2 asks for x (exclusive), and steals
  await steps.hear('c', 'b'); // 5. c hears from b: prepare round=1 x ticket=45932800000.74 token=45
  await steps.hear('b', 'c'); // 6. b hears from c: vote round=1 generation=1 token=45932800000.74 a
  await staging.end('x');
}
