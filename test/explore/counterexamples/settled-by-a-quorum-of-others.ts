/**
 * settled-by-a-quorum-of-others: After half a lease it is enough that a quorum besides itself has
 * told all that it has, as if that were what a quorum knows. It shows from five voters on, when a
 * claim holds by a vote gained after its grant together with a forgotten one.
 *
 * Scope five-snapshots; promises: claim 1 and claim 2 are both valid.
 */

import type { Sim, SimOptions } from '../../../src/sim/index.ts';
import { meshOf, Staging } from '../staging.ts';

export const options: SimOptions = meshOf(['a', 'b', 'c', 'd', 'e'], 3);

export async function play(sim: Sim): Promise<void> {
  const staging = await Staging.begin(sim);
  const { steps } = staging;
  await staging.ask('a', 'x'); // 1. a: claim 1 asks for x (exclusive)
  await steps.hear('b', 'a'); // 2. b hears from a: prepare round=1 x ticket=45932800000.32 token=45
  await steps.hear('c', 'a'); // 3. c hears from a: prepare round=1 x ticket=45932800000.32 token=45
  await steps.hear('a', 'b'); // 4. a hears from b: vote round=1 generation=1 token=45932800000.32 a
  await steps.hear('a', 'c'); // 5. a hears from c: vote round=1 generation=1 token=45932800000.32 a
  await steps.hear('b', 'a'); // 6. b hears from a: commit round=1 token=45932800000.32
  steps.cut('c', 'a'); // 7. the connection of a and c breaks
  await steps.part('a', 'c'); // 8. a sees that its connection to c is gone
  await steps.part('c', 'a'); // 9. c sees that its connection to a is gone, with all under way
  await sim.sleep(7_200); // 10. 120 ms pass
  await sim.sleep(7_200); // 11. 120 ms pass
  await sim.sleep(7_200); // 12. 120 ms pass
  await sim.sleep(7_200); // 13. 120 ms pass
  await staging.restart('b'); // 14. b dies and starts again
  await steps.part('c', 'b'); // 15. c sees that its connection to b is gone
  await steps.meet('c', 'b'); // 16. c sees its new connection to b
  await steps.meet('b', 'c'); // 17. b sees its new connection to c
  await steps.hear('c', 'b'); // 18. c hears from b: hello incarnation=2 session=2 recovering
  await steps.hear('b', 'c'); // 19. b hears from c: hello incarnation=1 session=6
  await steps.hear('b', 'c'); // 20. b hears from c: settled incarnation=2
  await steps.part('d', 'b'); // 21. d sees that its connection to b is gone
  await steps.meet('d', 'b'); // 22. d sees its new connection to b
  await steps.meet('b', 'd'); // 23. b sees its new connection to d
  await steps.hear('d', 'b'); // 24. d hears from b: hello incarnation=2 session=3 recovering
  await steps.hear('b', 'd'); // 25. b hears from d: hello incarnation=1 session=6
  await steps.hear('b', 'd'); // 26. b hears from d: settled incarnation=2
  await steps.part('e', 'b'); // 27. e sees that its connection to b is gone
  await steps.meet('e', 'b'); // 28. e sees its new connection to b
  await steps.meet('b', 'e'); // 29. b sees its new connection to e
  await steps.hear('e', 'b'); // 30. e hears from b: hello incarnation=2 session=4 recovering
  await steps.hear('b', 'e'); // 31. b hears from e: hello incarnation=1 session=6
  await steps.hear('b', 'e'); // 32. b hears from e: settled incarnation=2
  steps.cut('d', 'a'); // 33. the connection of a and d breaks
  await steps.hear('d', 'a'); // 34. d hears from a: prepare round=1 x ticket=45932800000.32 token=4
  await steps.hear('d', 'a'); // 35. d hears from a: commit round=1 token=45932800000.32
  // 36. d hears from a: a sign of life
  // 37. d hears from a: a sign of life
  await steps.part('d', 'a'); // 38. d sees that its connection to a is gone
  await steps.meet('d', 'a'); // 39. d sees its new connection to a
  await steps.part('a', 'd'); // 40. a sees that its connection to d is gone
  await steps.meet('a', 'd'); // 41. a sees its new connection to d
  await steps.hear('d', 'a'); // 42. d hears from a: hello incarnation=1 session=2
  await steps.hear('a', 'd'); // 43. a hears from d: hello incarnation=1 session=2
  await steps.hear('d', 'a'); // 44. d hears from a: live 1..1 rounds=[1]; prepare round=1 x ticket=
  await steps.hear('a', 'd'); // 45. a hears from d: vote round=1 generation=1 token=45932800000.32
  await sim.sleep(7_200); // 46. 120 ms pass
  await sim.sleep(7_200); // 47. 120 ms pass
  await sim.sleep(7_200); // 48. 120 ms pass
  await staging.ask('e', 'x'); // 49. e: claim 2 asks for x (exclusive)
  await steps.hear('b', 'e'); // 50. b hears from e: prepare round=1 x ticket=45932800840.24 token=4
  await steps.hear('c', 'e'); // 51. c hears from e: prepare round=1 x ticket=45932800840.24 token=4
  await sim.sleep(7_200); // 52. 120 ms pass
  await steps.hear('e', 'b'); // 53. e hears from b: queued round=1 ahead=0
  await steps.hear('e', 'c'); // 54. e hears from c: vote round=1 generation=2 token=45932800840.24
  await sim.sleep(7_200); // 55. 120 ms pass
  await steps.hear('e', 'b'); // 56. e hears from b: vote round=1 generation=1 token=45932800840.24
  await steps.hear('e', 'c'); // 57. e hears from c: vote round=1 generation=2 token=45932800840.24
  await steps.hear('b', 'e'); // 58. b hears from e: prepare round=1 x ticket=45932800840.24 token=4
  await steps.hear('e', 'b'); // 59. e hears from b: vote round=1 generation=1 token=45932801080.1 a
  await steps.hear('c', 'e'); // 60. c hears from e: prepare round=1 x ticket=45932800840.24 token=4
  await steps.hear('e', 'c'); // 61. e hears from c: vote round=1 generation=2 token=45932801080.1 a
  await staging.end('x');
}
