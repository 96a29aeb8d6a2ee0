/**
 * The messages of the handshake and their form on the wire:
 *
 *     ['lockmesh', kind, body, proofs]
 *
 * The body is bytes, an encoded array by itself: proofs are made over exactly those bytes, so that
 * no two encoders need agree on how to write a value. This envelope and the first fields of a
 * greeting (versions, id) stay as they are in every version, or versions could not refuse each
 * other by name.
 */

import { type Incarnation, incarnation, isPeerId, type PeerId, peerId } from '../protocol/ids.ts';
import type { VersionRange } from '../protocol/version.ts';
import { nonceBytes, proofBytes, secretsMax } from './authentication.ts';
import { decode, encode } from './codec.ts';
import type { MeshFingerprint, RefusalCode } from './link-types.ts';

/** Who speaks, and a fresh challenge. */
export interface Greeting {
  readonly versions: VersionRange;
  readonly id: PeerId;
  readonly incarnation: Incarnation;
  readonly nonce: Uint8Array;
}

/** Why one side will not have the other. */
export interface Objection {
  readonly code: RefusalCode;
  readonly detail: string;
  /** The newest incarnation heard, for `stale-incarnation`; `null` otherwise. */
  readonly newest: Incarnation | null;
}

/** What the dialler shows once it believes the listener. */
export interface Showing {
  readonly mesh: MeshFingerprint;
  /** Set when the dialler refuses: the proof makes the refusal believable. */
  readonly objection: Objection | null;
}

export type MessageKind = 'greet' | 'answer' | 'prove' | 'welcome' | 'refuse';

export interface Envelope {
  readonly kind: MessageKind;
  readonly body: Uint8Array;
  readonly proofs: readonly Uint8Array[];
}

/** Bytes of a handshake message. */
export const handshakeBytesMax: number = 16 * 1024;

const magic = 'lockmesh';
const kinds: readonly unknown[] = ['greet', 'answer', 'prove', 'welcome', 'refuse'];
const detailLengthMax = 512;
const nameLengthMax = 256;
const votersMax = 256;

const refusalCodes: readonly unknown[] = [
  'secret',
  'version',
  'malformed',
  'timeout',
  'wrong-peer',
  'mesh',
  'not-a-member',
  'duplicate',
  'stale-incarnation',
  'crossing',
  'crowded',
] satisfies readonly RefusalCode[];

export function encodeEnvelope(envelope: Envelope): Uint8Array {
  return encode([magic, envelope.kind, envelope.body, envelope.proofs]);
}

/** The envelope in `bytes`; `undefined` when there is none. */
export function parseEnvelope(bytes: Uint8Array): Envelope | undefined {
  if (bytes.length > handshakeBytesMax) return undefined;
  const decoded = decode(bytes);
  if (!decoded.ok || !Array.isArray(decoded.value)) return undefined;
  const [word, kind, body, proofs]: readonly unknown[] = decoded.value;
  if (word !== magic || !isKind(kind) || !(body instanceof Uint8Array)) return undefined;
  if (!Array.isArray(proofs) || proofs.length > secretsMax || !proofs.every(isProof)) {
    return undefined;
  }
  return { kind, body, proofs };
}

export function encodeGreeting({ versions, id, incarnation, nonce }: Greeting): Uint8Array {
  return encode([versions.min, versions.max, id, incarnation, nonce]);
}

export function parseGreeting(body: Uint8Array): Greeting | undefined {
  const fields = parseArray(body);
  if (fields === undefined) return undefined;
  const [min, max, id, started, nonce] = fields;
  if (!isCount(min) || !isCount(max) || !isPeerId(id)) return undefined;
  if (!isCount(started) || !(nonce instanceof Uint8Array)) return undefined;
  if (nonce.length !== nonceBytes) return undefined;
  return { versions: { min, max }, id, incarnation: incarnation(started), nonce };
}

export function encodeShowing({ mesh, objection }: Showing): Uint8Array {
  const { name, voters, quorum, leaseMs, maxClockDrift, members, replicas, allowSteal } = mesh;
  const numbers = [quorum, leaseMs, maxClockDrift];
  const fingerprint = [name, voters, ...numbers, members, replicas, allowSteal];
  return encode([fingerprint, objection === null ? null : objectionFields(objection)]);
}

export function parseShowing(body: Uint8Array): Showing | undefined {
  const fields = parseArray(body);
  if (fields === undefined) return undefined;
  const mesh = parseMesh(fields[0]);
  if (mesh === undefined) return undefined;
  if (fields[1] === null) return { mesh, objection: null };
  const objection = parseObjectionFields(fields[1]);
  return objection === undefined ? undefined : { mesh, objection };
}

export function encodeObjection(objection: Objection): Uint8Array {
  return encode(objectionFields(objection));
}

export function parseObjection(body: Uint8Array): Objection | undefined {
  return parseObjectionFields(parseArray(body));
}

function objectionFields({ code, detail, newest }: Objection): unknown {
  // Cut between characters: half of one would make the message unreadable.
  return [code, [...detail].slice(0, detailLengthMax).join(''), newest];
}

function parseObjectionFields(value: unknown): Objection | undefined {
  if (!Array.isArray(value)) return undefined;
  const [code, detail, newest]: readonly unknown[] = value;
  if (!isRefusalCode(code) || typeof detail !== 'string') return undefined;
  if (newest !== null && !isCount(newest)) return undefined;
  return { code, detail: printable(detail), newest: newest === null ? null : incarnation(newest) };
}

/** Text of the other side's, fit for a log. */
function printable(text: string): string {
  return text.slice(0, 2 * detailLengthMax).replaceAll(/\p{Cc}/gu, ' ');
}

function parseMesh(value: unknown): MeshFingerprint | undefined {
  if (!Array.isArray(value)) return undefined;
  const [name, voters, quorum, ...others]: readonly unknown[] = value;
  const [leaseMs, maxClockDrift, members, replicas, allowSteal] = others;
  if (typeof name !== 'string' || name.length > nameLengthMax) return undefined;
  if (!Array.isArray(voters) || voters.length > votersMax || !voters.every(isPeerId)) {
    return undefined;
  }
  if (!isCount(quorum) || !isCount(replicas)) return undefined;
  if (typeof leaseMs !== 'number' || typeof maxClockDrift !== 'number') return undefined;
  if (typeof members !== 'boolean' || typeof allowSteal !== 'boolean') return undefined;
  const ids: readonly string[] = voters;
  const all = ids.map(peerId);
  return { name, voters: all, quorum, leaseMs, maxClockDrift, members, replicas, allowSteal };
}

function parseArray(body: Uint8Array): readonly unknown[] | undefined {
  const decoded = decode(body);
  return decoded.ok && Array.isArray(decoded.value) ? decoded.value : undefined;
}

function isKind(value: unknown): value is MessageKind {
  return kinds.includes(value);
}

function isRefusalCode(value: unknown): value is RefusalCode {
  return refusalCodes.includes(value);
}

function isProof(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array && value.length === proofBytes;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1;
}
