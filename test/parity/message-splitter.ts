/**
 * Cuts the bytes of one direction of a WebSocket connection where its frames end, and reads which
 * messages of the protocol each carries: so that a proxy can lose one, or stop at it.
 */

import { parseFrame } from '../../src/peer/frame-codec.ts';
import type { SimMessageType } from '../../src/sim/sim-link.ts';

/** What leaves together, or not at all. */
export interface Piece {
  readonly bytes: Buffer;
  /** Whether it is a WebSocket message, and not the HTTP before or what keeps the connection. */
  readonly isMessage: boolean;
  /** Of the messages in it; none for what is no frame between peers that know each other. */
  readonly types: readonly SimMessageType[];
}

interface Layout {
  readonly headBytes: number;
  readonly payloadBytes: number;
  readonly mask: Buffer | null;
}

const endOfHead = '\r\n\r\n';
const binary = 0x82;

export class MessageSplitter {
  #rest: Buffer = Buffer.alloc(0);
  /** Whether the HTTP head of this direction has passed. */
  #isUpgraded = false;

  /** The pieces that are complete with these bytes; the rest is kept. */
  take(bytes: Buffer): readonly Piece[] {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    const pieces: Piece[] = [];
    for (let piece = this.#next(); piece !== null; piece = this.#next()) pieces.push(piece);
    return pieces;
  }

  #next(): Piece | null {
    if (!this.#isUpgraded) {
      const at = this.#rest.indexOf(endOfHead);
      if (at < 0) return null;
      this.#isUpgraded = true;
      return { bytes: this.#cut(at + endOfHead.length), isMessage: false, types: [] };
    }
    const layout = layoutOf(this.#rest);
    if (layout === null) return null;
    const { headBytes, payloadBytes, mask } = layout;
    if (this.#rest.length < headBytes + payloadBytes) return null;
    const bytes = this.#cut(headBytes + payloadBytes);
    const isMessage = bytes[0] === binary;
    const types = isMessage ? typesIn(unmasked(bytes.subarray(headBytes), mask)) : [];
    return { bytes, isMessage, types };
  }

  #cut(length: number): Buffer {
    const bytes = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(length);
    return bytes;
  }
}

/** As RFC 6455, section 5.2 has it; `null` while too little is there. */
function layoutOf(bytes: Buffer): Layout | null {
  if (bytes.length < 2) return null;
  const second = bytes.readUInt8(1);
  const short = second & 0x7f;
  const lengthBytes = short === 126 ? 2 : short === 127 ? 8 : 0;
  const maskBytes = second >= 0x80 ? 4 : 0;
  const headBytes = 2 + lengthBytes + maskBytes;
  if (bytes.length < headBytes) return null;
  const mask = maskBytes === 0 ? null : bytes.subarray(headBytes - 4, headBytes);
  if (lengthBytes === 0) return { headBytes, payloadBytes: short, mask };
  const payloadBytes = lengthBytes === 2 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  return { headBytes, payloadBytes, mask };
}

function unmasked(payload: Buffer, mask: Buffer | null): Buffer {
  if (mask === null) return payload;
  return Buffer.from(payload.map((byte, at) => byte ^ (mask[at % 4] ?? 0)));
}

function typesIn(payload: Buffer): readonly SimMessageType[] {
  const parsed = parseFrame(payload);
  return parsed.ok ? parsed.frame.messages.map(({ type }) => type) : [];
}
