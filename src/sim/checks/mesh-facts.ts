/**
 * What checkers know of a mesh beforehand: the options that its peers were started with, and what
 * docs/protocol.md makes of them.
 */

import type { PeerOptions } from '../../peer/options.ts';
import { resolveOptions } from '../../peer/resolve-options.ts';
import type { PeerId } from '../../protocol/ids.ts';
import type { Limits } from '../../protocol/options.ts';

export interface MeshFacts {
  readonly voters: readonly PeerId[];
  readonly quorum: number;
  /** Whether peers that do not vote may claim. */
  readonly members: boolean;
  readonly leaseMs: number;
  /** How long a vote counts after the stamp that its voter echoed (rule 6.4). */
  readonly countMs: number;
  readonly limits: Limits;
}

export function meshFactsOf(options: PeerOptions): MeshFacts {
  const { mesh, limits } = resolveOptions({ logger: false, ...options });
  const { voters, quorum, members, leaseMs, maxClockDrift } = mesh;
  const slackMs = suspensionMs + Math.min(timerMs, leaseMs / 20);
  const countMs = Math.floor(leaseMs * (1 - maxClockDrift) - slackMs);
  return { voters, quorum, members, leaseMs, countMs, limits };
}

/** A suspension that is too short to be seen (rule 6.4). */
const suspensionMs = 20;

/** How late a timer may tell a loss, of long leases (rule 6.4). */
const timerMs = 50;
