/**
 * The identifiers and moments of the protocol, branded so that one cannot be taken for another.
 *
 * They are made here only: no other file of the core asserts a type.
 */

declare const brand: unique symbol;

/** A base type that only this file can make. */
export type Branded<Base, Name extends string> = Base & { readonly [brand]: Name };

/** Names a peer: 1 to 64 of `A-Z a-z 0-9 _ . -`. */
export type PeerId = Branded<string, 'PeerId'>;

/** Tells the starts of one peer apart: a safe integer, greater at each start. */
export type Incarnation = Branded<number, 'Incarnation'>;

/** Numbers the rounds of one incarnation of one peer from 1; never reused. */
export type RoundNumber = Branded<number, 'RoundNumber'>;

/** Names a round for the whole mesh: `peer/incarnation/number`, the last two in base 36. */
export type RoundId = Branded<string, 'RoundId'>;

/** Names a call of this peer's application; chosen by the driver, unique in one incarnation. */
export type ClaimId = Branded<number, 'ClaimId'>;

/** Names a look at what voters know; chosen by the driver, unique in one incarnation. */
export type LookNumber = Branded<number, 'LookNumber'>;

/** Numbers the sessions that one incarnation of a voter keeps; 0 means none. */
export type SessionNumber = Branded<number, 'SessionNumber'>;

/** Numbers the votes of one incarnation of a voter; never reused. */
export type Generation = Branded<number, 'Generation'>;

/** A hybrid-logical-clock stamp: a ticket or a fencing token. Layout in clock.ts. */
export type Stamp = Branded<number, 'Stamp'>;

/** A moment of this peer's monotonic clock, in whole milliseconds. */
export type TimeMs = Branded<number, 'TimeMs'>;

/** A moment of a coordinator's lease clock, in whole milliseconds (see lease-clock.ts). */
export type LeaseTimeMs = Branded<number, 'LeaseTimeMs'>;

/** A moment of this peer's wall clock, in whole milliseconds since 1970. */
export type WallMs = Branded<number, 'WallMs'>;

/** The most characters in a peer's id. */
export const peerIdLengthMax = 64;

/** The most characters in either number of a round's id. */
const spellingMax = 11;

/** The most characters in a round's id. */
export const roundIdLengthMax: number = peerIdLengthMax + 2 * (1 + spellingMax);

/** What a character may be part of, by its code. */
const inPeerId = 1;
const inSpelling = 2;

/** The characters of ids by their codes: a table takes a fraction of the time of a pattern. */
const characters: Uint8Array = new Uint8Array(128);
for (const [text, uses] of [
  ['ABCDEFGHIJKLMNOPQRSTUVWXYZ_.-', inPeerId],
  ['abcdefghijklmnopqrstuvwxyz0123456789', inPeerId + inSpelling],
] as const) {
  for (const character of text) characters[character.charCodeAt(0)] = uses;
}

/** Whether `text` may name a peer. */
export function isPeerId(text: unknown): text is PeerId {
  if (typeof text !== 'string') return false;
  return text.length <= peerIdLengthMax && runOf(inPeerId, text, 0) === text.length && text !== '';
}

/** Whether `text` may name a round. */
export function isRoundId(text: unknown): text is RoundId {
  if (typeof text !== 'string' || text.length > roundIdLengthMax) return false;
  const first = runOf(inPeerId, text, 0);
  const second = first + 1 + runOf(inSpelling, text, first + 1);
  const third = second + 1 + runOf(inSpelling, text, second + 1);
  return (
    isBetween(1, first, peerIdLengthMax) &&
    isBetween(1, second - first - 1, spellingMax) &&
    isBetween(1, third - second - 1, spellingMax) &&
    text.charCodeAt(first) === slash &&
    text.charCodeAt(second) === slash &&
    third === text.length
  );
}

const slash = 47;

/** How many characters from `from` on may be part of `use`. */
function runOf(use: number, text: string, from: number): number {
  let at = from;
  while (at < text.length && ((characters[text.charCodeAt(at)] ?? 0) & use) !== 0) at++;
  return at - from;
}

function isBetween(least: number, value: number, most: number): boolean {
  return least <= value && value <= most;
}

/** Takes `text` as a peer id; the caller has checked it. */
export function peerId(text: string): PeerId {
  return text as PeerId;
}

export function incarnation(value: number): Incarnation {
  return value as Incarnation;
}

export function roundNumber(value: number): RoundNumber {
  return value as RoundNumber;
}

export function claimId(value: number): ClaimId {
  return value as ClaimId;
}

export function lookNumber(value: number): LookNumber {
  return value as LookNumber;
}

export function sessionNumber(value: number): SessionNumber {
  return value as SessionNumber;
}

export function generation(value: number): Generation {
  return value as Generation;
}

export function stamp(value: number): Stamp {
  return value as Stamp;
}

export function timeMs(value: number): TimeMs {
  return value as TimeMs;
}

export function leaseTimeMs(value: number): LeaseTimeMs {
  return value as LeaseTimeMs;
}

export function wallMs(value: number): WallMs {
  return value as WallMs;
}

/** The moment `ms` milliseconds after `moment`, on the same clock. */
export function later<Moment extends TimeMs | LeaseTimeMs>(moment: Moment, ms: number): Moment {
  return (moment + ms) as Moment;
}

/** The name of the round that `peer` numbered `number` in `incarnation`. */
export function roundId(peer: PeerId, of: Incarnation, number: RoundNumber): RoundId {
  return `${peer}/${spellingOf(of)}/${number.toString(36)}` as RoundId;
}

/** Incarnations in base 36: to spell one takes longer than all the rest of a round's name. */
const spelled = new Map<Incarnation, string>();
const spelledMax = 64;

function spellingOf(of: Incarnation): string {
  const known = spelled.get(of);
  if (known !== undefined) return known;
  if (spelled.size === spelledMax) spelled.clear();
  const spelling = of.toString(36);
  spelled.set(of, spelling);
  return spelling;
}

/** What a round's id is made of. */
export function partsOf(id: RoundId): {
  readonly peer: PeerId;
  readonly incarnation: Incarnation;
  readonly number: RoundNumber;
} {
  const [peer = '', start = '', number = ''] = id.split('/');
  return {
    peer: peer as PeerId,
    incarnation: Number.parseInt(start, 36) as Incarnation,
    number: Number.parseInt(number, 36) as RoundNumber,
  };
}

/** The peer whose round `id` is. */
export function ownerOf(id: RoundId): PeerId {
  return id.slice(0, id.indexOf('/')) as PeerId;
}
