/**
 * A peer of lockmesh, as users make one, but for limits that let 10,000 claims wait for one key.
 */

import { createPeer, type Peer, type PeerOptions } from 'lockmesh';
import { type LockClient, leaseMs } from './lock-client.ts';
import type { LockmeshSetup } from './setup.ts';

export async function connectLockmesh(setup: LockmeshSetup): Promise<LockClient> {
  const peer = await createPeer(optionsOf(setup));
  await peer.ready();
  if (setup.locks) await assertOthersVote(peer);
  return { acquire: (key) => peer.acquire(key), close: () => peer.close() };
}

/** What nobody else has a say in has no deadline. */
async function assertOthersVote(peer: Peer): Promise<void> {
  const probe = await peer.acquire(`probe of ${peer.id}`);
  const { deadline } = probe;
  await probe.release();
  if (deadline < Number.POSITIVE_INFINITY) return;
  throw new Error('Cannot measure a peer that decides alone: another process must have a vote');
}

function optionsOf({ id, voters, members }: LockmeshSetup): PeerOptions {
  const urls = Object.entries(voters).map(([each, port]) => [each, `ws://127.0.0.1:${port}`]);
  const port = voters[id];
  return {
    id,
    lease: leaseMs,
    limits: { waitersMax: 20_000 },
    ...(port === undefined ? {} : { listen: { host: '127.0.0.1', port } }),
    logger: false,
    members,
    secret: 'only for the benchmark',
    voters: Object.fromEntries(urls),
  };
}
