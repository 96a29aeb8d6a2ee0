/** Complete options of a core for tests that care about few of them. */

import {
  defaultLimits,
  incarnation,
  type Limits,
  type NodeOptions,
  peerId,
} from '../../src/protocol/index.ts';

/** Peer `a` of the voters `a`, `b` and `c`, with a lease of a second. */
export function nodeOptions(
  changes: Partial<NodeOptions> = {},
  limits: Partial<Limits> = {},
): NodeOptions {
  const voters = changes.voters ?? ['a', 'b', 'c'].map((id) => peerId(id));
  return {
    id: peerId('a'),
    incarnation: incarnation(1),
    leaseMs: 1_000,
    maxClockDrift: 0.01,
    allowSteal: false,
    members: false,
    quorum: 2,
    voters,
    replicas: voters.length,
    prepareTimeoutMs: 200,
    deadlockProbeMs: 1_000,
    maxClockAheadMs: 3_600_000,
    durableMark: null,
    ...changes,
    limits: { ...defaultLimits, ...limits },
  };
}
