/** Frames survive the wire, and nothing that comes over it can make the parser throw. */

import fc from 'fast-check';
import { Unpackr } from 'msgpackr/pack';
import { describe, expect, test } from 'vitest';
import { decode, encode } from '../../src/peer/codec.ts';
import { encodeFrame, parseFrame } from '../../src/peer/frame-codec.ts';
import {
  type Frame,
  leaseTimeMs,
  type Prepare,
  roundNumber,
  stamp,
} from '../../src/protocol/index.ts';
import { anyFrame } from '../harness/arbitrary-frames.ts';

/** Another reader of MessagePack. */
const other = new Unpackr({ int64AsType: 'number', mapsAsObjects: true, useRecords: false });

describe('encodeFrame()', () => {
  test('writes what any reader of MessagePack takes for nested arrays', () => {
    fc.assert(
      fc.property(anyFrame, (frame) => {
        const bytes = encodeFrame(frame);
        const value: unknown = other.decode(bytes);
        expect(decode(bytes)).toEqual({ ok: true, value });
        const { sequence, stamp, echo, clock, messages } = frame;
        expect(value).toEqual([sequence, stamp, echo, clock, expect.any(Array)]);
        expect(value).toHaveProperty('4.length', messages.length);
      }),
      { numRuns: 500 },
    );
  });

  test('gives bytes that no later frame is written to', () => {
    fc.assert(
      fc.property(fc.array(anyFrame, { maxLength: 20 }), (frames) => {
        const written = frames.map((frame) => encodeFrame(frame));
        const read = written.map((bytes) => parseFrame(bytes));
        expect(read).toEqual(frames.map((frame) => ({ ok: true, frame })));
      }),
      { numRuns: 200 },
    );
  });

  test('writes names of every length', () => {
    for (const [unit, most] of [
      ['x', 1_024],
      ['ü', 512],
      ['€', 341],
      ['😀', 256],
    ] as const) {
      for (let length = 1; length <= most; length++) {
        const frame = frameOf([unit.repeat(length)]);
        const bytes = encodeFrame(frame);
        expect(parseFrame(bytes)).toEqual({ ok: true, frame });
        if (length === most)
          expect(parseFrame(encodeFrame(frameOf([unit.repeat(most + 1)]))).ok).toBe(false);
      }
    }
  });
});

