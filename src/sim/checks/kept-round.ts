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

/**
 * Whether its voters need not be asked, and have not been: an older claim of its peer on the same,
 * which may linger, is there (rule 8.5).
 */
export function mayFollow(claim: Claim): boolean {
  const { core, asked, isToldOf, askedIn } = claim;
  if (isToldOf || asked.lingerMs === 0) return false;
  for (const other of core.claims.values()) {
    if (other.askedIn >= askedIn) return false;
    if (other.asked.lingerMs > 0 && isOnSame(other.asked, asked)) return true;
  }
  return false;
}

/** Whether both are on the same names, in the same modes. */
export function isOnSame({ resources }: Acquire, { resources: others }: Acquire): boolean {
  if (resources.length !== others.length) return false;
  return resources.every(({ name, mode }) => {
    return others.some((other) => other.name === name && other.mode === mode);
  });
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
