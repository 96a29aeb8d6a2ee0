/**
 * A core that does nothing but what it is told to say of itself.
 */

import type { WatchedCore } from '../../../src/peer/runtime.ts';
import {
  type ClaimId,
  type Incarnation,
  incarnation,
  type NodeSizes,
  type PeerId,
  peerId,
} from '../../../src/protocol/index.ts';

export class MadeUpCore implements WatchedCore {
  readonly peer: PeerId;
  readonly incarnation: Incarnation;
  readonly startedMs: number;
  sizes: NodeSizes = {
    ...{ entries: 0, tracked: 0, sessions: 1 },
    ...{ rounds: 0, endings: 0, awaiting: 0, elections: 0, observed: 0 },
  };
  /** For how long each held claim is said to be valid. */
  readonly validity: Map<ClaimId, number> = new Map();

  constructor(peer: string, of: number, startedMs: number) {
    this.peer = peerId(peer);
    this.incarnation = incarnation(of);
    this.startedMs = startedMs;
  }

  holds(claim: ClaimId): boolean {
    return this.validForMs(claim) > 0;
  }

  validForMs(claim: ClaimId): number {
    return this.validity.get(claim) ?? 0;
  }
}
