/**
 * Reads the values of frames from MessagePack, in one pass and without a copy: whole numbers, text
 * and arrays, and nothing else.
 */

import { isUtf8 } from 'node:buffer';
import type { FieldSource } from '../protocol/fields.ts';
import { decodeAt } from './codec.ts';

/** Text of up to so many bytes is put together here if it is ASCII: most is, and it is faster. */
const shortMax = 64;

/** What is never in MessagePack; here it stands for the end of the bytes. */
const unused = 0xc1;

/** Heads of numbers that frames have no need of, and how many bytes follow. */
const rareWidths: ReadonlyMap<number, number> = new Map([
  [0xca, 4],
  [0xcb, 8],
  [0xd0, 1],
  [0xd1, 2],
  [0xd2, 4],
  [0xd3, 8],
]);

const nothing = new Uint8Array(0);

export class FrameReader implements FieldSource {
  #bytes: Uint8Array = nothing;
  #at = 0;
  #fault: string | undefined;

  /** Begins anew. */
  open(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.#at = 0;
    this.#fault = undefined;
  }

  /** Lets go of the bytes. @returns what was wrong with them, if anything */
  close(): string | undefined {
    const left = this.#bytes.length - this.#at;
    this.#bytes = nothing;
    if (this.#fault !== undefined || left === 0) return this.#fault;
    return `${left} bytes too many`;
  }

  get fault(): string | undefined {
    return this.#fault;
  }

  get isAtArray(): boolean {
    const head = this.#head();
    return (head >= 0x90 && head <= 0x9f) || head === 0xdc || head === 0xdd;
  }

  integer(name: string, min: number, max: number): number {
    const at = this.#at;
    const head = this.#head();
    const value = head <= 0x7f ? head : this.#wide(head);
    if (head <= 0x7f) this.#at = at + 1;
    if (value >= min && value <= max) return value;
    this.#refuseAt(at, name, `a whole number from ${min} to ${max}`);
    return min;
  }

  text(name: string, bytesMax: number): string {
    const at = this.#at;
    const length = this.#textLength();
    const from = this.#at;
    if (length < 0 || length > bytesMax || length > this.#bytes.length - from) {
      this.#refuseAt(at, name, `text of at most ${bytesMax} bytes`);
      return '';
    }
    this.#at = from + length;
    return (
      (length <= shortMax ? asciiText(this.#bytes, from, this.#at) : undefined) ??
      this.#utf8(name, from)
    );
  }

  array(name: string, min: number, max: number): number {
    const at = this.#at;
    const length = this.#arrayLength();
    // Each value takes a byte at least.
    const most = Math.min(max, this.#bytes.length - this.#at);
    if (length >= min && length <= most) return length;
    this.#refuseAt(at, name, `an array of ${min === max ? min : `${min} to ${max}`}`);
    return 0;
  }

  refuse(name: string, wanted: string, got: string): void {
    this.#fault ??= `${name} should be ${wanted}, is ${got}`;
  }

  /** The byte with which the next value begins. */
  #head(): number {
    const at = this.#at;
    return at < this.#bytes.length ? (this.#bytes[at] ?? unused) : unused;
  }

  /** The whole number that begins with `head`, which is no number in itself; NaN if it is none. */
  #wide(head: number): number {
    switch (head) {
      case 0xcc:
        return this.#unsigned(1);
      case 0xcd:
        return this.#unsigned(2);
      case 0xce:
        return this.#unsigned(4);
      case 0xcf:
        return this.#unsigned(8);
      default:
        return this.#rare(head);
    }
  }

  /** The same, as other writers may spell it: as a float, or with a sign. */
  #rare(head: number): number {
    const width = rareWidths.get(head);
    const found = width === undefined ? undefined : decodeAt(this.#bytes, this.#at);
    if (width === undefined || found?.ok !== true || !Number.isSafeInteger(found.value)) {
      return Number.NaN;
    }
    this.#at += 1 + width;
    return Number(found.value);
  }

  /** The number in the `width` bytes after the head; NaN when they are not all there. */
  #unsigned(width: number): number {
    const bytes = this.#bytes;
    const from = this.#at + 1;
    const to = from + width;
    if (to > bytes.length) return Number.NaN;
    this.#at = to;
    if (width === 8) return read32(bytes, from) * 2 ** 32 + read32(bytes, from + 4);
    if (width === 4) return read32(bytes, from);
    let value = 0;
    for (let at = from; at < to; at++) value = value * 0x100 + (bytes[at] ?? 0);
    return value;
  }

  /** Passes the head of a text. @returns its bytes; -1 if there is none */
  #textLength(): number {
    const head = this.#head();
    if (head >= 0xa0 && head <= 0xbf) {
      this.#at += 1;
      return head - 0xa0;
    }
    return this.#length(head === 0xd9 ? 1 : head === 0xda ? 2 : head === 0xdb ? 4 : 0);
  }

