/**
 * When claims conflict, and which of two goes first (docs/protocol.md, section 2).
 */

import type { PeerId, Stamp } from './ids.ts';
import type { Patience, Resource } from './message.ts';

/** What two rounds are compared by. */
export interface Priority {
  readonly ticket: Stamp;
  readonly peer: PeerId;
  readonly patience: Patience;
}

/**
 * Whether `a` goes before `b`: one that steals before one that does not (rule 8.8), then the
 * smaller ticket, and of equal ones the smaller peer id.
 */
export function isBefore(a: Priority, b: Priority): boolean {
  const steals = a.patience === 'steal';
  if (steals !== (b.patience === 'steal')) return steals;
  if (a.ticket !== b.ticket) return a.ticket < b.ticket;
  return a.peer < b.peer;
}

/** Whether two modes of one resource exclude each other. */
export function excludes(a: Resource, b: Resource): boolean {
  return a.mode === 'exclusive' || b.mode === 'exclusive';
}

/** The same names, all of them shared. */
export function sharedOnly(resources: readonly Resource[]): readonly Resource[] {
  return resources.map(({ name }) => ({ name, mode: 'shared' }));
}

export function isExclusive({ mode }: Resource): boolean {
  return mode === 'exclusive';
}

/** Whether two claims share a resource, at least one of them exclusively on it. */
export function conflicts(a: readonly Resource[], b: readonly Resource[]): boolean {
  return a.some((left) => b.some((right) => left.name === right.name && excludes(left, right)));
}

/** The most bytes of UTF-8 in a name. */
export const nameBytesMax = 1_024;

/** The most bytes of UTF-8 in what a leader is known by. */
export const valueBytesMax = 1_024;

/** The most names in a claim. */
export const namesMax = 256;

/** Whether `value` may name a resource: 1 to 1,024 bytes of UTF-8, without lone surrogates. */
export function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && isText(value, nameBytesMax);
}

/** Whether it has at most so many bytes of UTF-8, without lone surrogates. */
function isText(value: string, bytesMax: number): boolean {
  if (value.length > bytesMax) return false;
  // No character of a string takes more than 3 bytes: few texts need to be counted.
  const isShort = 3 * value.length <= bytesMax;
  return value.isWellFormed() && (isShort || utf8Bytes(value) <= bytesMax);
}

/** Whether a leader may be known by `value`: at most 1,024 bytes, without lone surrogates. */
export function isValue(value: unknown): value is string {
  return typeof value === 'string' && isText(value, valueBytesMax);
}

function utf8Bytes(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x1_0000 ? 3 : 4;
  }
  return bytes;
}
