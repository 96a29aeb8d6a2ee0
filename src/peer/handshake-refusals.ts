/**
 * How a handshake ends in a refusal: what each side tells the other, and what it makes of what it
 * is told. Somebody not yet believed gets a code and no more, and is taken at no more than a code.
 */

import type { PeerId } from '../protocol/ids.ts';
import {
  type Envelope,
  encodeEnvelope,
  encodeObjection,
  type Greeting,
  type Objection,
  parseObjection,
} from './handshake-messages.ts';
import type { MeshFingerprint, RefusalCode } from './link-types.ts';

/** The end of a handshake: close the connection after `send`, if that is not `null`. */
export interface Refused {
  readonly state: 'refused';
  readonly send: Uint8Array | null;
  readonly objection: Objection;
  /** Whether this side refused. */
  readonly byUs: boolean;
  /** Who the other side says it is; `null` when it has not said. */
  readonly peer: PeerId | null;
  /** Whether that is proved. */
  readonly believed: boolean;
}

/** Refuses a side that has not proved who it is. */
export function refuseStranger(code: RefusalCode, detail: string, peer: PeerId | null): Refused {
  // Versions stand in every greeting anyway.
  const told = { code, detail: code === 'version' ? detail : '', newest: null };
  const objection = { code, detail, newest: null };
  return { ...refusal(peer, objection), send: encodeRefusal(told), byUs: true, believed: false };
}

/** Refuses a peer that has proved who it is. */
export function refusePeer(objection: Objection, peer: PeerId): Refused {
  const send = encodeRefusal(objection);
  return { ...refusal(peer, objection), send, byUs: true, believed: true };
}

/** A peer that has proved who it is refuses us. */
export function refusedByPeer(objection: Objection, peer: PeerId): Refused {
  return { ...refusal(peer, objection), send: null, byUs: false, believed: true };
}

/** The other side refuses us, in an envelope of its own. */
export function refusedBy(envelope: Envelope, peer: PeerId | null, believed: boolean): Refused {
  const told = parseObjection(envelope.body);
  const objection = told === undefined ? unreadable : heeded(told, believed);
  return { ...refusal(peer, objection), send: null, byUs: false, believed };
}

/** The first option of the mesh, by the name that users know, in which two peers differ. */
export function findMeshDifference(ours: MeshMember, theirs: MeshMember): Objection | null {
  for (const [field, read] of meshFields) {
    const here = read(ours.mesh);
    const there = read(theirs.mesh);
    if (here === there) continue;
    const detail = `${field} must be equal, and is ${here} at ${ours.id}, ${there} at ${theirs.id}`;
    return { code: 'mesh', detail, newest: null };
  }
  return null;
}

/** A peer and the mesh options that it was given. */
export interface MeshMember {
  readonly id: PeerId;
  readonly mesh: MeshFingerprint;
}

export function describeNoSecret(peer: PeerId): string {
  return `The proof of ${peer} does not match: the secret must be the same on both peers`;
}

export function describeVersions(
  ours: Pick<Greeting, 'id' | 'versions'>,
  theirs: Greeting,
): string {
  return `${describeVersion(ours)}, ${describeVersion(theirs)}: upgrade the older one`;
}

const meshFields: readonly (readonly [string, (mesh: MeshFingerprint) => string])[] = [
  ['mesh', (mesh) => mesh.name],
  ['voters', (mesh) => mesh.voters.join(' ')],
  ['replicas', (mesh) => String(mesh.replicas)],
  ['quorum', (mesh) => String(mesh.quorum)],
  ['lease', (mesh) => String(mesh.leaseMs)],
  ['maxClockDrift', (mesh) => String(mesh.maxClockDrift)],
  ['members', (mesh) => String(mesh.members)],
  ['allowSteal', (mesh) => String(mesh.allowSteal)],
];

const unreadable: Objection = {
  code: 'malformed',
  detail: 'It refused in a way that cannot be read',
  newest: null,
};

function refusal(
  peer: PeerId | null,
  objection: Objection,
): Pick<Refused, 'state' | 'objection' | 'peer'> {
  return { state: 'refused', objection, peer };
}

function encodeRefusal(objection: Objection): Uint8Array {
  return encodeEnvelope({ kind: 'refuse', body: encodeObjection(objection), proofs: [] });
}

function describeVersion({ id, versions }: Pick<Greeting, 'id' | 'versions'>): string {
  return `${id} speaks protocol versions ${versions.min} to ${versions.max}`;
}

/**
 * Anybody can claim to refuse us: of somebody not believed only the code counts, if it could be so.
 */
function heeded(told: Objection, believed: boolean): Objection {
  if (believed && told.detail !== '') return told;
  const { code } = told;
  switch (code) {
    case 'secret':
      return { code, detail: 'It says that the secrets differ', newest: null };
    case 'version':
      return { code, detail: 'It says that no protocol version is common', newest: null };
    case 'wrong-peer':
      return { code, detail: 'It says that it meant another peer: check the urls', newest: null };
    default:
      return { code: 'malformed', detail: 'It refused without saying why', newest: null };
  }
}
