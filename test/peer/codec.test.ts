/**
 * The codec gives plain values back, and refuses all other bytes without a throw.
 */

import fc from 'fast-check';
import { Unpackr } from 'msgpackr/pack';
import { describe, expect, test } from 'vitest';
import { decode, depthMax, encode } from '../../src/peer/codec.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 100 }).filter(isPlainText);

/** Plain values as the wire has them, nested no deeper than the codec takes. */
const plain = fc.letrec((tie) => ({
  leaf: fc.oneof(
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger(),
    fc.integer(),
    fc.double({ noNaN: true }).filter((value) => !Object.is(value, -0)),
    text,
  ),
  value: fc.oneof(
    { maxDepth: depthMax - 1, depthIdentifier: 'plain' },
    tie('leaf'),
    fc.array(tie('value'), { maxLength: 20, depthIdentifier: 'plain' }),
    fc.dictionary(
      text.filter((key) => key !== '__proto__'),
      tie('value'),
      { maxKeys: 5, noNullPrototype: true, depthIdentifier: 'plain' },
    ),
  ),
})).value;

/** Another reader, which builds more than what is plain. */
const other = new Unpackr({ int64AsType: 'number', mapsAsObjects: true, useRecords: false });

describe('encode() and decode()', () => {
  test('give every plain value back', () => {
    fc.assert(
      fc.property(plain, (value) => {
        expect(decode(encode(value))).toEqual({ ok: true, value });
      }),
      { numRuns: 2_000 },
    );
  });

  test('give bytes back as a copy', () => {
    const encoded = encode([new Uint8Array([1, 2, 3])]);
    const decoded = decode(encoded);
    encoded.fill(0);
    expect(decoded.ok && Buffer.from((decoded.value as Uint8Array[])[0] ?? [])).toEqual(
      Buffer.from([1, 2, 3]),
    );
  });

  test('keep every safe integer exact, stamps included', () => {
    for (const value of [2 ** 53 - 1, -(2 ** 53) + 1, 2 ** 52 + 1, 2 ** 32, 2 ** 31, -(2 ** 31)]) {
      expect(decode(encode(value))).toEqual({ ok: true, value });
    }
  });

  test('write nothing but arrays, strings and numbers for a frame', () => {
    expect(Buffer.from(encode([1, 'a', [2 ** 40]])).toString('hex')).toBe(
      '9301a16191cb4270000000000000',
    );
  });
});

