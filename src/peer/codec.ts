/**
 * Values to bytes and back, for the handshake and the state file: MessagePack without its extension
 * types. Frames have a codec of their own (frame-codec.ts).
 *
 * msgpackr writes it. It is read here, since msgpackr has no option against extension types, inline
 * records and dates, which a stranger could use to have it build classes or functions. Only what is
 * plain is read: nil, booleans, numbers, strings, bytes, arrays, maps with string keys, nested at
 * most `depthMax` deep, every integer a safe one, every string valid UTF-8.
 */

import { isUtf8 } from 'node:buffer';
// This entry leaves msgpackr's optional native string reader out: one behaviour on every machine.
import { Packr } from 'msgpackr/pack';

export type Decoded =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: string };

/** How deep arrays and maps may nest; the outermost counts as 1. */
export const depthMax = 8;

const packr = new Packr({ encodeUndefinedAsNil: true, useRecords: false, variableMapSize: true });

/**
 * The bytes of a plain value (see the header). Strings must be well formed and not begin with a
 * byte order mark, or `decode` refuses them at the other end.
 */
export function encode(value: unknown): Uint8Array {
  return packr.encode(value);
}

/** The value of `bytes`, which are exactly one value's. Never throws; keeps nothing of `bytes`. */
export function decode(bytes: Uint8Array): Decoded {
  const reader = new Reader(bytes, 0);
  const value = reader.value(0);
  const error = reader.fault ?? reader.rest();
  return error === undefined ? { ok: true, value } : { ok: false, error };
}

/** The value that begins at a byte of `bytes`, whatever follows it. Never throws. */
export function decodeAt(bytes: Uint8Array, at: number): Decoded {
  const reader = new Reader(bytes, at);
  const value = reader.value(0);
  return reader.fault === undefined ? { ok: true, value } : { ok: false, error: reader.fault };
}

/**
 * What follows a head byte: how many bytes of length or value (`width`), and what they mean.
 *
 * - `plain`: a value of `width` bytes; 0: it is in the head.
 * - `integer`: an integer of 8 bytes, which must be safe.
 * - `bytes`, `text`, `array`, `map`: a length or count of `width` bytes; 0: it is in the head.
 * - `extension`, `unused`: refused.
 */
interface Head {
  readonly kind: 'plain' | 'integer' | 'bytes' | 'text' | 'array' | 'map' | 'extension' | 'unused';
  readonly width: number;
  /** The length or count when `width` is 0. */
  readonly count: number;
}

const heads: readonly Head[] = Array.from({ length: 256 }, (_, byte) => headOf(byte));

function headOf(byte: number): Head {
  if (byte <= 0x7f || byte >= 0xe0) return { kind: 'plain', width: 0, count: 0 };
  if (byte <= 0x8f) return { kind: 'map', width: 0, count: byte & 0x0f };
  if (byte <= 0x9f) return { kind: 'array', width: 0, count: byte & 0x0f };
  if (byte <= 0xbf) return { kind: 'text', width: 0, count: byte & 0x1f };
  if (byte === 0xc1) return { kind: 'unused', width: 0, count: 0 };
  if (byte <= 0xc3) return { kind: 'plain', width: 0, count: 0 };
  if (byte <= 0xc6) return { kind: 'bytes', width: 1 << (byte - 0xc4), count: 0 };
  if (byte <= 0xc9) return { kind: 'extension', width: 0, count: 0 };
  if (byte <= 0xcb) return { kind: 'plain', width: byte === 0xca ? 4 : 8, count: 0 };
  if (byte === 0xcf || byte === 0xd3) return { kind: 'integer', width: 8, count: 0 };
  if (byte <= 0xce) return { kind: 'plain', width: 1 << (byte - 0xcc), count: 0 };
  if (byte <= 0xd2) return { kind: 'plain', width: 1 << (byte - 0xd0), count: 0 };
  if (byte <= 0xd8) return { kind: 'extension', width: 0, count: 0 };
  if (byte <= 0xdb) return { kind: 'text', width: 1 << (byte - 0xd9), count: 0 };
  if (byte <= 0xdd) return { kind: 'array', width: byte === 0xdc ? 2 : 4, count: 0 };
  return { kind: 'map', width: byte === 0xde ? 2 : 4, count: 0 };
}

/** Texts of up to so many bytes are put together here, which takes a third of the time. */
const shortBytesMax = 64;

/** Turns the bits of a float into its value. A view of the bytes themselves would cost more. */
const bits = new DataView(new ArrayBuffer(8));

/** Reads in one pass. After a fault, what it returns is of no use. */
class Reader {
  /** The first thing that was wrong. */
  fault: string | undefined;
  readonly #bytes: Uint8Array;
  #at: number;
  /** Items still to come on all levels: each takes a byte, so never more than bytes remain. */
  #pending = 1;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  /** What is wrong with what has not been read. */
  rest(): string | undefined {
    const left = this.#bytes.length - this.#at;
    return left === 0 ? undefined : `${left} bytes too many`;
  }

