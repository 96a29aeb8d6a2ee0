/**
 * A peer of lockmesh, as users make one, but for limits that let 10,000 claims wait for one key,
 * and one peer hold more than 100,000.
 */

import { createPeer, type Peer, type PeerOptions, type TraceRecord } from 'lockmesh';
import type { LockClient, Messages } from './lock-client.ts';
import type { LockmeshSetup } from './setup.ts';

export async function connectLockmesh(setup: LockmeshSetup): Promise<LockClient> {
  const count = new MessageCount();
  const peer = await createPeer(optionsOf(setup, count));
  await peer.ready();
  if (setup.locks) await assertOthersVote(peer);
  return {
    acquire: (key) => peer.acquire(key),
    close: () => peer.close(),
    holding: () => peer.status().held,
    ...(setup.counts ? { messages: () => count.messages } : {}),
  };
}

/** What a peer sends to others and hears from them, by what its trace tells. */
class MessageCount {
  #sent = 0;
  #heard = 0;

  get messages(): Messages {
    return { sent: this.#sent, heard: this.#heard };
  }

  note(record: TraceRecord): void {
    if (record.type !== 'step') return;
    const { input, outputs } = record;
    if (input.type === 'frame') this.#heard += input.frame.messages.length;
    for (const output of outputs) {
      if (output.type === 'frame') this.#sent += output.frame.messages.length;
    }
  }
}

/** What nobody else has a say in has no deadline. */
async function assertOthersVote(peer: Peer): Promise<void> {
  const probe = await peer.acquire(`probe of ${peer.id}`, { linger: 0 });
  const { deadline } = probe;
  await probe.release();
  if (deadline < Number.POSITIVE_INFINITY) return;
  throw new Error('Cannot measure a peer that decides alone: another process must have a vote');
}

function optionsOf(setup: LockmeshSetup, count: MessageCount): PeerOptions {
  const { id, voters, members, replicas, lingers, counts } = setup;
  const urls = Object.entries(voters).map(([each, port]) => [each, `ws://127.0.0.1:${port}`]);
  const port = voters[id];
  return {
    id,
    lease: setup.leaseMs,
    limits: { claimsMax: 200_000, waitersMax: 20_000 },
    linger: lingers ? Number.POSITIVE_INFINITY : 0,
    ...(port === undefined ? {} : { listen: { host: '127.0.0.1', port } }),
    logger: false,
    members,
    ...(replicas === null ? {} : { replicas }),
    secret: 'only for the benchmark',
    ...(counts ? { trace: (record) => count.note(record) } : {}),
    voters: Object.fromEntries(urls),
  };
}