  /** Passes the head of an array. @returns its length; -1 if there is none */
  #arrayLength(): number {
    const head = this.#head();
    if (head >= 0x90 && head <= 0x9f) {
      this.#at += 1;
      return head - 0x90;
    }
    return this.#length(head === 0xdc ? 2 : head === 0xdd ? 4 : 0);
  }

  #length(width: number): number {
    const length = width === 0 ? Number.NaN : this.#unsigned(width);
    return Number.isNaN(length) ? -1 : length;
  }

  /** The text from `from` to where we are. */
  #utf8(name: string, from: number): string {
    const bytes = this.#bytes.subarray(from, this.#at);
    // A decoder would take a byte order mark for no part of the text.
    const isMarked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
    if (!isMarked && isUtf8(bytes)) {
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
    }
    this.refuse(name, 'text', `bad text at byte ${from}`);
    return '';
  }

  #refuseAt(at: number, name: string, wanted: string): void {
    if (this.#fault !== undefined) return;
    const found = decodeAt(this.#bytes, at);
    this.refuse(name, wanted, found.ok ? shape(found.value) : `no value: ${found.error}`);
  }
}

/** The text if it is ASCII. Made of few pieces: each costs as much as several characters. */
function asciiText(bytes: Uint8Array, from: number, to: number): string | undefined {
  let text = '';
  let at = from;
  for (; at + 8 <= to; at += 8) {
    const a = bytes[at] ?? 0;
    const b = bytes[at + 1] ?? 0;
    const c = bytes[at + 2] ?? 0;
    const d = bytes[at + 3] ?? 0;
    const e = bytes[at + 4] ?? 0;
    const f = bytes[at + 5] ?? 0;
    const g = bytes[at + 6] ?? 0;
    const h = bytes[at + 7] ?? 0;
    if ((a | b | c | d | e | f | g | h) >= 0x80) return undefined;
    text += String.fromCharCode(a, b, c, d, e, f, g, h);
  }
  for (; at + 4 <= to; at += 4) {
    const a = bytes[at] ?? 0;
    const b = bytes[at + 1] ?? 0;
    const c = bytes[at + 2] ?? 0;
    const d = bytes[at + 3] ?? 0;
    if ((a | b | c | d) >= 0x80) return undefined;
    text += String.fromCharCode(a, b, c, d);
  }
  for (; at < to; at++) {
    const byte = bytes[at] ?? 0;
    if (byte >= 0x80) return undefined;
    text += String.fromCharCode(byte);
  }
  return text;
}

/** The number in 4 bytes, the greatest first. */
function read32(bytes: Uint8Array, at: number): number {
  const high = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  return high * 0x1_0000 + (((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0));
}

/** Enough of a value to recognise it: strangers choose its size. */
function shape(value: unknown): string {
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 32));
  if (typeof value === 'object' && value !== null) return 'an object';
  return String(value);
}
