/**
 * inquire-said-once: An INQUIRE that was said is not said again. One that was lost with its link
 * leaves two claims that wait for each other.
 *
 * Scope hunt-pair-faults; nothing is stuck: claim 1 is waiting for ever.
 */

import type { Sim, SimOptions } from '../../../src/sim/index.ts';
import { meshOf, Staging } from '../staging.ts';

export const options: SimOptions = meshOf(['a', 'b'], 2);

export async function play(sim: Sim): Promise<void> {
  const staging = await Staging.begin(sim);
  const { steps } = staging;
  await staging.restart('a'); // 1. a dies and starts again
  await steps.meet('b', 'a'); // 2. b sees its new connection to a
  await steps.meet('a', 'b'); // 3. a sees its new connection to b
  await steps.hear('a', 'b'); // 4. a hears from b: hello incarnation=1 session=3
  await staging.ask('a', 'x'); // 5. a: claim 1 asks for x (exclusive)
  await staging.ask('b', 'x'); // 6. b: claim 2 asks for x (exclusive)
  await steps.hear('b', 'a'); // 7. b hears from a: hello incarnation=2 session=2 recovering
  await steps.hear('a', 'b'); // 8. a hears from b: live 1..1 rounds=[1]; prepare round=1 x ticket=4
  steps.cut('b', 'a'); // 9. the connection of a and b breaks
  await steps.meet('a', 'b'); // 10. a sees its new connection to b
  await steps.meet('b', 'a'); // 11. b sees that its connection to a is gone, with all under way
  await steps.hear('a', 'b'); // 12. a hears from b: hello incarnation=1 session=3
  await steps.hear('b', 'a'); // 13. b hears from a: hello incarnation=2 session=2
  await steps.hear('a', 'b'); // 14. a hears from b: live 1..1 rounds=[1]; prepare round=1 x ticket=
  await steps.hear('b', 'a'); // 15. b hears from a: live 1..1 rounds=[1]; prepare round=1 x ticket=
  await steps.hear('a', 'b'); // 16. a hears from b: vote round=1 generation=2 token=45932800000.35
  await steps.hear('b', 'a'); // 17. b hears from a: vote round=1 generation=1 token=45932800000.33
  await staging.end('x');
}