describe('parseFrame()', () => {
  test('gives back every frame that was encoded', () => {
    fc.assert(
      fc.property(anyFrame, (frame) => {
        expect(parseFrame(encodeFrame(frame))).toEqual({ ok: true, frame });
      }),
      { numRuns: 500 },
    );
  });

  test('throws on nothing', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        expect(parseFrame(encode(value)).ok).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  test('throws on no frame of which a part was replaced', () => {
    let refused = 0;
    fc.assert(
      fc.property(anyFrame, fc.nat(), fc.jsonValue(), (frame, place, value) => {
        const decoded = decode(encodeFrame(frame));
        const bytes = encode(replaced(decoded.ok && decoded.value, place, value));
        if (!parseFrame(bytes).ok) refused += 1;
      }),
      { numRuns: 2_000 },
    );
    expect(refused).toBeGreaterThan(500);
  });

  test('throws on no bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        parseFrame(bytes);
      }),
      { numRuns: 5_000 },
    );
  });

  test('throws on no frame of which bytes were changed; what it takes, it can write', () => {
    let taken = 0;
    let refused = 0;
    const change = fc.tuple(fc.nat(), fc.nat(255));
    fc.assert(
      fc.property(anyFrame, fc.array(change, { minLength: 1, maxLength: 3 }), (frame, changes) => {
        const bytes = Uint8Array.from(encodeFrame(frame));
        for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
        const parsed = parseFrame(bytes);
        if (!parsed.ok) {
          refused += 1;
          return;
        }
        taken += 1;
        // What it takes is what the reader of all values finds there.
        const decoded = decode(bytes);
        const again = decode(encodeFrame(parsed.frame));
        expect(again).toEqual(decoded);
      }),
      { numRuns: 5_000 },
    );
    expect(taken).toBeGreaterThan(200);
    expect(refused).toBeGreaterThan(200);
  });

  test('refuses every proper beginning of a frame, and what has more', () => {
    fc.assert(
      fc.property(anyFrame, fc.nat(255), (frame, more) => {
        const bytes = encodeFrame(frame);
        const taken = [...bytes.keys()].filter(
          (length) => parseFrame(bytes.subarray(0, length)).ok,
        );
        expect(taken).toEqual([]);
        expect(parseFrame(Uint8Array.of(...bytes, more))).toEqual({
          ok: false,
          error: '1 bytes too many',
        });
      }),
      { numRuns: 300 },
    );
  });

  test('is none the worse for what it has refused', () => {
    const frame = frameOf(['x']);
    expect(parseFrame(Uint8Array.of(0xc1)).ok).toBe(false);
    expect(parseFrame(encodeFrame(frame))).toEqual({ ok: true, frame });
  });

  test('takes numbers as other writers spell them', () => {
    const frame = frameOf(['x']);
    const { ticket } = prepareOf(['x']);
    const bytes = encode([1, 1, 0, ticket, [[5, 1, ['x'], ticket, ticket, 0, 0, []]]]);
    expect(Buffer.from(bytes).includes(0xcb)).toBe(true);
    expect(parseFrame(bytes)).toEqual({ ok: true, frame });
  });

  test.each([
    ['no array', {}, 'frame should be an array of 5, is an object'],
    ['a short one', [1, 1, 0, 0], 'frame should be an array of 5, is an array of 4'],
    [
      'a sequence of 0',
      [0, 1, 0, 0, []],
      /^frame: sequence should be a whole number from 1 to .* 0$/,
    ],
    ['a fraction', [1, 1.5, 0, 0, []], /^frame: stamp should be a whole number from 1 to .* 1\.5$/],
    ['less than nothing', [1, 1, -1, 0, []], /^frame: echo should be a whole number from 0 .* -1$/],
    ['text for a number', [1, 1, 0, 'x', []], /^frame: clock should be a whole number .* "x"$/],
    [
      'an unknown message',
      [1, 1, 0, 0, [[99]]],
      /^message: tag should be a whole .* 1 to 22, is 99/,
    ],
    ['no message', [1, 1, 0, 0, [null]], /^message should be an array of 1 to 8, is null/],
    [
      'an empty message',
      [1, 1, 0, 0, [[]]],
      /^message should be an array of 1 to 8, is an array of 0/,
    ],
    [
      'a field too many',
      [1, 1, 0, 0, [[3, 0]]],
      'recovered should be an array of 1, is an array of 2',
    ],
    [
      'a field too few',
      [1, 1, 0, 0, [[11, 5]]],
      'commit should be an array of 3, is an array of 2',
    ],
    [
      'no name',
      [1, 1, 0, 0, [[5, 1, [], 1, 1, 0, 0, []]]],
      /^prepare: resources should be an array of 1 to 256, is an array of 0/,
    ],
    [
      'a name twice',
      [1, 1, 0, 0, [[5, 1, ['x', ['x']], 1, 1, 0, 0, []]]],
      /should be distinct names, is "x"/,
    ],
    [
      'one of many names twice',
      [1, 1, 0, 0, [[5, 1, [...'abcdefghijka'], 1, 1, 0, 0, []]]],
      /distinct names, is "a"/,
    ],
    ['a steal of shared', [1, 1, 0, 0, [[5, 1, [['x']], 1, 1, 8, 0, []]]], /exclusive ones of a/],
    ['an empty name', [1, 1, 0, 0, [[5, 1, [''], 1, 1, 0, 0, []]]], /be distinct names, is ""/],
    [
      'a name of two',
      [1, 1, 0, 0, [[5, 1, [['x', 'y']], 1, 1, 0, 0, []]]],
      /should be an array of 1, is an array of 2/,
    ],
    [
      'half a surrogate',
      Buffer.from('9501010000919805 0191a3eda080 0101000090'.replaceAll(' ', ''), 'hex'),
      /^prepare: resources should be text, is bad text at byte 11/,
    ],
    [
      'a byte order mark',
      Buffer.from('9501010000919805 0191a4efbbbf61 0101000090'.replaceAll(' ', ''), 'hex'),
      /^prepare: resources should be text, is bad text at byte 11/,
    ],
    [
      'what is not plain',
      Buffer.from('9501d6ff000000000000', 'hex'),
      /^frame: stamp should be .* no value: Extension type 0xd6 at byte 2/,
    ],
    [
      'more messages than bytes',
      Buffer.from('9501010000dd0001000001', 'hex'),
      /messages should be an array of 0 to 100000/,
    ],
    [
      'an unsafe number',
      Buffer.from('95cf002000000000000001000090', 'hex'),
      /sequence should be .* no value: Integer at byte 1 is beyond/,
    ],
    [
      'a strange round id',
      [1, 1, 0, 0, [[6, 1, 1, 1, ['a/b'], 1]]],
      /after should be round ids, is "a\/b"/,
    ],
    [
      'a holder of a strange name',
      [1, 1, 0, 0, [[8, 1, 0, [['a b', 1]], 0]]],
      /holders should be pairs of a peer id and milliseconds, is "a b"/,
    ],
    [
      'a lone holder',
      [1, 1, 0, 0, [[8, 1, 0, [['a']], 0]]],
      /holders should be an array of 2, is an array of 1/,
    ],
  ])('refuses %s', (_, value, error) => {
    const result = parseFrame(value instanceof Uint8Array ? value : encode(value));
    expect(result.ok ? '' : result.error).toMatch(error);
  });
});

function prepareOf(names: readonly string[]): Prepare {
  return {
    type: 'prepare',
    round: roundNumber(1),
    resources: names.map((name) => ({ name, mode: 'exclusive' })),
    ticket: stamp(2 ** 50),
    token: stamp(2 ** 50),
    committed: false,
    patience: 'wait',
    maxHoldMs: Number.POSITIVE_INFINITY,
    lingers: false,
    value: null,
  };
}

function frameOf(names: readonly string[]): Frame {
  const messages = [prepareOf(names)];
  const clock = stamp(2 ** 50);
  return { sequence: 1, stamp: leaseTimeMs(1), echo: leaseTimeMs(0), clock, messages };
}

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
