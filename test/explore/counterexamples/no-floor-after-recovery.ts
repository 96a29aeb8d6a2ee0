/**
 * no-floor-after-recovery: The floor after a recovery is what the state file covers, which is
 * nothing where there is no file. The voter has forgotten which tokens have ended, and votes for an
 * older claim.
 *
 * Scope hunt-restart-voter; promises: claim 1 is granted x with a token that is not greater than
 * the last.
 */

import type { Sim, SimOptions } from '../../../src/sim/index.ts';
import { meshOf, Staging } from '../staging.ts';

export const options: SimOptions = meshOf(['a', 'b', 'c'], 2);

export async function play(sim: Sim): Promise<void> {
  const staging = await Staging.begin(sim);
  const { steps } = staging;
  await staging.ask('a', 'x'); // 1. a: claim 1 asks for x (exclusive)
  const claim2 = await staging.ask('b', 'x'); // 2. b: claim 2 asks for x (exclusive)
  await steps.hear('c', 'b'); // 3. c hears from b: prepare round=1 x ticket=45932800000.42 token=45
  await steps.hear('b', 'c'); // 4. b hears from c: vote round=1 generation=1 token=45932800000.42 a
  await staging.restart('c'); // 5. c dies and starts again
  await steps.meet('c', 'a'); // 6. c sees its new connection to a
  await steps.meet('c', 'b'); // 7. c sees its new connection to b
  await steps.meet('a', 'c'); // 8. a sees its new connection to c
  await steps.hear('c', 'a'); // 9. c hears from a: hello incarnation=1 session=4
  await steps.hear('a', 'c'); // 10. a hears from c: hello incarnation=2 session=2 recovering
  await steps.meet('b', 'c'); // 11. b sees its new connection to c
  await steps.hear('c', 'b'); // 12. c hears from b: hello incarnation=1 session=4
  await claim2.release(); // 13. b: claim 2 is released
  await steps.hear('b', 'c'); // 14. b hears from c: hello incarnation=2 session=3 recovering
  await steps.hear('c', 'b'); // 15. c hears from b: live 1..1 rounds=[]; settled incarnation=2
  await steps.hear('c', 'a'); // 16. c hears from a: live 1..1 rounds=[1]; prepare round=1 x ticket=
  await steps.hear('a', 'c'); // 17. a hears from c: queued round=1 ahead=0; vote round=1 generation
  await staging.end('x');
}
