/** A PREPARE of which a test cares about few fields. */

import type { Prepare } from '../../src/protocol/index.ts';

export function asPrepare(
  entry: Pick<Prepare, 'round' | 'resources' | 'ticket' | 'token' | 'committed'> &
    Partial<Pick<Prepare, 'patience'>>,
): Prepare {
  const { round, resources, ticket, token, committed, patience = 'wait' } = entry;
  const terms = { patience, maxHoldMs: Number.POSITIVE_INFINITY, lingers: false, value: null };
  return { type: 'prepare', round, resources, ticket, token, committed, ...terms };
}
