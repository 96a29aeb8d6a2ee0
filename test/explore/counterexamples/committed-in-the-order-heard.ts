/**
 * committed-in-the-order-heard: After its recovery a voter keeps all that it was told in the order
 * heard, held and waiting alike: it votes for a waiting claim ahead of one that holds.
 *
 * Scope told-out-of-order; promises: claim 1 and claim 2 are both valid.
 */

import type { Sim, SimOptions } from '../../../src/sim/index.ts';
import { meshOf, Staging } from '../staging.ts';

export const options: SimOptions = meshOf(['a', 'b', 'c'], 2);

export async function play(sim: Sim): Promise<void> {
  const staging = await Staging.begin(sim);
  const { steps } = staging;
  await staging.ask('a', 'x'); // 1. a: claim 1 asks for x (exclusive)
  await staging.ask('b', 'x'); // 2. b: claim 2 asks for x (exclusive)
  await steps.hear('c', 'b'); // 3. c hears from b: prepare round=1 x ticket=45932800000.42 token=45
  await steps.hear('b', 'c'); // 4. b hears from c: vote round=1 generation=1 token=45932800000.42 a
  await staging.restart('c'); // 5. c dies and starts again
  await steps.meet('c', 'a'); // 6. c sees its new connection to a
  await steps.meet('a', 'c'); // 7. a sees its new connection to c
  await steps.hear('c', 'a'); // 8. c hears from a: hello incarnation=1 session=4
  await steps.hear('a', 'c'); // 9. a hears from c: hello incarnation=2 session=2 recovering
  await steps.hear('c', 'a'); // 10. c hears from a: live 1..1 rounds=[1]; prepare round=1 x ticket=
  await steps.hear('a', 'c'); // 11. a hears from c: queued round=1 ahead=0
  await steps.meet('c', 'b'); // 12. c sees its new connection to b
  await steps.meet('b', 'c'); // 13. b sees its new connection to c
  await steps.hear('c', 'b'); // 14. c hears from b: hello incarnation=1 session=4
  await steps.hear('b', 'c'); // 15. b hears from c: hello incarnation=2 session=3 recovering
  await steps.hear('c', 'b'); // 16. c hears from b: live 1..1 rounds=[1]; prepare round=1 x ticket=
  await steps.hear('a', 'c'); // 17. a hears from c: vote round=1 generation=1 token=45932800000.32
  await steps.hear('c', 'a'); // 18. c hears from a: prepare round=1 x ticket=45932800000.32 token=4
  await steps.hear('a', 'c'); // 19. a hears from c: vote round=1 generation=1 token=45932800000.44
  await staging.end('x');
}
