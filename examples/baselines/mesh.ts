/**
 * The mesh in the same world: three peers, one beside each worker, that all vote. The server has no
 * part in it; the peer that each simulated node has does not vote there, and nobody asks it.
 */

import { NoQuorumError } from 'lockmesh';
import { type Held, type LockService, leaseMs, server, workers } from './lock-service.ts';

const retryMs = 10;

export const mesh: LockService = {
  title: 'lockmesh',
  world: {
    nodes: [...workers.map((id) => ({ id })), { id: server, votes: false }],
    peer: { lease: leaseMs },
  },

  connect({ peer, sleep }) {
    const acquire = async (name: string): Promise<Held> => {
      try {
        const lock = await peer.acquire(name);
        const { token } = lock;
        return { token, isHeld: () => lock.held, release: () => lock.release() };
      } catch (error) {
        if (!(error instanceof NoQuorumError)) throw error;
        await sleep(retryMs);
        return await acquire(name);
      }
    };
    return { acquire };
  },
};