describe('decode()', () => {
  test.each([
    ['nothing at all', '', 'Truncated at byte 0'],
    ['a fixext 1', 'd40000', 'Extension type 0xd4 at byte 0'],
    ['a record definition', '91d4720192a16101', 'Extension type 0xd4 at byte 1'],
    ['a date', 'd6ff00000000', 'Extension type 0xd6 at byte 0'],
    ['a set', 'c70173 9101', 'Extension type 0xc7 at byte 0'],
    ['an ext 16', 'c8000000', 'Extension type 0xc8 at byte 0'],
    ['an ext 32', 'c90000000000', 'Extension type 0xc9 at byte 0'],
    ['a fixext 16', `d801${'00'.repeat(16)}`, 'Extension type 0xd8 at byte 0'],
    ['the unused code', '91c1', 'Unused code 0xc1 at byte 1'],
    ['an array cut short', '9201', 'Count 2 at byte 0 exceeds the input'],
    ['a huge count', 'ddffffffff', 'Count 4294967295 at byte 0 exceeds the input'],
    ['counts that exceed only together', '92 92 01', 'Count 2 at byte 1 exceeds the input'],
    ['a map cut short', 'df0000000101', 'Count 1 at byte 0 exceeds the input'],
    ['a string cut short', 'a361', 'Length 3 at byte 1 exceeds the input'],
    ['a string of four gigabytes', 'dbffffffff61', 'Length 4294967295 at byte 5 exceeds the input'],
    ['bytes cut short', 'c40501', 'Length 5 at byte 2 exceeds the input'],
    ['a number cut short', 'cb00000000', 'Truncated at byte 0'],
    ['a count cut short', 'dc01', 'Truncated at byte 0'],
    ['trailing bytes', '0102', '1 bytes too many'],
    ['a number as key', '810102', 'Map key at byte 1 is not a string'],
    ['an array as key', '819001', 'Map key at byte 1 is not a string'],
    ['a number as second key', '82a161010102', 'Map key at byte 4 is not a string'],
    ['an unsafe unsigned integer', 'cf0020000000000000', 'Integer at byte 0 is beyond 2^53 - 1'],
    ['an unsafe signed integer', 'd3ffe0000000000000', 'Integer at byte 0 is beyond 2^53 - 1'],
    ['text that is not UTF-8', 'a2c328', 'Bad text at byte 1'],
    ['a lone surrogate', 'a3eda080', 'Bad text at byte 1'],
    ['a byte order mark', 'a3efbbbf', 'Bad text at byte 1'],
  ])('refuses %s', (_, hex, error) => {
    const bytes = Buffer.from(hex.replaceAll(' ', ''), 'hex');
    expect(decode(bytes)).toEqual({ ok: false, error });
  });

  test('takes 64-bit integers within the safe range as numbers', () => {
    expect(decode(Buffer.from('cf001fffffffffffff', 'hex'))).toEqual({
      ok: true,
      value: 2 ** 53 - 1,
    });
    expect(decode(Buffer.from('d3ffe0000000000001', 'hex'))).toEqual({
      ok: true,
      value: -(2 ** 53) + 1,
    });
  });

  test(`takes depth ${depthMax} and refuses one more`, () => {
    const nested = (depth: number) => Buffer.from(`${'91'.repeat(depth)}01`, 'hex');
    expect(decode(nested(depthMax)).ok).toBe(true);
    expect(decode(nested(depthMax + 1))).toEqual({
      ok: false,
      error: `Nested deeper than ${depthMax} at byte ${depthMax}`,
    });
  });

  test('forgets a level that has ended when it counts depth', () => {
    const value = [[[[[[[[]]]]]]], [[[[[[[]]]]]]]];
    expect(decode(encode(value))).toEqual({ ok: true, value });
  });

  test('keeps a map that names __proto__ harmless', () => {
    const decoded = decode(Buffer.from('81a95f5f70726f746f5f5f81a16101', 'hex'));
    expect(decoded.ok && Object.getPrototypeOf(decoded.value)).toBe(Object.prototype);
  });

  test('never throws on random bytes; takes some, and reads in them what msgpackr does', () => {
    let taken = 0;
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const decoded = decode(bytes);
        if (!decoded.ok) return;
        taken++;
        expect(decoded.value).toEqual(other.decode(bytes));
      }),
      { numRuns: 20_000 },
    );
    expect(taken).toBeGreaterThan(0);
  });

  test('never throws on valid bytes with some changed or cut; what it takes, encodes', () => {
    let taken = 0;
    const change = fc.tuple(fc.nat(), fc.nat(255));
    fc.assert(
      fc.property(plain, fc.array(change, { maxLength: 3 }), fc.nat(3), (value, changes, cut) => {
        const bytes = Buffer.from(encode(value));
        for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
        // No `Buffer`: of one, msgpackr gives bytes back as one.
        const rest = Uint8Array.from(bytes.subarray(0, bytes.length - cut));
        const decoded = decode(rest);
        if (!decoded.ok) return;
        taken++;
        expect(decode(encode(decoded.value)).ok).toBe(true);
        expect(decoded.value).toEqual(other.decode(rest));
      }),
      { examples: [[2.0522684006491881e-289, [[0, 0xc4]], 3]], numRuns: 5_000 },
    );
    expect(taken).toBeGreaterThan(100);
  });

  test('refuses every proper beginning of a valid encoding', () => {
    fc.assert(
      fc.property(fc.array(plain, { maxLength: 5 }), (value) => {
        const bytes = encode(value);
        const taken = [...bytes.keys()].filter((length) => decode(bytes.subarray(0, length)).ok);
        expect(taken).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

function isPlainText(value: string): boolean {
  return Buffer.from(value).toString() === value && !value.startsWith('\ufeff');
}