  /** The next value, which is inside of `depth` arrays and maps. */
  value(depth: number): unknown {
    const at = this.#at;
    const byte = this.#bytes[at];
    const head = byte === undefined ? undefined : heads[byte];
    if (byte === undefined || head === undefined) return this.#refuse(`Truncated at byte ${at}`);
    this.#at = at + 1 + head.width;
    if (this.#at > this.#bytes.length) return this.#refuse(`Truncated at byte ${at}`);
    this.#pending--;
    switch (head.kind) {
      case 'plain':
        return head.width === 0 ? valueIn(byte) : this.#number(byte, at + 1);
      case 'integer':
        return this.#integer(byte, at);
      case 'bytes':
        return this.#copy(this.#countBytes(head));
      case 'text':
        return this.#text(this.#countBytes(head));
      case 'array':
        return this.#array(this.#countItems(head, at, depth), depth + 1);
      case 'map':
        return this.#map(this.#countItems(head, at, depth), depth + 1);
      case 'extension':
        return this.#refuse(`Extension type 0x${byte.toString(16)} at byte ${at}`);
      default:
        return this.#refuse(`Unused code 0x${byte.toString(16)} at byte ${at}`);
    }
  }

  #array(count: number, depth: number): unknown[] {
    const items = new Array<unknown>(count);
    for (let index = 0; index < count && this.fault === undefined; index++) {
      items[index] = this.value(depth);
    }
    return items;
  }

  #map(count: number, depth: number): unknown {
    const items: [unknown, unknown][] = [];
    for (let left = count; left > 0 && this.fault === undefined; left--) {
      const at = this.#at;
      const byte = this.#bytes[at];
      if (byte !== undefined && heads[byte]?.kind !== 'text') {
        return this.#refuse(`Map key at byte ${at} is not a string`);
      }
      items.push([this.value(depth), this.value(depth)]);
    }
    // Whatever the keys are, these are properties of its own.
    return Object.fromEntries(items);
  }

  #integer(byte: number, at: number): number {
    const value = this.#number(byte, at + 1);
    if (!Number.isSafeInteger(value)) this.#refuse(`Integer at byte ${at} is beyond 2^53 - 1`);
    return value;
  }

  #copy(count: number): Uint8Array {
    const end = this.#at + count;
    const copy = Uint8Array.from(this.#bytes.subarray(this.#at, end));
    this.#at = end;
    return copy;
  }

  #text(count: number): string {
    const from = this.#at;
    const to = from + count;
    this.#at = to;
    let text = '';
    let at = from;
    for (; at < to && count <= shortBytesMax; at++) {
      const byte = this.#bytes[at] ?? 0;
      if (byte >= 0x80) break;
      text += String.fromCharCode(byte);
    }
    if (at === to) return text;
    const bytes = this.#bytes.subarray(from, to);
    // A decoder would take a byte order mark for no part of the text.
    const isMarked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
    if (isMarked || !isUtf8(bytes)) this.#refuse(`Bad text at byte ${from}`);
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
  }

  /** The length of bytes or of a text, all of which is there; 0 after a fault. */
  #countBytes(head: Head): number {
    const count = this.#count(head);
    if (count <= this.#bytes.length - this.#at) return count;
    this.#refuse(`Length ${count} at byte ${this.#at} exceeds the input`);
    return 0;
  }

  /** How many items an array or a map has, for which there are bytes; 0 after a fault. */
  #countItems(head: Head, at: number, depth: number): number {
    const count = this.#count(head);
    this.#pending += head.kind === 'map' ? count * 2 : count;
    if (this.#pending > this.#bytes.length - this.#at) {
      this.#refuse(`Count ${count} at byte ${at} exceeds the input`);
    }
    if (depth >= depthMax) this.#refuse(`Nested deeper than ${depthMax} at byte ${at}`);
    return this.fault === undefined ? count : 0;
  }

  #count({ width, count }: Head): number {
    return width === 0 ? count : this.#unsigned(this.#at - width, width);
  }

  /** The number at `at` that the head `byte` announces. */
  #number(byte: number, at: number): number {
    switch (byte) {
      case 0xca:
        bits.setUint32(0, this.#unsigned(at, 4));
        return bits.getFloat32(0);
      case 0xcb:
        bits.setUint32(0, this.#unsigned(at, 4));
        bits.setUint32(4, this.#unsigned(at + 4, 4));
        return bits.getFloat64(0);
      case 0xcc:
        return this.#unsigned(at, 1);
      case 0xcd:
        return this.#unsigned(at, 2);
      case 0xce:
        return this.#unsigned(at, 4);
      case 0xcf:
        return this.#unsigned(at, 4) * 2 ** 32 + this.#unsigned(at + 4, 4);
      case 0xd0:
        return (this.#unsigned(at, 1) << 24) >> 24;
      case 0xd1:
        return (this.#unsigned(at, 2) << 16) >> 16;
      case 0xd2:
        return this.#unsigned(at, 4) | 0;
      default:
        return (this.#unsigned(at, 4) | 0) * 2 ** 32 + this.#unsigned(at + 4, 4);
    }
  }

  #unsigned(at: number, width: number): number {
    let value = 0;
    for (let index = at; index < at + width; index++) {
      value = value * 0x100 + (this.#bytes[index] ?? 0);
    }
    return value;
  }

  #refuse(fault: string): undefined {
    this.fault ??= fault;
  }
}

/** The value that is in its head byte. */
function valueIn(byte: number): number | boolean | null {
  if (byte === 0xc0) return null;
  if (byte === 0xc2 || byte === 0xc3) return byte === 0xc3;
  return byte <= 0x7f ? byte : byte - 0x100;
}
