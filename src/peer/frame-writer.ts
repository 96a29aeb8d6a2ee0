/**
 * Writes the values of frames as MessagePack. What one frame was written to is never written to
 * again, so that whoever sends it need not copy it.
 */

import type { FieldSink } from '../protocol/field-sink.ts';

/** How much memory is taken at once. Frames lie one after the other in it. */
const slabBytes = 16 * 1_024;

/** The most bytes of a number or of the head of an array or a text. */
const headBytesMax = 9;

/** Text of up to so many characters is written here if it is ASCII: most is, and it is faster. */
const shortMax = 64;

const highUnit = 2 ** 32;

export class FrameWriter implements FieldSink {
  #slab: Buffer = Buffer.allocUnsafeSlow(slabBytes);
  /** Where the present frame begins. */
  #from = 0;
  #at = 0;

  /** Ends the present frame. */
  take(): Uint8Array {
    const bytes = this.#slab.subarray(this.#from, this.#at);
    this.#from = this.#at;
    return bytes;
  }

  integer(value: number): void {
    const slab = this.#room(headBytesMax);
    const at = this.#at;
    if (value < 0x80) {
      slab[at] = value;
      this.#at = at + 1;
    } else if (value < highUnit) this.#short(slab, value);
    else {
      slab[at] = 0xcf;
      put32(slab, at + 1, (value / highUnit) | 0);
      put32(slab, at + 5, value | 0);
      this.#at = at + 9;
    }
  }

  text(value: string): void {
    const { length } = value;
    const slab = this.#room(headBytesMax + 3 * length);
    if (length <= shortMax && this.#ascii(slab, value)) return;
    const bytes = Buffer.byteLength(value);
    this.#head(slab, bytes, textHeads);
    this.#at += slab.write(value, this.#at, bytes);
  }

  array(length: number): void {
    this.#head(this.#room(headBytesMax), length, arrayHeads);
  }

  /** Whether it was written: nothing of it was, where it is not ASCII. */
  #ascii(slab: Buffer, value: string): boolean {
    const { length } = value;
    const start = this.#at + (length < 32 ? 1 : 2);
    for (let index = 0; index < length; index++) {
      const code = value.charCodeAt(index);
      if (code >= 0x80) return false;
      slab[start + index] = code;
    }
    this.#head(slab, length, textHeads);
    this.#at += length;
    return true;
  }

  #short(slab: Buffer, value: number): void {
    const at = this.#at;
    if (value < 0x100) {
      slab[at] = 0xcc;
      slab[at + 1] = value;
      this.#at = at + 2;
    } else if (value < 0x1_0000) {
      slab[at] = 0xcd;
      slab[at + 1] = value >>> 8;
      slab[at + 2] = value;
      this.#at = at + 3;
    } else {
      slab[at] = 0xce;
      put32(slab, at + 1, value | 0);
      this.#at = at + 5;
    }
  }

  #head(slab: Buffer, length: number, heads: Heads): void {
    const at = this.#at;
    if (length <= heads.shortMax) {
      slab[at] = heads.short | length;
      this.#at = at + 1;
    } else if (length < 0x100 && heads.bits8 !== null) {
      slab[at] = heads.bits8;
      slab[at + 1] = length;
      this.#at = at + 2;
    } else if (length < 0x1_0000) {
      slab[at] = heads.bits16;
      slab[at + 1] = length >>> 8;
      slab[at + 2] = length;
      this.#at = at + 3;
    } else {
      slab[at] = heads.bits32;
      put32(slab, at + 1, length);
      this.#at = at + 5;
    }
  }

  /** Memory with room for `bytes` more. */
  #room(bytes: number): Buffer {
    if (this.#at + bytes <= this.#slab.length) return this.#slab;
    const written = this.#slab.subarray(this.#from, this.#at);
    const size = Math.max(slabBytes, 2 * (written.length + bytes));
    this.#slab = Buffer.allocUnsafeSlow(size);
    this.#slab.set(written);
    this.#from = 0;
    this.#at = written.length;
    return this.#slab;
  }
}

/** What begins a text or an array, by its length. */
interface Heads {
  readonly short: number;
  readonly shortMax: number;
  /** Arrays have none. */
  readonly bits8: number | null;
  readonly bits16: number;
  readonly bits32: number;
}

const textHeads: Heads = { short: 0xa0, shortMax: 31, bits8: 0xd9, bits16: 0xda, bits32: 0xdb };
const arrayHeads: Heads = { short: 0x90, shortMax: 15, bits8: null, bits16: 0xdc, bits32: 0xdd };

/** The lower 32 bits of a whole number, the greatest first. */
function put32(bytes: Buffer, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}
