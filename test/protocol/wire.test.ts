/** Frames survive the wire, and nothing that comes over it can make the parser throw. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decode, encode } from '../../src/peer/codec.ts';
import { encodeFrame, parseFrame } from '../../src/protocol/index.ts';
import { anyFrame } from '../harness/arbitrary-frames.ts';

describe('parseFrame()', () => {
  test('gives back every frame that was encoded, through the codec', () => {
    fc.assert(
      fc.property(anyFrame, (frame) => {
        const decoded = decode(encode(encodeFrame(frame)));
        expect(decoded.ok && parseFrame(decoded.value)).toEqual({ ok: true, frame });
      }),
      { numRuns: 500 },
    );
  });

  test('throws on nothing', () => {
    fc.assert(
      fc.property(fc.anything({ maxDepth: 6 }), (value) => {
        expect(parseFrame(value).ok).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  test('throws on no frame of which a part was replaced', () => {
    let refused = 0;
    fc.assert(
      fc.property(anyFrame, fc.nat(), fc.anything(), (frame, place, value) => {
        if (!parseFrame(replaced(encodeFrame(frame), place, value)).ok) refused += 1;
      }),
      { numRuns: 2_000 },
    );
    expect(refused).toBeGreaterThan(500);
  });

  test('throws on no bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const decoded = decode(bytes);
        if (decoded.ok) parseFrame(decoded.value);
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    ['no array', {}, 'frame: should be an array of 5, is an object'],
    ['a short one', [1, 1, 0, 0], 'frame: should be an array of 5, is an array of 4'],
    ['a sequence of 0', [0, 1, 0, 0, []], /^frame: sequence should be a whole number from 1 to/],
    ['a fraction', [1, 1.5, 0, 0, []], /^frame: stamp should be a whole number from 1 to/],
    ['an unknown message', [1, 1, 0, 0, [[99]]], /^message: tag should be one of 1, 2, 3/],
    ['no message', [1, 1, 0, 0, [null]], /^message: tag should be one of/],
    [
      'a field too many',
      [1, 1, 0, 0, [[3, 0]]],
      'recovered: should be an array of 1, is an array of 2',
    ],
    [
      'no name',
      [1, 1, 0, 0, [[5, 1, [], 1, 1, 0, 0]]],
      /^prepare: resources should be at least one/,
    ],
    ['a name twice', [1, 1, 0, 0, [[5, 1, ['x', ['x']], 1, 1, 0, 0]]], /should be distinct names/],
    [
      'half a surrogate',
      [1, 1, 0, 0, [[5, 1, ['\ud800'], 1, 1, 0, 0]]],
      /should be distinct names/,
    ],
    ['a strange round id', [1, 1, 0, 0, [[6, 1, 1, 1, ['a/b'], 1]]], /after should be round ids/],
    [
      'a holder of a strange name',
      [1, 1, 0, 0, [[8, 1, 0, [['a b', 1]]]]],
      /holders should be pairs/,
    ],
  ])('refuses %s', (_, value, error) => {
    const result = parseFrame(value);
    expect(result.ok ? '' : result.error).toMatch(error);
  });
});

/** The value with its `place`-th part, counted depth first, replaced. */
function replaced(value: unknown, place: number, by: unknown): unknown {
  const count = countParts(value);
  let left = place % count;
  const visit = (part: unknown): unknown => {
    if (left === 0) {
      left -= 1;
      return by;
    }
    left -= 1;
    return Array.isArray(part) ? part.map(visit) : part;
  };
  return visit(value);
}

function countParts(value: unknown): number {
  if (!Array.isArray(value)) return 1;
  return value.reduce<number>((sum, part) => sum + countParts(part), 1);
}
