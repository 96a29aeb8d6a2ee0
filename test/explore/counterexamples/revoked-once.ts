/**
 * revoked-once: That what is held is stolen is said once, whatever link that was said on. Where it
 * was lost with the link, the holder holds on, and whoever steals waits for it.
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
  // 5. b hears from a: a sign of life
  await steps.hear('c', 'a'); // 6. c hears from a: recovered
  // 7. c hears from a: a sign of life
  await steps.hear('a', 'b'); // 8. a hears from b: recovered
  // 9. a hears from b: a sign of life
  await steps.hear('c', 'b'); // 10. c hears from b: recovered
  // 11. c hears from b: a sign of life
  await steps.hear('a', 'c'); // 12. a hears from c: recovered
  // 13. a hears from c: a sign of life
  await steps.hear('b', 'c'); // 14. b hears from c: recovered
  // 15. b hears from c: a sign of life
  await staging.ask('b', 'x', 'hang'); // 16. b: claim 1 asks for x (exclusive)
  await steps.hear('a', 'b'); // 17. a hears from b: prepare round=1 x ticket=45932801440.10 token=4
  await steps.hear('b', 'a'); // 18. b hears from a: vote round=1 generation=1 token=45932801440.10
  await steps.hear('a', 'b'); // 19. a hears from b: commit round=1 token=45932801440.10
  steps.cut('b', 'a'); // 20. the connection of a and b breaks
  await steps.part('b', 'a'); // 21. b sees that its connection to a is gone
  await steps.meet('b', 'a'); // 22. b sees its new connection to a
  await steps.part('a', 'b'); // 23. a sees that its connection to b is gone
  await steps.meet('a', 'b'); // 24. a sees its new connection to b
  await steps.hear('b', 'a'); // 25. b hears from a: hello incarnation=1 session=2
  await staging.ask('c', 'x', 'steal'); // 26. c: claim 2 asks for x (exclusive), and steals
  await steps.hear('a', 'c'); // 27. a hears from c: prepare round=1 x ticket=45932801440.20 token=4
  await steps.hear('c', 'a'); // 28. c hears from a: vote round=1 generation=2 token=45932801440.20
  await steps.hear('a', 'b'); // 29. a hears from b: hello incarnation=1 session=2
  await steps.hear('a', 'b'); // 30. a hears from b: live 1..1 rounds=[1]; prepare round=1 x ticket=
  await steps.hear('b', 'a'); // 31. b hears from a: vote round=1 generation=1 token=45932801440.10
  await steps.hear('b', 'c'); // 32. b hears from c: watch round=1 incarnation=1
  await staging.end('x');
}
