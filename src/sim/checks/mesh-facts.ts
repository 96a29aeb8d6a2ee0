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
  /** The voters that decide on a name (rule 10.1). */
  readonly votersOf: (name: string) => readonly PeerId[];
  /** Whether peers that do not vote may claim. */
  readonly members: boolean;
  readonly leaseMs: number;
  readonly prepareTimeoutMs: number;
  /** How long a vote counts after the stamp that its voter echoed (rule 6.4). */
  readonly countMs: number;
  readonly limits: Limits;
}

/** To complete the options of each core anew takes long. */
const known = new WeakMap<PeerOptions, MeshFacts>();

export function meshFactsOf(options: PeerOptions): MeshFacts {
  const facts = known.get(options) ?? factsOf(options);
  known.set(options, facts);
  return facts;
}

function factsOf(options: PeerOptions): MeshFacts {
  const { mesh, limits, prepareTimeoutMs } = resolveOptions({ logger: false, ...options });
  const { voters, quorum, replicas, members, leaseMs, maxClockDrift } = mesh;
  const slackMs = suspensionMs + Math.min(timerMs, leaseMs / 20);
  const countMs = Math.floor(leaseMs * (1 - maxClockDrift) - slackMs);
  const votersOf = replicas < voters.length ? chosenOf(voters, replicas) : () => voters;
  return { voters, quorum, votersOf, members, leaseMs, prepareTimeoutMs, countMs, limits };
}

/** How many names' voters are remembered. */
const chosenMax = 1_000;

/** Rule 10.1, word by word. */
function chosenOf(voters: readonly PeerId[], replicas: number): MeshFacts['votersOf'] {
  const chosen = new Map<string, readonly PeerId[]>();
  return (name) => {
    const known = chosen.get(name);
    if (known !== undefined) return known;
    const weighed = voters.map((voter) => ({ voter, weight: weightOf(name, voter) }));
    weighed.sort((a, b) => b.weight - a.weight || (a.voter < b.voter ? -1 : 1));
    const first = weighed.slice(0, replicas).map(({ voter }) => voter);
    if (chosen.size === chosenMax) chosen.clear();
    chosen.set(name, first);
    return first;
  };
}

function weightOf(name: string, voter: string): number {
  let weight = BigInt(fnv1a(name) ^ fnv1a(voter)) & 0xffff_ffffn;
  weight ^= weight >> 16n;
  weight = (weight * 0x85eb_ca6bn) & 0xffff_ffffn;
  weight ^= weight >> 13n;
  weight = (weight * 0xc2b2_ae35n) & 0xffff_ffffn;
  return Number(weight ^ (weight >> 16n));
}

function fnv1a(text: string): number {
  let hash = 0x811c_9dc5n;
  for (let at = 0; at < text.length; at++) {
    hash = ((hash ^ BigInt(text.charCodeAt(at))) * 0x0100_0193n) & 0xffff_ffffn;
  }
  return Number(hash) | 0;
}

/** A suspension that is too short to be seen (rule 6.4). */
const suspensionMs = 20;

/** How late a timer may tell a loss, of long leases (rule 6.4). */
const timerMs = 50;
