/**
 * votes-in-recovery-for-the-held: A restarted voter confirms at once what is told to it as
 * committed, since that one was granted in any case. The adopted claim then loses its other votes,
 * while a third claim still counts the vote that was forgotten.
 *
 * Scope forgotten-while-apart; promises: claim 1 and claim 2 are both valid.
 */

import type { Sim, SimOptions } from '../../../src/sim/index.ts';
import { meshOf, Staging } from '../staging.ts';

export const options: SimOptions = meshOf(['a', 'b', 'c'], 2);

export async function play(sim: Sim): Promise<void> {
  const staging = await Staging.begin(sim);
  const { steps } = staging;
  await staging.ask('b', 'x'); // 1. b: claim 2 asks for x (exclusive)
  await steps.hear('a', 'b'); // 2. a hears from b: prepare round=1 x ticket=45932800000.42 token=45
  await staging.ask('a', 'x'); // 3. a: claim 1 asks for x (exclusive)
  await steps.hear('c', 'a'); // 4. c hears from a: prepare round=1 x ticket=45932800000.64 token=45
  await steps.hear('a', 'c'); // 5. a hears from c: vote round=1 generation=1 token=45932800000.64 a
  await steps.hear('b', 'a'); // 6. b hears from a: vote round=1 generation=1 token=45932800000.42 a
  steps.cut('b', 'a'); // 7. the connection of a and b breaks
  await steps.part('b', 'a'); // 8. b sees that its connection to a is gone, with all under way
  await steps.part('a', 'b'); // 9. a sees that its connection to b is gone, with all under way
  await sim.sleep(14_400); // 10. 240 ms pass
  await sim.sleep(14_400); // 11. 240 ms pass
  await sim.sleep(14_400); // 12. 240 ms pass
  await staging.restart('c'); // 13. c dies and starts again
  await steps.meet('c', 'b'); // 14. c sees its new connection to b
  await steps.meet('b', 'c'); // 15. b sees its new connection to c
  await steps.part('b', 'c'); // 16. b sees that its connection to c is gone
  await steps.meet('b', 'c'); // 17. b sees its new connection to c
  await steps.hear('c', 'b'); // 18. c hears from b: hello incarnation=1 session=4
  await steps.hear('b', 'c'); // 19. b hears from c: hello incarnation=2 session=2 recovering
  await steps.hear('c', 'b'); // 20. c hears from b: live 1..1 rounds=[1]; prepare round=1 x ticket=
  await steps.hear('b', 'c'); // 21. b hears from c: vote round=1 generation=1 token=45932800000.42
  await sim.sleep(14_400); // 22. 240 ms pass
  await sim.sleep(14_400); // 23. 240 ms pass
  await staging.end('x');
}
