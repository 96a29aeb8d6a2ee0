/**
 * Two sides of a handshake, a that dials and b that listens, without anything between them.
 */

import {
  DiallerHandshake,
  type Handshake,
  type HandshakeOptions,
  type HandshakeStep,
  ListenerHandshake,
} from '../../src/peer/handshake.ts';
import type { MeshFingerprint } from '../../src/peer/link-types.ts';
import { incarnation, type PeerId, peerId } from '../../src/protocol/ids.ts';

export const a: PeerId = peerId('a');
export const b: PeerId = peerId('b');
export const mesh: MeshFingerprint = {
  name: 'lockmesh',
  voters: [a, b],
  quorum: 2,
  replicas: 2,
  leaseMs: 10_000,
  maxClockDrift: 0.01,
  allowSteal: false,
  members: false,
};

let nonces = 0;

export function options(id: string, changes: Partial<HandshakeOptions> = {}): HandshakeOptions {
  return {
    id: peerId(id),
    incarnation: incarnation(id === 'a' ? 1_000 : 2_000),
    mesh,
    secrets: ['the secret'],
    versions: { min: 1, max: 1 },
    nonce: freshNonce(),
    admit: () => null,
    ...changes,
  };
}

function freshNonce(): Uint8Array {
  const nonce = Buffer.alloc(32);
  nonce.writeUInt32BE(++nonces);
  return nonce;
}

export interface Meeting {
  readonly dialler: HandshakeStep | undefined;
  readonly listener: HandshakeStep | undefined;
  /** What the dialler sent, in order. */
  readonly fromDialler: readonly Uint8Array[];
  readonly fromListener: readonly Uint8Array[];
}

/** Lets a dial b until neither has more to say. */
export function meet(
  ours: Partial<HandshakeOptions> = {},
  theirs: Partial<HandshakeOptions> = {},
): Meeting {
  const near = new DiallerHandshake(options('a', ours), b);
  const far = new ListenerHandshake(options('b', theirs));
  const fromDialler: Uint8Array[] = [];
  const fromListener: Uint8Array[] = [];
  let dialler: HandshakeStep | undefined;
  let listener: HandshakeStep | undefined;
  let next: Uint8Array | null = near.greeting;
  while (next !== null) {
    fromDialler.push(next);
    listener = far.receive(next);
    if (listener.send === null) break;
    fromListener.push(listener.send);
    dialler = near.receive(listener.send);
    next = dialler.send;
  }
  return { dialler, listener, fromDialler, fromListener };
}

/** Gives the other side's messages to one side, in order, and returns the last step. */
export function replay(
  side: Handshake,
  messages: readonly Uint8Array[],
): HandshakeStep | undefined {
  let step: HandshakeStep | undefined;
  for (const message of messages) {
    step = side.receive(message);
    if (step.state !== 'open') return step;
  }
  return step;
}
