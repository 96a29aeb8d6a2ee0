/**
 * The cutting of WebSocket streams into frames, however the network cut them.
 */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeFrame } from '../../src/peer/frame-codec.ts';
import { anyFrame } from '../harness/arbitrary-frames.ts';
import { MessageSplitter, type Piece } from './message-splitter.ts';

const head = Buffer.from('GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n');

/** A WebSocket frame, as a client sends it if there is a mask. */
function frameOf(first: number, payload: Uint8Array, mask: Uint8Array | null): Buffer {
  const masked = mask === null ? 0 : 0x80;
  const { length } = payload;
  const start = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  start.writeUInt8(first, 0);
  start.writeUInt8(masked | (length < 126 ? length : length < 65_536 ? 126 : 127), 1);
  if (start.length === 4) start.writeUInt16BE(length, 2);
  if (start.length === 10) start.writeBigUInt64BE(BigInt(length), 2);
  const body = payload.map((byte, at) => byte ^ (mask?.[at % 4] ?? 0));
  return Buffer.concat([start, mask ?? Buffer.alloc(0), body]);
}

describe('MessageSplitter', () => {
  const masks = fc.option(fc.uint8Array({ minLength: 4, maxLength: 4 }));
  const cuts = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 20 });

  test('gives back every byte, and the types of every frame, however they arrive', () => {
    let seen = 0;
    const sent = fc.array(fc.tuple(anyFrame, masks), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(sent, cuts, (frames, sizes) => {
        const whole = frames.map(([frame, mask]) => frameOf(0x82, encodeFrame(frame), mask));
        const bytes = Buffer.concat([head, ...whole]);
        const splitter = new MessageSplitter();
        const pieces: Piece[] = [];
        for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
          const end = at + (sizes[turn % sizes.length] ?? 1);
          pieces.push(...splitter.take(bytes.subarray(at, end)));
          at = end;
        }
        expect(Buffer.concat(pieces.map((piece) => piece.bytes)).equals(bytes)).toBe(true);
        const types = frames.map(([frame]) => frame.messages.map(({ type }) => type));
        expect(pieces.map((piece) => piece.types)).toEqual([[], ...types]);
        seen += types.flat().length;
      }),
      { numRuns: 200 },
    );
    expect(seen).toBeGreaterThan(100);
  });

  test('takes frames of every length', () => {
    for (const length of [0, 125, 126, 65_535, 65_536, 100_000]) {
      const splitter = new MessageSplitter();
      const bytes = frameOf(0x82, Buffer.alloc(length, 1), Buffer.from([1, 2, 3, 4]));
      const pieces = splitter.take(Buffer.concat([head, bytes]));
      expect(pieces.map((piece) => piece.bytes.length)).toEqual([head.length, bytes.length]);
    }
  });

  test('finds no messages in pings, and in what is none of ours', () => {
    const splitter = new MessageSplitter();
    const ping = frameOf(0x89, Buffer.from('a'), null);
    const foreign = frameOf(0x82, Buffer.from([0xc1]), null);
    const pieces = splitter.take(Buffer.concat([head, ping, foreign]));
    expect(pieces.map(({ isMessage, types }) => [isMessage, types.length])).toEqual([
      [false, 0],
      [false, 0],
      [true, 0],
    ]);
  });
});
