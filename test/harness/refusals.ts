/**
 * Asks the guards of a simulated run about one call.
 */

import { runGuarded } from '../../src/sim/guards.ts';
import { RealWorldError } from '../../src/sim/real-world-error.ts';

/** What a call is refused with in a run; throws when it is allowed. */
export function refusal(call: () => unknown): RealWorldError {
  try {
    runGuarded(call);
  } catch (error) {
    if (error instanceof RealWorldError) return error;
    throw error;
  }
  throw new Error('The call was allowed');
}

/** Whether a call is allowed just here. */
export function outcomeOf(call: () => unknown): 'allowed' | 'refused' {
  try {
    call();
    return 'allowed';
  } catch (error) {
    if (error instanceof RealWorldError) return 'refused';
    throw error;
  }
}
