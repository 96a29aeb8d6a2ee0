/**
 * The options of a peer whose core was made of these; where it listens, nobody knows.
 */

import type { PeerOptions } from '../../peer/options.ts';
import type { NodeOptions } from '../../protocol/options.ts';

export function peerOptionsOf(options: NodeOptions): PeerOptions {
  const { id, allowSteal, voters, leaseMs, maxClockDrift, members, quorum, limits } = options;
  // All voters of an even number are no choice of them.
  const replicas = options.replicas < voters.length ? { replicas: options.replicas } : {};
  const urls = voters.map((voter): [string, string] => [voter, `ws://${voter}.invalid:7400`]);
  return {
    ...{ id, allowSteal, limits, maxClockDrift, members, quorum, ...replicas },
    lease: leaseMs,
    listen: { host: '127.0.0.1', port: 7400 },
    maxClockAhead: options.maxClockAheadMs,
    deadlockProbeAfter: options.deadlockProbeMs,
    prepareTimeout: options.prepareTimeoutMs,
    voters: Object.fromEntries(urls),
  };
}
