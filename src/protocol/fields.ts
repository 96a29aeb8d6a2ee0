/**
 * Reads the fields of frames and messages, one after the other, from wherever they are. After the
 * first that is wrong the readers give harmless values, so that a parser is one straight line that
 * looks at `fault` at its end.
 */

import { isName, nameBytesMax, namesMax, valueBytesMax } from './claim.ts';
import {
  type Generation,
  generation,
  type Incarnation,
  incarnation,
  isPeerId,
  isRoundId,
  type LeaseTimeMs,
  type LookNumber,
  leaseTimeMs,
  lookNumber,
  type PeerId,
  peerId,
  peerIdLengthMax,
  type RoundId,
  type RoundNumber,
  roundId,
  roundIdLengthMax,
  roundNumber,
  type SessionNumber,
  type Stamp,
  sessionNumber,
  stamp,
} from './ids.ts';
import type { Leading } from './leading.ts';
import type { Holder, Resource } from './message.ts';

/** Gives the values of a frame in the order in which they were written. Never throws. */
export interface FieldSource {
  /** The first thing that was wrong; what is read from then on is of no use. */
  readonly fault: string | undefined;
  /** Whether an array comes next. */
  readonly isAtArray: boolean;
  /** A whole number; `min` after a fault. The names here and below are for the text of faults. */
  integer(name: string, min: number, max: number): number;
  /** Well-formed text of at most `bytesMax` bytes of UTF-8; `''` after a fault. */
  text(name: string, bytesMax: number): string;
  /** How many values of an array follow, at least `min` and at most `max`; 0 after a fault. */
  array(name: string, min: number, max: number): number;
  /** Something that was read is not what it should be. */
  refuse(name: string, wanted: string, got: string): void;
}

const most: number = Number.MAX_SAFE_INTEGER;

/** The most holders that a message names. */
const holdersMax = 64;

/** Most votes wait for nothing. */
const none: readonly never[] = Object.freeze([]);

/** Stands where a fault is: nobody reads it. */
const nobody: PeerId = peerId('-');
const noRound: RoundId = roundId(nobody, incarnation(1), roundNumber(1));

/** Up to so many names are compared with each other; more are counted in a set. */
const comparedMax = 8;

export function count(from: FieldSource, name: string): number {
  return from.integer(name, 0, most);
}

export function incarnationField(from: FieldSource, name: string): Incarnation {
  return incarnation(from.integer(name, 1, most));
}

export function roundField(from: FieldSource, name: string): RoundNumber {
  return roundNumber(from.integer(name, 1, most));
}

export function sessionField(from: FieldSource, name: string): SessionNumber {
  return sessionNumber(from.integer(name, 0, most));
}

export function lookField(from: FieldSource, name: string): LookNumber {
  return lookNumber(from.integer(name, 1, most));
}

export function peerField(from: FieldSource, name: string): PeerId {
  const peer = from.text(name, peerIdLengthMax);
  if (isPeerId(peer)) return peer;
  from.refuse(name, 'a peer id', quoted(peer));
  return nobody;
}

export function generationField(from: FieldSource, name: string): Generation {
  return generation(from.integer(name, 1, most));
}

export function stampField(from: FieldSource, name: string): Stamp {
  return stamp(from.integer(name, 0, most));
}

export function leaseTimeField(from: FieldSource, name: string, min: number): LeaseTimeMs {
  return leaseTimeMs(from.integer(name, min, most));
}

export function roundsField(from: FieldSource, name: string, max: number): RoundNumber[] {
  const rounds: RoundNumber[] = [];
  for (let left = from.array(name, 0, max); left > 0 && from.fault === undefined; left--) {
    rounds.push(roundField(from, name));
  }
  return rounds;
}

export function roundIdsField(from: FieldSource, name: string, max: number): readonly RoundId[] {
  const size = from.array(name, 0, max);
  if (size === 0) return none;
  // An array that grows takes memory for many.
  const ids: RoundId[] = [roundIdField(from, name)];
  for (let left = size - 1; left > 0 && from.fault === undefined; left--) {
    ids.push(roundIdField(from, name));
  }
  return ids;
}

export function roundIdField(from: FieldSource, name: string): RoundId {
  const id = from.text(name, roundIdLengthMax);
  if (isRoundId(id)) return id;
  from.refuse(name, 'round ids', quoted(id));
  return noRound;
}

/** At least one, each name once. A shared one is an array of its name, an exclusive one bare. */
export function resourcesField(from: FieldSource, name: string): readonly Resource[] {
  const size = from.array(name, 1, namesMax);
  const resources = [resourceField(from, name)];
  if (size <= 1) return resources;
  const seen = size > comparedMax ? new Set(resources.map((each) => each.name)) : undefined;
  for (let left = size - 1; left > 0 && from.fault === undefined; left--) {
    const resource = resourceField(from, name);
    if (isAmong(resource.name, resources, seen)) {
      from.refuse(name, 'distinct names', quoted(resource.name));
    }
    seen?.add(resource.name);
    resources.push(resource);
  }
  return resources;
}

function resourceField(from: FieldSource, name: string): Resource {
  const isShared = from.isAtArray;
  if (isShared) from.array(name, 1, 1);
  const text = from.text(name, nameBytesMax);
  if (!isName(text)) from.refuse(name, 'distinct names', quoted(text));
  return { name: text, mode: isShared ? 'shared' : 'exclusive' };
}

export function nameField(from: FieldSource, name: string): string {
  const text = from.text(name, nameBytesMax);
  if (!isName(text)) from.refuse(name, 'a name', quoted(text));
  return text;
}

/** In an array, which is empty for none. */
export function valueField(from: FieldSource, name: string): string | null {
  return from.array(name, 0, 1) === 0 ? null : from.text(name, valueBytesMax);
}

/** An array, which is empty for nobody. */
export function leadingField(from: FieldSource, name: string): Leading | null {
  const length = from.array(name, 0, 2);
  if (length === 0) return null;
  if (length === 1) from.refuse(name, 'an array of 0 or 2', 'an array of 1');
  const peer = from.text(name, peerIdLengthMax);
  const value = from.text(name, valueBytesMax);
  if (isPeerId(peer)) return { peer, value };
  from.refuse(name, 'a peer id and a text', quoted(peer));
  return null;
}

export function holdersField(from: FieldSource, name: string): readonly Holder[] {
  const holders: Holder[] = [];
  for (let left = from.array(name, 0, holdersMax); left > 0 && from.fault === undefined; left--) {
    from.array(name, 2, 2);
    const peer = from.text(name, peerIdLengthMax);
    const heldForMs = count(from, name);
    if (isPeerId(peer)) holders.push({ peer, heldForMs });
    else from.refuse(name, 'pairs of a peer id and milliseconds', quoted(peer));
  }
  return holders;
}

function isAmong(
  name: string,
  resources: readonly Resource[],
  seen: ReadonlySet<string> | undefined,
): boolean {
  return seen === undefined ? resources.some((each) => each.name === name) : seen.has(name);
}

/** Enough of it to recognise it: strangers choose its size. */
function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 32));
}
