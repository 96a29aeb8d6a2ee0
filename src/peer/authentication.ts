/**
 * Proof that a peer knows a secret of the mesh, without sending it: an HMAC-SHA256 over everything
 * that the two said, which includes a fresh challenge from each, so that a proof is good for one
 * handshake, one role and one pair of peers. A mesh without a secret uses the empty key: the proof
 * then shows nothing but that both speak of the same things.
 */

import { createHmac, timingSafeEqual } from 'node:crypto';

/** Secrets that may be in use at once, while one takes the place of another. */
export const secretsMax = 4;

/** Bytes of a challenge. */
export const nonceBytes = 32;

/** Bytes of a proof. */
export const proofBytes = 32;

/** One proof for each of our secrets. */
export function makeProofs(secrets: readonly string[], transcript: Uint8Array): Uint8Array[] {
  return keysOf(secrets).map((key) => prove(key, transcript));
}

/** Whether one of `proofs` was made with one of our secrets. */
export function hasProof(
  secrets: readonly string[],
  transcript: Uint8Array,
  proofs: readonly Uint8Array[],
): boolean {
  let found = false;
  for (const expected of makeProofs(secrets, transcript)) {
    for (const proof of proofs.slice(0, secretsMax)) {
      if (proof.length === proofBytes && timingSafeEqual(proof, expected)) found = true;
    }
  }
  return found;
}

function keysOf(secrets: readonly string[]): readonly string[] {
  return secrets.length === 0 ? [''] : secrets.slice(0, secretsMax);
}

function prove(key: string, transcript: Uint8Array): Uint8Array {
  return createHmac('sha256', key).update(transcript).digest();
}
