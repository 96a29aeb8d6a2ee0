/**
 * Proofs: which secrets match, and what is no proof.
 */

import { describe, expect, test } from 'vitest';
import { hasProof, makeProofs, proofBytes } from '../../src/peer/authentication.ts';

const said = Buffer.from('what the two said');

describe('hasProof()', () => {
  test.each<[string, readonly string[], readonly string[], boolean]>([
    ['the same secret', ['one secret'], ['one secret'], true],
    ['another secret', ['one secret'], ['other secret'], false],
    ['the new secret, known as the second', ['new secret'], ['old secret', 'new secret'], true],
    ['two secrets, one of them known', ['new secret', 'old secret'], ['old secret'], true],
    ['two secrets, none of them known', ['new secret', 'old secret'], ['third secret'], false],
    ['no secret where none is used', [], [], true],
    ['no secret where one is used', [], ['one secret'], false],
    ['a secret where none is used', ['one secret'], [], false],
  ])('tells of %s', (_, theirs, ours, expected) => {
    expect(hasProof(ours, said, makeProofs(theirs, said))).toBe(expected);
  });

  test('refuses a proof of something else', () => {
    expect(hasProof(['one secret'], said, makeProofs(['one secret'], Buffer.from('else')))).toBe(
      false,
    );
  });

  test('refuses no proof, a short one, and one too many', () => {
    const secret = ['one secret'];
    const [proof = new Uint8Array(0)] = makeProofs(secret, said);
    const wrong = new Uint8Array(proofBytes);
    expect(hasProof(secret, said, [])).toBe(false);
    expect(hasProof(secret, said, [proof.subarray(1)])).toBe(false);
    expect(hasProof(secret, said, [wrong, wrong, wrong, proof])).toBe(true);
    expect(hasProof(secret, said, [wrong, wrong, wrong, wrong, proof])).toBe(false);
  });

  test('never shows the secret', () => {
    const [proof] = makeProofs(['one secret'], said);
    expect(Buffer.from(proof ?? []).toString('hex')).toHaveLength(64);
    expect(Buffer.from(proof ?? []).includes('secret')).toBe(false);
  });
});
