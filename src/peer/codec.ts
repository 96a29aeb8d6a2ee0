/**
 * Values to bytes and back: MessagePack without its extension types (msgpackr does the work).
 *
 * msgpackr has no option against extension types, inline records and dates, which a stranger could
 * use to have it build classes or functions. So the bytes are first walked once by structure,
 * without building anything, and only what is plain reaches msgpackr: nil, booleans, numbers,
 * strings, bytes, arrays, maps with string keys, nested at most `depthMax` deep, every integer a
 * safe one, every string valid UTF-8.
 */

import { isUtf8 } from 'node:buffer';
// This entry leaves msgpackr's optional native string reader out: one behaviour on every machine.
import { Packr } from 'msgpackr/pack';

export type Decoded =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: string };

/** How deep arrays and maps may nest; the outermost counts as 1. */
export const depthMax = 8;

const packr = new Packr({
  copyBuffers: true,
  encodeUndefinedAsNil: true,
  int64AsType: 'number',
  mapsAsObjects: true,
  useRecords: false,
  variableMapSize: true,
});

/**
 * The bytes of a plain value (see the header). Strings must be well formed and not begin with a
 * byte order mark, or `decode` refuses them at the other end.
 */
export function encode(value: unknown): Uint8Array {
  return packr.encode(value);
}

/** The value of `bytes`, which are exactly one value's. Never throws; keeps nothing of `bytes`. */
export function decode(bytes: Uint8Array): Decoded {
  const fault = findFault(bytes);
  if (fault !== undefined) return { ok: false, error: fault };
  try {
    return { ok: true, value: packr.decode(bytes) };
  } catch (error) {
    return { ok: false, error: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * What follows a head byte: how many bytes of length or value (`width`), and what they mean.
 *
 * - `plain`: a value of `width` bytes.
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

/** One array or map that the walk is inside of. */
interface Level {
  readonly isMap: boolean;
  /** Items still to come; of a map, keys and values both: even means that a key is next. */
  left: number;
}

/** Why `bytes` are not one plain value; `undefined` when they are. */
function findFault(bytes: Uint8Array): string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const levels: Level[] = [];
  let at = 0;
  // Items still to come on all levels: each takes a byte, so never more than bytes remain.
  let pending = 1;
  while (pending > 0) {
    const byte = bytes[at];
    const head = byte === undefined ? undefined : heads[byte];
    if (byte === undefined || head === undefined) return `Truncated at byte ${at}`;
    const level = levels.at(-1);
    if (level?.isMap && level.left % 2 === 0 && head.kind !== 'text') {
      return `Map key at byte ${at} is not a string`;
    }
    if (head.kind === 'extension') return `Extension type 0x${byte.toString(16)} at byte ${at}`;
    if (head.kind === 'unused') return `Unused code 0xc1 at byte ${at}`;
    const body = at + 1 + head.width;
    if (body > bytes.length) return `Truncated at byte ${at}`;
    const fault = head.kind === 'integer' ? findIntegerFault(view, byte, at) : undefined;
    if (fault !== undefined) return fault;

    pending--;
    if (level !== undefined) level.left--;
    const count = head.width === 0 ? head.count : readCount(view, at + 1, head.width);
    if (head.kind === 'array' || head.kind === 'map') {
      const left = head.kind === 'map' ? count * 2 : count;
      pending += left;
      if (pending > bytes.length - body) return `Count ${count} at byte ${at} exceeds the input`;
      if (levels.length >= depthMax) return `Nested deeper than ${depthMax} at byte ${at}`;
      levels.push({ isMap: head.kind === 'map', left });
      at = body;
    } else if (head.kind === 'text' || head.kind === 'bytes') {
      at = body + count;
      if (at > bytes.length) return `Length ${count} at byte ${body} exceeds the input`;
      if (head.kind === 'text' && !isText(bytes, body, at)) return `Bad text at byte ${body}`;
    } else {
      at = body;
    }
    while (levels.at(-1)?.left === 0) levels.pop();
  }
  return at === bytes.length ? undefined : `${bytes.length - at} bytes too many`;
}

function readCount(view: DataView, at: number, width: number): number {
  if (width === 1) return view.getUint8(at);
  if (width === 2) return view.getUint16(at);
  return width === 4 ? view.getUint32(at) : 0;
}

function findIntegerFault(view: DataView, byte: number, at: number): string | undefined {
  const high = byte === 0xcf ? view.getUint32(at + 1) : view.getInt32(at + 1);
  const value = high * 2 ** 32 + view.getUint32(at + 5);
  return Number.isSafeInteger(value) ? undefined : `Integer at byte ${at} is beyond 2^53 - 1`;
}

/** Whether bytes `from` to `to` are UTF-8 without a byte order mark, which msgpackr would drop. */
function isText(bytes: Uint8Array, from: number, to: number): boolean {
  let at = from;
  while (at < to && (bytes[at] ?? 0) < 0x80) at++;
  if (at === to) return true;
  if (bytes[from] === 0xef && bytes[from + 1] === 0xbb && bytes[from + 2] === 0xbf) return false;
  return isUtf8(bytes.subarray(at, to));
}
