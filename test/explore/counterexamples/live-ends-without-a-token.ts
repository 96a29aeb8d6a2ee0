/**
 * live-ends-without-a-token: What LIVE does not name was never granted, somebody thought, and so
 * bounds nobody. Its RELEASE was lost with a link, and the next holder has a smaller token.
 *
 * Scope hunt-break; promises: claim 2 is granted x with a token that is not greater than the last.
 */

import type { Sim, SimOptions } from '../../../src/sim/index.ts';
import { meshOf, Staging } from '../staging.ts';

export const options: SimOptions = meshOf(['a', 'b', 'c'], 2);

export async function play(sim: Sim): Promise<void> {
  const staging = await Staging.begin(sim);
  const { steps } = staging;
  const claim1 = await staging.ask('a', 'x'); // 1. a: claim 1 asks for x (exclusive)
  await steps.hear('c', 'a'); // 2. c hears from a: prepare round=1 x ticket=45932800000.2 token=459
  await steps.hear('a', 'c'); // 3. a hears from c: vote round=1 generation=1 token=45932800000.2 af
  steps.cut('c', 'a'); // 4. the connection of a and c breaks
  await steps.part('c', 'a'); // 5. c sees that its connection to a is gone, with all under way
  await steps.meet('c', 'a'); // 6. c sees its new connection to a
  await steps.part('a', 'c'); // 7. a sees that its connection to c is gone
  await steps.meet('a', 'c'); // 8. a sees its new connection to c
  await steps.hear('c', 'a'); // 9. c hears from a: hello incarnation=1 session=2
  await claim1.release(); // 10. a: claim 1 is released
  await steps.hear('a', 'c'); // 11. a hears from c: hello incarnation=1 session=2
  await steps.hear('c', 'a'); // 12. c hears from a: live 1..1 rounds=[]
  await staging.ask('b', 'x'); // 13. b: claim 2 asks for x (exclusive)
  await steps.hear('c', 'b'); // 14. c hears from b: prepare round=1 x ticket=45932800000.2 token=45
  await steps.hear('b', 'c'); // 15. b hears from c: vote round=1 generation=2 token=45932800000.2 a
  await staging.end('x');
}
