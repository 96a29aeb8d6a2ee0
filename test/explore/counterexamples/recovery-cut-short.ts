/**
 * recovery-cut-short: A restarted voter that cannot hear all the others waits for four fifths of a
 * lease, since it is heard of every fifth. Votes are counted for nearly a whole lease.
 *
 * Scope forgotten-by-the-holder; promises: claim 1 and claim 2 are both valid.
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
  await staging.restart('c'); // 4. c dies and starts again
  await steps.meet('c', 'b'); // 5. c sees its new connection to b
  await steps.meet('b', 'c'); // 6. b sees its new connection to c
  await steps.hear('c', 'b'); // 7. c hears from b: hello incarnation=1 session=4
  await steps.hear('b', 'c'); // 8. b hears from c: hello incarnation=2 session=2 recovering
  await steps.hear('c', 'b'); // 9. c hears from b: settled incarnation=2
  await sim.sleep(12_600); // 10. 210 ms pass
  await sim.sleep(12_600); // 11. 210 ms pass
  await sim.sleep(12_600); // 12. 210 ms pass
  await sim.sleep(12_600); // 13. 210 ms pass
  await steps.hear('b', 'c'); // 14. b hears from c: recovered
  await staging.ask('b', 'x'); // 15. b: claim 2 asks for x (exclusive)
  await steps.hear('c', 'b'); // 16. c hears from b: prepare round=1 x ticket=45932800840.42 token=4
  await steps.hear('b', 'c'); // 17. b hears from c: vote round=1 generation=1 token=45932800840.42
  await staging.end('x');
}
