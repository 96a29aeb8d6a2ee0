/**
 * a-moment-of-grace: A holder that lost its votes for a moment is given a quarter of a lease to get
 * them back before it is told. It hears of its loss after others may have the lock, or holds again.
 *
 * Scope held-by-slow-links; promises: claim 2 is granted before claim 1 is told that it is lost.
 */

import type { Sim, SimOptions } from '../../../src/sim/index.ts';
import { meshOf, Staging } from '../staging.ts';

export const options: SimOptions = meshOf(['a', 'b', 'c'], 2);

export async function play(sim: Sim): Promise<void> {
  const staging = await Staging.begin(sim);
  const { steps } = staging;
  await staging.ask('a', 'x'); // 1. a: claim 1 asks for x (exclusive)
  await steps.hear('c', 'a'); // 2. c hears from a: prepare round=1 x ticket=45932800000.32 token=45
  await steps.hear('a', 'c'); // 3. a hears from c: vote round=1 generation=1 token=45932800000.32 a
  await sim.sleep(12_600); // 4. 210 ms pass
  await sim.sleep(12_600); // 5. 210 ms pass
  await sim.sleep(12_600); // 6. 210 ms pass
  await sim.sleep(12_600); // 7. 210 ms pass
  await sim.sleep(12_600); // 8. 210 ms pass
  await staging.ask('b', 'x'); // 9. b: claim 2 asks for x (exclusive)
  await steps.hear('c', 'b'); // 10. c hears from b: prepare round=1 x ticket=45932801050.10 token=4
  await steps.hear('b', 'c'); // 11. b hears from c: vote round=1 generation=2 token=45932801050.10
  await staging.end('x');
}
