/**
 * What the link manager (links.ts) takes, tells and shows.
 */

import type { Incarnation, PeerId } from '../protocol/ids.ts';
import type { MeshOptions } from '../protocol/options.ts';

/** What must be equal on all peers of a mesh, its name included; compared in the handshake. */
export interface MeshFingerprint extends MeshOptions {
  /** Tells meshes apart that share a network, and perhaps a secret. */
  readonly name: string;
}

export interface LinksOptions {
  readonly id: PeerId;
  /** Greater than that of every earlier start of this peer. */
  readonly incarnation: Incarnation;
  readonly mesh: MeshFingerprint;
  /** Where each voter listens. One that is absent or `''` is never dialled, only accepted. */
  readonly addresses: ReadonlyMap<PeerId, string>;
  /** Whether to accept connections, where the runtime's transport listens. */
  readonly listens: boolean;
  /** The mesh's secrets: each proves and is taken as proof, for rotation. At most 4; none: `[]`. */
  readonly secrets: readonly string[];
  readonly limits: LinkLimits;
}

/** A bound for everything that grows. */
export interface LinkLimits {
  /** Accepted connections that have not proved who they are; beyond it the oldest gives way. */
  readonly strangersMax: number;
  /**
   * How long a connection may take from the dial, or its acceptance, to the end of the handshake,
   * at most; half a lease if that is less, but 250 ms.
   */
  readonly handshakeTimeoutMs: number;
  /** Bytes that may wait to leave on a link before it is closed as too slow. */
  readonly backlogBytesMax: number;
  /** Links and remembered incarnations of peers that are not voters. */
  readonly membersMax: number;
}

export const defaultLinkLimits: LinkLimits = Object.freeze({
  backlogBytesMax: 16 * 1024 * 1024,
  handshakeTimeoutMs: 5_000,
  membersMax: 4_096,
  strangersMax: 64,
});

/** The least that a handshake may take: a loaded machine needs some time for it. */
const handshakeMsMin = 250;

/**
 * A link is given up after half a lease of silence (rule 6.2), and so is a connection that may
 * become one: else one that went silent in its handshake would keep two peers apart for many short
 * leases.
 */
export function handshakeTimeoutOf({ limits, mesh }: LinksOptions): number {
  return Math.min(limits.handshakeTimeoutMs, Math.max(handshakeMsMin, mesh.leaseMs / 2));
}

/**
 * What happens to the links. Called from the transport's callbacks and from `wake`, and never from
 * within `send`, `drop`, `status` or `close`; never after `close`. For each peer `onUp` and
 * `onDown` (or a `drop`) alternate.
 */
export interface LinksEvents {
  /** A link stands and both ends have proved who they are. */
  onUp(peer: PeerId, incarnation: Incarnation): void;
  /** It broke or was replaced. Not called for one that `drop` or `refuse` closed. */
  onDown(peer: PeerId, reason: string): void;
  /** The bytes are the receiver's until it returns. */
  onMessage(peer: PeerId, bytes: Uint8Array): void;
  /** A handshake failed or a peer sent nonsense; for the log, already limited in rate. */
  onRefused(refusal: Refusal): void;
  /** Another live process has our id: peers have refused us for half a lease on end. Fatal. */
  onDuplicate(detail: string): void;
  /** A peer has heard of a newer incarnation of us, so our wall clock was set back. */
  onStale(newest: Incarnation): void;
  /** `nextWakeMs` may have become sooner. */
  onScheduled(): void;
}

/**
 * Why two peers do not link.
 *
 * - `secret`: the proof does not match any of our secrets.
 * - `version`: no protocol version in common.
 * - `malformed`: not this protocol, or a message that breaks it.
 * - `timeout`: the handshake took too long.
 * - `wrong-peer`: another peer than the one that should be at this address.
 * - `mesh`: the mesh options differ; the detail names the field and both values.
 * - `not-a-member`: neither of the two is a voter, or the mesh takes voters only.
 * - `duplicate`: another process with this id is heard; the detail names both addresses.
 * - `stale-incarnation`: a newer incarnation of it has been heard.
 * - `crossing`: both dialled at once and the other connection stays. Normal, never reported.
 * - `crowded`: more links or strangers than allowed.
 */
export type RefusalCode =
  | 'secret'
  | 'version'
  | 'malformed'
  | 'timeout'
  | 'wrong-peer'
  | 'mesh'
  | 'not-a-member'
  | 'duplicate'
  | 'stale-incarnation'
  | 'crossing'
  | 'crowded';

export interface Refusal {
  readonly code: RefusalCode;
  /** A sentence for people: what is, and what should be. */
  readonly detail: string;
  /** Who it says it is, proved or not; `null` when it has not said. */
  readonly peer: PeerId | null;
  /** The other end of the connection. */
  readonly remote: string;
  /** Whether we refused, or were refused. */
  readonly byUs: boolean;
  /** How many like it were left out of the reports since the last. */
  readonly suppressed: number;
}

/** How the way to one peer stands. `sinceMs` is a moment of the runtime's monotonic clock. */
export type LinkStatus =
  | {
      readonly state: 'up';
      readonly peer: PeerId;
      readonly sinceMs: number;
      readonly incarnation: Incarnation;
      readonly remote: string;
    }
  | {
      readonly state: 'down';
      readonly peer: PeerId;
      readonly sinceMs: number;
      /** Where it is dialled; `null` when it is not. */
      readonly address: string | null;
      /** Failed dials, and links that broke at once, in a row. */
      readonly attempts: number;
      /** What became of the last one, or why the link went; `null` before the first. */
      readonly lastError: string | null;
    };
