/**
 * Rounds that outlive their claims (rule 8.2), as far as they can be told from outside.
 */

import type { Acquire } from '../../protocol/input.ts';
import type { Output } from '../../protocol/output.ts';
import type { Claim, CoreView } from './core-view.ts';

/** Whether its round may stay when it is released now (rule 8.2). */
export function mayLinger({ state, asked }: Claim): boolean {
  return state === 'held' && asked.lingerMs > 0 && asked.maxHoldMs === Number.POSITIVE_INFINITY;
}

/** Whose round a claim is granted on in the step in which it is asked for. */
export function roundAgainOf(
  core: CoreView,
  { claim }: Acquire,
  outputs: readonly Output[],
): Claim | null {
  if (core.lingering.size === 0) return null;
  for (const output of outputs) {
    if (output.type !== 'granted' || output.claim !== claim) continue;
    return core.lingering.get(output.round) ?? null;
  }
  return null;
}
