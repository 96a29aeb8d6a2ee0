/**
 * one-session-for-all-starts: A restarted coordinator goes on in the session of the one before it.
 * Its rounds are taken for those of the same numbers, and a RELEASE of one ends another.
 *
 * Scope hunt-pair-faults; nothing is stuck: claim 2 is waiting for ever.
 */

import type { Sim, SimOptions } from '../../../src/sim/index.ts';
import { meshOf, Staging } from '../staging.ts';

export const options: SimOptions = meshOf(['a', 'b'], 2);

export async function play(sim: Sim): Promise<void> {
  const staging = await Staging.begin(sim);
  const { steps } = staging;
  await staging.ask('a', 'x'); // 1. a: claim 1 asks for x (exclusive)
  await steps.hear('b', 'a'); // 2. b hears from a: prepare round=1 x ticket=45932800000.32 token=45
  await staging.restart('a'); // 3. a dies and starts again
  await steps.meet('b', 'a'); // 4. b sees its new connection to a
  await steps.meet('a', 'b'); // 5. a sees its new connection to b
  await steps.hear('a', 'b'); // 6. a hears from b: hello incarnation=1 session=2
  await staging.ask('b', 'x'); // 7. b: claim 2 asks for x (exclusive)
  await steps.hear('b', 'a'); // 8. b hears from a: hello incarnation=2 session=2 recovering
  await steps.hear('a', 'b'); // 9. a hears from b: live 1..1 rounds=[1]; prepare round=1 x ticket=4
  await steps.hear('b', 'a'); // 10. b hears from a: queued round=1 ahead=0; vote round=1 generation
  await staging.end('x');
}
