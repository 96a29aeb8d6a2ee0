/**
 * expiry-of-all-starts: When the session of a dead process expires, that of the same peer which has
 * restarted since goes with it, though its link stands: its entries hang on nothing.
 *
 * Scope lone-restart-time; promises: Broken invariant: whoever is linked or keeps an entry has a
 * session.
 */

import type { Sim, SimOptions } from '../../../src/sim/index.ts';
import { beatMs, meshOf, Staging } from '../staging.ts';

export const options: SimOptions = meshOf(['a', 'b'], 2);

export async function play(sim: Sim): Promise<void> {
  const staging = await Staging.begin(sim);
  const { steps } = staging;
  await staging.restart('a'); // 1. a dies and starts again
  await steps.part('b', 'a'); // 2. b sees that its connection to a is gone
  await sim.sleep(beatMs); // 3. nearly half a lease passes
  await steps.meet('a', 'b'); // 4. a sees its new connection to b
  await sim.sleep(beatMs); // 5. nearly half a lease passes
  await steps.meet('b', 'a'); // 6. b sees its new connection to a
  await steps.hear('b', 'a'); // 7. b hears from a: hello incarnation=2 session=2 recovering
  await staging.ask('a', 'x'); // 8. a: claim 1 asks for x (exclusive)
  await steps.hear('a', 'b'); // 9. a hears from b: hello incarnation=1 session=3
  await sim.sleep(beatMs); // 10. nearly half a lease passes
  await steps.hear('b', 'a'); // 11. b hears from a: live 1..1 rounds=[1]
  await staging.end('x');
}
