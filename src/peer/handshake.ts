/**
 * How two peers come to believe each other, one message after the other. Pure: bytes in, a step
 * out; connections, time and the memory of other links are links.ts's.
 *
 *     dialler                          listener
 *        │ ── greet: versions, id, … ────▶ │
 *        │ ◀─ answer: the same, proof ──── │   the dialler knows the listener
 *        │ ── prove: proof, mesh ────────▶ │   the listener knows the dialler, compares the mesh
 *        │ ◀─ welcome ──────────────────── │   both linked
 *
 * In place of its next message each may `refuse`. Whom a side has not believed yet, it tells no
 * more than a code, and takes no more than a code from: a stranger learns nothing, and can make
 * nobody think that it is a duplicate.
 */

import type { Incarnation, PeerId } from '../protocol/ids.ts';
import { commonVersion, type VersionRange } from '../protocol/version.ts';
import { hasProof, makeProofs } from './authentication.ts';
import {
  type Envelope,
  encodeEnvelope,
  encodeGreeting,
  encodeShowing,
  type Objection,
  parseEnvelope,
  parseGreeting,
  parseShowing,
} from './handshake-messages.ts';
import {
  describeNoSecret,
  describeVersions,
  findMeshDifference,
  type Refused,
  refusedBy,
  refusedByPeer,
  refusePeer,
  refuseStranger,
} from './handshake-refusals.ts';
import type { MeshFingerprint, RefusalCode } from './link-types.ts';

/** The peer at the other end, believed. */
export interface RemotePeer {
  readonly id: PeerId;
  readonly incarnation: Incarnation;
  /** The version to speak. */
  readonly version: number;
}

export interface HandshakeOptions {
  readonly id: PeerId;
  readonly incarnation: Incarnation;
  readonly mesh: MeshFingerprint;
  readonly secrets: readonly string[];
  readonly versions: VersionRange;
  /** Unpredictable, never used before. */
  readonly nonce: Uint8Array;
  /** Asked about a peer once it is believed: what speaks against a link to it, if anything. */
  admit(peer: RemotePeer): Objection | null;
}

/** What one message led to. `send` goes first, `null` for nothing. */
export type HandshakeStep =
  | { readonly state: 'open'; readonly send: Uint8Array | null }
  | { readonly state: 'linked'; readonly send: Uint8Array | null; readonly peer: RemotePeer }
  | Refused;

/** One side of a handshake. After `linked` or `refused` it takes no more messages. */
export interface Handshake {
  /** Who the other side says it is, proved or not; `null` before it has said. */
  readonly peer: PeerId | null;
  receive(bytes: Uint8Array): HandshakeStep;
}

const notOurs = 'Not a message of the lockmesh handshake at this point';
const nothing = new Uint8Array(0);
const domain = Buffer.from('lockmesh handshake');

type DiallerState =
  | { readonly state: 'greeted' }
  | { readonly state: 'proved'; readonly peer: RemotePeer };

/** The side that dialled `expected`. */
export class DiallerHandshake implements Handshake {
  /** To be sent first. */
  readonly greeting: Uint8Array;
  readonly peer: PeerId;
  readonly #options: HandshakeOptions;
  readonly #body: Uint8Array;
  #state: DiallerState = { state: 'greeted' };

