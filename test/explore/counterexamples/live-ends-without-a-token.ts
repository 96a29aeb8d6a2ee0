/**
 * live-ends-without-a-token: What LIVE does not name was never granted, somebody thought, and so
 * bounds nobody. Its RELEASE was lost with a link, and the next holder has a smaller token.
 *
 * Scope hunt-break; promises: claim 1 is granted x with a token that is not greater than the last.
 */

import type { Sim, SimOptions } from '../../../src/sim/index.ts';
import { meshOf, Staging } from '../staging.ts';

export const options: SimOptions = meshOf(['a', 'b', 'c'], 2);

export async function play(sim: Sim): Promise<void> {
  const staging = await Staging.begin(sim);
  const { steps } = staging;
  await staging.ask('a', 'x'); // 1. a: claim 1 asks for x (exclusive)
  const claim2 = await staging.ask('b', 'x'); // 2. b: claim 2 asks for x (exclusive)
  await steps.hear('c', 'b'); // 3. c hears from b: prepare round=1 x ticket=45932800000.42 token=45
  await steps.hear('b', 'c'); // 4. b hears from c: vote round=1 generation=1 token=45932800000.42 a
  steps.cut('c', 'b'); // 5. the connection of b and c breaks
  await steps.part('c', 'b'); // 6. c sees that its connection to b is gone, with all under way
  await steps.meet('c', 'b'); // 7. c sees its new connection to b
  await steps.part('b', 'c'); // 8. b sees that its connection to c is gone
  await steps.meet('b', 'c'); // 9. b sees its new connection to c
  await steps.hear('c', 'b'); // 10. c hears from b: hello incarnation=1 session=2
  await claim2.release(); // 11. b: claim 2 is released
  await steps.hear('b', 'c'); // 12. b hears from c: hello incarnation=1 session=2
  await steps.hear('c', 'b'); // 13. c hears from b: live 1..1 rounds=[]
  await steps.hear('c', 'a'); // 14. c hears from a: prepare round=1 x ticket=45932800000.32 token=4
  await steps.hear('a', 'c'); // 15. a hears from c: vote round=1 generation=2 token=45932800000.32
  await staging.end('x');
}
