/**
 * given-back-outlives-the-voter: A coordinator remembers what it gave back also when the voter has
 * restarted, whose generations start again: the votes of the new incarnation are ignored for ever.
 *
 * Scope forgotten-while-given-back; nothing is stuck: claim 2 is waiting for ever.
 */

import type { Sim, SimOptions } from '../../../src/sim/index.ts';
import { meshOf, Staging } from '../staging.ts';

export const options: SimOptions = meshOf(['a', 'b', 'c'], 3);

export async function play(sim: Sim): Promise<void> {
  const staging = await Staging.begin(sim);
  const { steps } = staging;
  await staging.ask('c', 'y'); // 1. c: claim 3 asks for y (exclusive)
  await staging.ask('b', 'x'); // 2. b: claim 2 asks for x (exclusive)
  await steps.hear('c', 'b'); // 3. c hears from b: prepare round=1 x ticket=45932800000.42 token=45
  const claim1 = await staging.ask('a', 'x'); // 4. a: claim 1 asks for x (exclusive)
  await steps.hear('c', 'a'); // 5. c hears from a: prepare round=1 x ticket=45932800000.32 token=45
  await steps.hear('b', 'c'); // 6. b hears from c: prepare round=1 y ticket=45932800000.52 token=45
  await steps.hear('b', 'c'); // 7. b hears from c: vote round=1 generation=2 token=45932800000.42 a
  await steps.hear('b', 'c'); // 8. b hears from c: inquire round=1 generation=2
  await staging.restart('c'); // 9. c dies and starts again
  await steps.hear('a', 'b'); // 10. a hears from b: prepare round=1 x ticket=45932800000.42 token=4
  await steps.hear('b', 'a'); // 11. b hears from a: prepare round=1 x ticket=45932800000.32 token=4
  await steps.hear('a', 'b'); // 12. a hears from b: vote round=1 generation=3 token=45932800000.32
  await steps.hear('b', 'a'); // 13. b hears from a: vote round=1 generation=2 token=45932800000.42
  await steps.meet('c', 'a'); // 14. c sees its new connection to a
  await steps.meet('a', 'c'); // 15. a sees that its connection to c is gone, with all under way
  await steps.hear('c', 'a'); // 16. c hears from a: hello incarnation=1 session=4
  await steps.hear('a', 'c'); // 17. a hears from c: hello incarnation=2 session=2 recovering
  await steps.hear('c', 'a'); // 18. c hears from a: live 1..1 rounds=[1]; prepare round=1 x ticket=
  await steps.hear('a', 'c'); // 19. a hears from c: queued round=1 ahead=0
  await steps.meet('c', 'b'); // 20. c sees its new connection to b
  await steps.meet('b', 'c'); // 21. b sees its new connection to c
  await steps.hear('c', 'b'); // 22. c hears from b: hello incarnation=1 session=4
  await steps.hear('b', 'c'); // 23. b hears from c: hello incarnation=2 session=3 recovering
  await steps.hear('c', 'b'); // 24. c hears from b: live 1..1 rounds=[1]; yield round=1 generation=
  await steps.hear('a', 'c'); // 25. a hears from c: vote round=1 generation=1 token=45932800000.32
  await steps.hear('b', 'a'); // 26. b hears from a: prepare round=1 x ticket=45932800000.32 token=4
  await steps.hear('c', 'a'); // 27. c hears from a: prepare round=1 x ticket=45932800000.32 token=4
  await steps.hear('a', 'b'); // 28. a hears from b: vote round=1 generation=3 token=45932800000.54
  await steps.hear('a', 'c'); // 29. a hears from c: vote round=1 generation=1 token=45932800000.54
  await steps.hear('b', 'a'); // 30. b hears from a: commit round=1 token=45932800000.54; vote round
  await steps.hear('c', 'b'); // 31. c hears from b: prepare round=1 x ticket=45932800000.42 token=4
  await steps.hear('c', 'a'); // 32. c hears from a: commit round=1 token=45932800000.54
  await steps.hear('a', 'b'); // 33. a hears from b: prepare round=1 x ticket=45932800000.42 token=4
  await steps.hear('b', 'a'); // 34. b hears from a: vote round=1 generation=2 token=45932800000.55
  await steps.hear('b', 'c'); // 35. b hears from c: queued round=1 ahead=0; vote round=1 generation
  await steps.hear('b', 'c'); // 36. b hears from c: vote round=1 generation=2 token=45932800000.55
  await claim1.release(); // 37. a: claim 1 is released
  await steps.hear('b', 'a'); // 38. b hears from a: release round=1 token=45932800000.54; vote roun
  await steps.hear('c', 'a'); // 39. c hears from a: release round=1 token=45932800000.54
  await steps.hear('b', 'c'); // 40. b hears from c: vote round=1 generation=2 token=45932800000.55
  await staging.end('x', 'y');
}