  constructor(options: HandshakeOptions, expected: PeerId) {
    this.#options = options;
    this.peer = expected;
    this.#body = encodeGreeting(options);
    this.greeting = encodeEnvelope({ kind: 'greet', body: this.#body, proofs: [] });
  }

  receive(bytes: Uint8Array): HandshakeStep {
    const envelope = parseEnvelope(bytes);
    if (envelope?.kind === 'refuse') {
      return refusedBy(envelope, this.peer, this.#state.state === 'proved');
    }
    if (this.#state.state === 'greeted' && envelope?.kind === 'answer') {
      return this.#onAnswer(envelope);
    }
    if (this.#state.state === 'proved' && envelope?.kind === 'welcome') {
      return { state: 'linked', send: null, peer: this.#state.peer };
    }
    return this.#refuse('malformed', notOurs);
  }

  #onAnswer(envelope: Envelope): HandshakeStep {
    const { id, secrets, versions } = this.#options;
    const theirs = parseGreeting(envelope.body);
    if (theirs === undefined) return this.#refuse('malformed', 'The answer has impossible fields');
    const version = commonVersion(versions, theirs.versions);
    if (version === undefined) {
      return this.#refuse('version', describeVersions(this.#options, theirs));
    }
    if (theirs.id !== this.peer) {
      const who = theirs.id === id ? 'this peer itself' : theirs.id;
      return this.#refuse('wrong-peer', `Dialled ${this.peer}, and ${who} answered: check its url`);
    }
    const heard = transcript('listener', [this.#body, envelope.body]);
    if (!hasProof(secrets, heard, envelope.proofs)) {
      return this.#refuse('secret', describeNoSecret(this.peer));
    }
    return this.#prove({ id: theirs.id, incarnation: theirs.incarnation, version }, envelope.body);
  }

  #prove(peer: RemotePeer, theirs: Uint8Array): HandshakeStep {
    const { mesh, secrets } = this.#options;
    const objection = this.#options.admit(peer);
    const body = encodeShowing({ mesh, objection });
    const proofs = makeProofs(secrets, transcript('dialler', [this.#body, theirs, body]));
    const send = encodeEnvelope({ kind: 'prove', body, proofs });
    this.#state = { state: 'proved', peer };
    if (objection === null) return { state: 'open', send };
    return { state: 'refused', send, objection, byUs: true, peer: peer.id, believed: true };
  }

  #refuse(code: RefusalCode, detail: string): Refused {
    return refuseStranger(code, detail, this.peer);
  }
}

type ListenerState =
  | { readonly state: 'listening' }
  | {
      readonly state: 'answered';
      readonly peer: RemotePeer;
      /** Both greetings, as they went over the wire. */
      readonly bodies: readonly [Uint8Array, Uint8Array];
    };

/** The side that was dialled. */
export class ListenerHandshake implements Handshake {
  readonly #options: HandshakeOptions;
  #state: ListenerState = { state: 'listening' };

  constructor(options: HandshakeOptions) {
    this.#options = options;
  }

  get peer(): PeerId | null {
    return this.#state.state === 'answered' ? this.#state.peer.id : null;
  }

  receive(bytes: Uint8Array): HandshakeStep {
    const envelope = parseEnvelope(bytes);
    if (envelope?.kind === 'refuse') return refusedBy(envelope, this.peer, false);
    if (this.#state.state === 'listening' && envelope?.kind === 'greet') {
      return this.#onGreet(envelope);
    }
    if (this.#state.state === 'answered' && envelope?.kind === 'prove') {
      return this.#onProve(envelope, this.#state.peer, this.#state.bodies);
    }
    return refuseStranger('malformed', notOurs, this.peer);
  }

  #onGreet(envelope: Envelope): HandshakeStep {
    const { id, secrets, versions } = this.#options;
    const theirs = parseGreeting(envelope.body);
    if (theirs === undefined) {
      return refuseStranger('malformed', 'The greeting has impossible fields', null);
    }
    const version = commonVersion(versions, theirs.versions);
    if (version === undefined) {
      return refuseStranger('version', describeVersions(this.#options, theirs), theirs.id);
    }
    if (theirs.id === id) {
      return refuseStranger('wrong-peer', `A peer named ${id}, as this one, dialled it`, theirs.id);
    }
    const body = encodeGreeting(this.#options);
    const proofs = makeProofs(secrets, transcript('listener', [envelope.body, body]));
    const peer = { id: theirs.id, incarnation: theirs.incarnation, version };
    this.#state = { state: 'answered', peer, bodies: [envelope.body, body] };
    return { state: 'open', send: encodeEnvelope({ kind: 'answer', body, proofs }) };
  }

  #onProve(
    envelope: Envelope,
    peer: RemotePeer,
    bodies: readonly [Uint8Array, Uint8Array],
  ): HandshakeStep {
    const { admit, id, mesh, secrets } = this.#options;
    const heard = transcript('dialler', [...bodies, envelope.body]);
    if (!hasProof(secrets, heard, envelope.proofs)) {
      return refuseStranger('secret', describeNoSecret(peer.id), peer.id);
    }
    const showing = parseShowing(envelope.body);
    if (showing === undefined) {
      return refuseStranger('malformed', 'The proof has impossible fields', peer.id);
    }
    const { objection: theirs } = showing;
    if (theirs !== null) return refusedByPeer(theirs, peer.id);
    const objection =
      findMeshDifference({ id, mesh }, { id: peer.id, mesh: showing.mesh }) ?? admit(peer);
    if (objection !== null) return refusePeer(objection, peer.id);
    const send = encodeEnvelope({ kind: 'welcome', body: nothing, proofs: [] });
    return { state: 'linked', send, peer };
  }
}

/** What a proof is made over: unambiguous, since every part comes after its length. */
function transcript(role: 'dialler' | 'listener', parts: readonly Uint8Array[]): Uint8Array {
  const chunks: Uint8Array[] = [];
  for (const part of [domain, Buffer.from(role), ...parts]) {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(part.length);
    chunks.push(length, part);
  }
  return Buffer.concat(chunks);
}
