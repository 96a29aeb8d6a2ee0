/**
 * suspension-unseen: Leases are counted on the monotonic clock, as all the books say. It stands
 * still in a suspended virtual machine, which wakes as a holder of what others have.
 *
 * Scope held-and-suspended; promises: claim 1 and claim 2 are both valid.
 */

import type { Sim, SimOptions } from '../../../src/sim/index.ts';
import { beatMs, meshOf, Staging } from '../staging.ts';

export const options: SimOptions = meshOf(['a', 'b', 'c'], 2);

export async function play(sim: Sim): Promise<void> {
  const staging = await Staging.begin(sim);
  const { steps } = staging;
  await staging.ask('a', 'x'); // 1. a: claim 1 asks for x (exclusive)
  await steps.hear('c', 'a'); // 2. c hears from a: prepare round=1 x ticket=45932800000.32 token=45
  await steps.hear('a', 'c'); // 3. a hears from c: vote round=1 generation=1 token=45932800000.32 a
  await staging.suspend('a', beatMs); // 4. nearly half a lease passes, in which the machine of a is
  await staging.pause('a', beatMs); // 5. nearly half a lease passes, in which a stands still
  await staging.suspend('a', beatMs); // 6. nearly half a lease passes, in which the machine of a is
  await staging.ask('b', 'x'); // 7. b: claim 2 asks for x (exclusive)
  await steps.hear('c', 'b'); // 8. c hears from b: prepare round=1 x ticket=45932801440.10 token=45
  await steps.hear('b', 'c'); // 9. b hears from c: vote round=1 generation=2 token=45932801440.10 a
  await staging.end('x');
}
