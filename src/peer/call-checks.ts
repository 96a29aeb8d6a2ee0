/**
 * The small checks of what the calls of a peer are given. Each returns the value, typed, or refuses
 * it with a `TypeError` that says what cannot be done, what it was given and what it takes.
 */

import { nameBytesMax } from '../protocol/claim.ts';
import { describeValue, isRecord, nearest, type RawOptions } from './option-checks.ts';

/** What is called a name, and by which call. */
export interface NameKind {
  /** What cannot be done with another one, as after `Cannot`. */
  readonly act: string;
  readonly what: string;
  /** The most bytes of UTF-8. */
  readonly bytesMax: number;
}

/** The name of a lock. */
export const lockName: NameKind = Object.freeze({
  act: 'acquire',
  what: 'a name',
  bytesMax: nameBytesMax,
});

/** An object of which the members are known. */
export interface RecordKind {
  readonly act: string;
  /** @default 'options' */
  readonly what?: string;
  readonly known: readonly string[];
  /** Members that belong in the options beside it. */
  readonly options?: readonly string[];
}

const none: RawOptions = Object.freeze({});

/** A longer name is looked at by means that are faster for long ones. */
const plainMax = 128;

/** A text that begins with it is not the same after a decoder has taken it for a mark. */
export const byteOrderMark = '\uFEFF';

/** @throws `TypeError` always */
export function refuse(act: string, what: string, received: unknown): never {
  throw new TypeError(`Cannot ${act}: ${what}, received ${describeValue(received)}`);
}

export function nameOf(name: unknown, { act, what, bytesMax }: NameKind = lockName): string {
  if (typeof name !== 'string') return refuse(act, `${what} must be a string`, name);
  if (isPlain(name)) return name;
  const bytes = Buffer.byteLength(name);
  if (bytes < 1 || bytes > bytesMax) {
    return refuse(act, `${what} must have 1 to ${bytesMax} bytes of UTF-8`, bytes);
  }
  if (!name.isWellFormed()) return refuse(act, `${what} must have no lone surrogate`, name);
  if (!name.startsWith(byteOrderMark)) return name;
  return refuse(act, `${what} must not begin with a byte order mark`, name);
}

/** The options of a call: without any but the known ones. */
export function optionsOf(options: unknown, act: string, known: readonly string[]): RawOptions {
  return options === undefined ? none : recordOf(options, { act, known });
}

/** An object that has none but the known members. */
export function recordOf(value: unknown, kind: RecordKind): RawOptions {
  const { act, known, what = 'options' } = kind;
  if (!isRecord(value)) return refuse(act, `${what} must be an object`, value);
  for (const name of Object.keys(value)) if (!known.includes(name)) refuseMember(name, kind);
  return value;
}

function refuseMember(name: string, { act, known, options, what = 'options' }: RecordKind): never {
  const close = nearest(name, known);
  const meant = close === undefined ? '' : `: perhaps ${close} was meant`;
  const hint = options?.includes(name) ? ', which belongs in the options' : meant;
  const received = `${describeValue(name)}${hint}`;
  throw new TypeError(`Cannot ${act}: ${what} may have ${known.join(', ')}, received ${received}`);
}

export function signalOf(signal: unknown, act: string): AbortSignal | undefined {
  if (signal === undefined || isAbortSignal(signal)) return signal;
  return refuse(act, 'signal must be an AbortSignal', signal);
}

/** The signal of a call that takes nothing else. */
export function signalIn(options: unknown, act: string): AbortSignal | undefined {
  return signalOf(optionsOf(options, act, ['signal']).signal, act);
}

/** By shape: test runners and bundlers bring globals of their own. */
function isAbortSignal(value: unknown): value is AbortSignal {
  return isRecord(value) && 'aborted' in value && typeof value.addEventListener === 'function';
}

/** Whether it is one of the many that need no closer look: short, and of ASCII alone. */
function isPlain(name: string): boolean {
  if (name.length < 1 || name.length > plainMax) return false;
  for (let index = 0; index < name.length; index++) {
    if (name.charCodeAt(index) >= 0x80) return false;
  }
  return true;
}
