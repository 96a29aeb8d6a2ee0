/**
 * committed-behind-its-back: The owner of a round is told that it is stolen when whoever steals
 * comes, and not when it is committed later, though the other stands behind it by then.
 *
 * Scope hunt-steal-one; nothing is stuck: claim 2 is waiting for ever.
 */

import type { Sim, SimOptions } from '../../../src/sim/index.ts';
import { beatMs, meshOf, Staging } from '../staging.ts';

export const options: SimOptions = meshOf(['a', 'b', 'c'], 1, 1);

export async function play(sim: Sim): Promise<void> {
  const staging = await Staging.begin(sim);
  const { steps } = staging;
  await sim.sleep(beatMs); // 1. nearly half a lease passes
  await sim.sleep(beatMs); // 2. nearly half a lease passes
  await sim.sleep(beatMs); // 3. nearly half a lease passes
  await steps.hear('b', 'a'); // 4. b hears from a: recovered
  await steps.hear('c', 'a'); // 5. c hears from a: recovered
  // 6. c hears from a: a sign of life
  await steps.hear('a', 'b'); // 7. a hears from b: recovered
  // 8. a hears from b: a sign of life
  await steps.hear('c', 'b'); // 9. c hears from b: recovered
  // 10. c hears from b: a sign of life
  await steps.hear('a', 'c'); // 11. a hears from c: recovered
  // 12. a hears from c: a sign of life
  await steps.hear('b', 'c'); // 13. b hears from c: recovered
  // 14. b hears from c: a sign of life
  await staging.ask('b', 'x', 'hang'); // 15. b: claim 1 asks for x (exclusive)
  await steps.hear('a', 'b'); // 16. a hears from b: prepare round=1 x ticket=45932801440.10 token=4
  steps.cut('b', 'a'); // 17. the connection of a and b breaks
  await steps.part('b', 'a'); // 18. b sees that its connection to a is gone, with all under way
  await steps.meet('b', 'a'); // 19. b sees its new connection to a
  await steps.part('a', 'b'); // 20. a sees that its connection to b is gone
  await steps.meet('a', 'b'); // 21. a sees its new connection to b
  await steps.hear('b', 'a'); // 22. b hears from a: hello incarnation=1 session=2
  await staging.ask('c', 'x', 'steal'); // 23. c: claim 2 asks for x (exclusive), and steals
  await steps.hear('a', 'c'); // 24. a hears from c: prepare round=1 x ticket=45932801440.20 token=4
  await steps.hear('c', 'a'); // 25. c hears from a: vote round=1 generation=2 token=45932801440.20
  await steps.hear('a', 'b'); // 26. a hears from b: hello incarnation=1 session=2
  await steps.hear('a', 'b'); // 27. a hears from b: live 1..1 rounds=[1]; prepare round=1 x ticket=
  await steps.hear('b', 'a'); // 28. b hears from a: vote round=1 generation=1 token=45932801440.10
  await steps.hear('a', 'b'); // 29. a hears from b: commit round=1 token=45932801440.10
  await steps.hear('b', 'c'); // 30. b hears from c: watch round=1 incarnation=1
  await staging.end('x');
}
