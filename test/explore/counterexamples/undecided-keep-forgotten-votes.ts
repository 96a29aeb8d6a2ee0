/**
 * undecided-keep-forgotten-votes: A vote is kept until its limit, whoever restarts, for waiting
 * claims as for held ones. A claim is then granted by a vote of which its voter knows nothing.
 *
 * Scope forgotten-while-waiting; promises: claim 2 and claim 3 are both valid.
 */

import type { Sim, SimOptions } from '../../../src/sim/index.ts';
import { meshOf, Staging } from '../staging.ts';

export const options: SimOptions = meshOf(['a', 'b', 'c'], 2);

export async function play(sim: Sim): Promise<void> {
  const staging = await Staging.begin(sim);
  const { steps } = staging;
  const claim1 = await staging.ask('a', 'x'); // 1. a: claim 1 asks for x (exclusive)
  await steps.hear('b', 'a'); // 2. b hears from a: prepare round=1 x ticket=45932800000.32 token=45
  await steps.hear('c', 'a'); // 3. c hears from a: prepare round=1 x ticket=45932800000.32 token=45
  await steps.hear('a', 'b'); // 4. a hears from b: vote round=1 generation=1 token=45932800000.32 a
  await steps.hear('a', 'c'); // 5. a hears from c: vote round=1 generation=1 token=45932800000.32 a
  await steps.hear('b', 'a'); // 6. b hears from a: commit round=1 token=45932800000.32
  await staging.ask('b', 'x'); // 7. b: claim 2 asks for x (exclusive)
  await sim.sleep(14_400); // 8. 240 ms pass
  await staging.ask('a', 'x'); // 9. a: claim 3 asks for x (exclusive)
  await steps.hear('c', 'a'); // 10. c hears from a: commit round=1 token=45932800000.32
  // 11. c hears from a: a sign of life
  await steps.hear('c', 'a'); // 12. c hears from a: prepare round=2 x ticket=45932800240.0 token=45
  await steps.hear('a', 'c'); // 13. a hears from c: vote round=2 generation=2 token=45932800240.0 a
  await staging.restart('c'); // 14. c dies and starts again
  await steps.meet('c', 'b'); // 15. c sees its new connection to b
  await steps.meet('b', 'c'); // 16. b sees its new connection to c
  await steps.hear('c', 'b'); // 17. c hears from b: hello incarnation=1 session=4
  await steps.hear('b', 'c'); // 18. b hears from c: hello incarnation=2 session=2 recovering
  await steps.hear('c', 'b'); // 19. c hears from b: live 1..1 rounds=[1]; prepare round=1 x ticket=
  await steps.hear('b', 'c'); // 20. b hears from c: queued round=1 ahead=0
  await steps.hear('b', 'a'); // 21. b hears from a: prepare round=2 x ticket=45932800240.0 token=45
  await steps.meet('c', 'a'); // 22. c sees its new connection to a
  await steps.meet('a', 'c'); // 23. a sees its new connection to c
  await steps.hear('c', 'a'); // 24. c hears from a: hello incarnation=1 session=4
  await steps.hear('a', 'c'); // 25. a hears from c: hello incarnation=2 session=3 recovering
  await steps.hear('c', 'a'); // 26. c hears from a: live 1..2 rounds=[1 2]; prepare round=1 x ticke
  await steps.hear('b', 'c'); // 27. b hears from c: vote round=1 generation=2 token=45932800000.74
  await steps.hear('c', 'b'); // 28. c hears from b: prepare round=1 x ticket=45932800000.74 token=4
  await steps.hear('b', 'c'); // 29. b hears from c: vote round=1 generation=2 token=45932800240.2 a
  await claim1.release(); // 30. a: claim 1 is released
  await steps.hear('b', 'a'); // 31. b hears from a: release round=1 token=45932800000.32; commit ro
  await staging.end('x');
}
