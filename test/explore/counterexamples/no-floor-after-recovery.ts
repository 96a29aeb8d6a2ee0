/**
 * no-floor-after-recovery: The floor after a recovery is what the state file covers, which is
 * nothing where there is no file. The voter has forgotten which tokens have ended, and votes for an
 * older claim.
 *
 * Scope forgotten-tokens; promises: claim 2 is granted x with a token that is not greater than the
 * last.
 */

import type { Sim, SimOptions } from '../../../src/sim/index.ts';
import { meshOf, Staging } from '../staging.ts';

export const options: SimOptions = meshOf(['a', 'b', 'c'], 2);

export async function play(sim: Sim): Promise<void> {
  const staging = await Staging.begin(sim);
  const { steps } = staging;
  await staging.ask('b', 'x'); // 1. b: claim 2 asks for x (exclusive)
  const claim1 = await staging.ask('a', 'x'); // 2. a: claim 1 asks for x (exclusive)
  await steps.hear('c', 'a'); // 3. c hears from a: prepare round=1 x ticket=45932800000.1 token=459
  await steps.hear('a', 'c'); // 4. a hears from c: vote round=1 generation=1 token=45932800000.1 af
  await claim1.release(); // 5. a: claim 1 is released
  await steps.hear('c', 'a'); // 6. c hears from a: commit round=1 token=45932800000.1
  await steps.hear('c', 'a'); // 7. c hears from a: release round=1 token=45932800000.1
  await staging.restart('c'); // 8. c dies and starts again
  await steps.meet('c', 'a'); // 9. c sees its new connection to a
  await steps.meet('c', 'b'); // 10. c sees its new connection to b
  await steps.meet('a', 'c'); // 11. a sees its new connection to c
  await steps.hear('c', 'a'); // 12. c hears from a: hello incarnation=1 session=4
  await steps.hear('a', 'c'); // 13. a hears from c: hello incarnation=2 session=2 recovering
  await steps.hear('c', 'a'); // 14. c hears from a: live 1..1 rounds=[]; settled incarnation=2
  await steps.meet('b', 'c'); // 15. b sees its new connection to c
  await steps.hear('c', 'b'); // 16. c hears from b: hello incarnation=1 session=4
  await steps.hear('b', 'c'); // 17. b hears from c: hello incarnation=2 session=3 recovering
  await steps.hear('c', 'b'); // 18. c hears from b: live 1..1 rounds=[1]; prepare round=1 x ticket=
  await steps.hear('b', 'c'); // 19. b hears from c: queued round=1 ahead=0; vote round=1 generation
  await staging.end('x');
}
