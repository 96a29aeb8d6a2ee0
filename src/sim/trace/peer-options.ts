/**
 * The options of a peer whose core was made of these; where it listens, nobody knows.
 */

import type { PeerOptions } from '../../peer/options.ts';
import type { NodeOptions } from '../../protocol/options.ts';

export function peerOptionsOf(options: NodeOptions): PeerOptions {
  const { id, voters, leaseMs, maxClockDrift, members, quorum, limits } = options;
  const urls = voters.map((voter): [string, string] => [voter, `ws://${voter}.invalid:7400`]);
  return {
    ...{ id, limits, maxClockDrift, members, quorum },
    lease: leaseMs,
    listen: { host: '127.0.0.1', port: 7400 },
    maxClockAhead: options.maxClockAheadMs,
    prepareTimeout: options.prepareTimeoutMs,
    voters: Object.fromEntries(urls),
  };
}
