/**
 * lease-clock-set-back: A step back of the wall clock by more than a second is followed by the
 * lease clock, as one forward is. An operator sets the clock back, and a holder that is cut off
 * goes on holding.
 *
 * Scope held-and-set-back; promises: claim 1 and claim 2 are both valid.
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
  await sim.sleep(beatMs); // 4. nearly half a lease passes
  sim.node('a').clock.jump(-90000); // 5. the wall clock of a is set by -1500 ms
  await sim.sleep(beatMs); // 6. nearly half a lease passes
  await sim.sleep(beatMs); // 7. nearly half a lease passes
  await staging.ask('b', 'x'); // 8. b: claim 2 asks for x (exclusive)
  await steps.hear('c', 'b'); // 9. c hears from b: prepare round=1 x ticket=45932801440.10 token=45
  await steps.hear('b', 'c'); // 10. b hears from c: vote round=1 generation=2 token=45932801440.10
  await staging.end('x');
}
