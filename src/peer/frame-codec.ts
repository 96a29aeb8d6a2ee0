/**
 * Frames to bytes and back: MessagePack, written and read value by value, without the arrays of
 * arrays that a library goes by. docs/bench.md has what either way costs.
 */

import type { Frame } from '../protocol/message.ts';
import { type ParseResult, readFrame, writeFrame } from '../protocol/wire.ts';
import { FrameReader } from './frame-reader.ts';
import { FrameWriter } from './frame-writer.ts';

// One of each for all frames: none outlives the call, and neither calls back.
const writer = new FrameWriter();
const reader = new FrameReader();

/** The bytes of a frame: the caller's to give away, for nobody else ever writes to them. */
export function encodeFrame(frame: Frame): Uint8Array {
  writeFrame(frame, writer);
  return writer.take();
}

/** The frame in `bytes`, which are exactly one frame's. Never throws; keeps nothing of `bytes`. */
export function parseFrame(bytes: Uint8Array): ParseResult {
  reader.open(bytes);
  const parsed = readFrame(reader);
  const error = reader.close();
  return error === undefined ? parsed : { ok: false, error };
}
