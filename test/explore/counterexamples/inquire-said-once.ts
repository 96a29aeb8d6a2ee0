/**
 * inquire-said-once: An INQUIRE that was said is not said again. One that was lost with its link
 * leaves two claims that wait for each other.
 *
 * Scope asked-back-in-vain; nothing is stuck: claim 1 is waiting for ever.
 */

import type { Sim, SimOptions } from '../../../src/sim/index.ts';
import { meshOf, Staging } from '../staging.ts';

export const options: SimOptions = meshOf(['a', 'b', 'c'], 3);

export async function play(sim: Sim): Promise<void> {
  const staging = await Staging.begin(sim);
  const { steps } = staging;
  await staging.ask('a', 'x'); // 1. a: claim 1 asks for x (exclusive)
  await staging.ask('b', 'x'); // 2. b: claim 2 asks for x (exclusive)
  await steps.hear('c', 'b'); // 3. c hears from b: prepare round=1 x ticket=45932800000.42 token=45
  await steps.hear('c', 'a'); // 4. c hears from a: prepare round=1 x ticket=45932800000.32 token=45
  steps.cut('c', 'b'); // 5. the connection of b and c breaks
  await steps.hear('a', 'b'); // 6. a hears from b: prepare round=1 x ticket=45932800000.42 token=45
  await steps.hear('b', 'a'); // 7. b hears from a: prepare round=1 x ticket=45932800000.32 token=45
  await steps.hear('a', 'b'); // 8. a hears from b: vote round=1 generation=2 token=45932800000.32 a
  await steps.hear('b', 'a'); // 9. b hears from a: vote round=1 generation=2 token=45932800000.42 a
  await steps.hear('a', 'c'); // 10. a hears from c: vote round=1 generation=2 token=45932800000.32
  await steps.part('c', 'b'); // 11. c sees that its connection to b is gone
  await steps.meet('c', 'b'); // 12. c sees its new connection to b
  await steps.part('b', 'c'); // 13. b sees that its connection to c is gone, with all under way
  await steps.meet('b', 'c'); // 14. b sees its new connection to c
  await steps.hear('c', 'b'); // 15. c hears from b: hello incarnation=1 session=2
  await steps.hear('b', 'c'); // 16. b hears from c: hello incarnation=1 session=2
  await steps.hear('c', 'b'); // 17. c hears from b: live 1..1 rounds=[1]; prepare round=1 x ticket=
  await steps.hear('b', 'c'); // 18. b hears from c: vote round=1 generation=1 token=45932800000.42
  await staging.end('x');
}
