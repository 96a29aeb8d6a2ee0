/**
 * The token that repeats a run: which options it belongs to, the seed, and which of the faults were
 * left in.
 *
 *     sim1-0f3c9a21-7-1ab     version, fingerprint, seed, faults as bits; the last two in base 36
 */

import { refuse } from './refusals.ts';

/** Tokens of another version name other runs. */
const tokenVersion = 1;

/** One run of a scenario. */
export interface SimRunName {
  readonly fingerprint: string;
  readonly seed: number;
  /** The indices of the faults that happen; `null`: all. */
  readonly kept: readonly number[] | null;
}

export function formatToken({ fingerprint, seed, kept }: SimRunName): string {
  const name = `sim${tokenVersion}-${fingerprint}-${seed.toString(36)}`;
  if (kept === null) return name;
  const bits = kept.reduce((sum, index) => sum | (1n << BigInt(index)), 0n);
  return `${name}-${bits.toString(36)}`;
}

/** @throws `TypeError` for what is no token, or one of another version */
export function parseToken(token: unknown): SimRunName {
  const act = 'replay';
  const text = typeof token === 'string' ? token.trim() : '';
  const match = /^sim(\d+)-([0-9a-f]{8})-([0-9a-z]{1,11})(?:-([0-9a-z]{1,200}))?$/.exec(text);
  const shape = 'the token must be what a failure has printed: sim1-0f3c9a21-7';
  if (match === null) return refuse(act, shape, token);
  const [, version, fingerprint = '', seed = '', bits] = match;
  if (Number(version) !== tokenVersion) {
    return refuse(act, `the token must be of version ${tokenVersion}`, token);
  }
  const number = Number.parseInt(seed, 36);
  if (!Number.isSafeInteger(number)) return refuse(act, shape, token);
  return { fingerprint, seed: number, kept: bits === undefined ? null : indicesIn(bits) };
}

function indicesIn(bits: string): readonly number[] {
  let rest = 0n;
  for (const digit of bits) rest = rest * 36n + BigInt(Number.parseInt(digit, 36));
  const indices: number[] = [];
  for (let index = 0; rest > 0n; index += 1, rest >>= 1n) if (rest & 1n) indices.push(index);
  return indices;
}
