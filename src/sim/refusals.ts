/**
 * The small checks of what callers of the simulator hand in. Each returns the value, or refuses it
 * with a `TypeError` that names the act, what it was given and what it takes.
 */

import { describeValue } from '../peer/option-checks.ts';

/** A number within bounds. */
export interface Bounds {
  readonly least: number;
  readonly most: number;
  readonly whole?: boolean;
}

/** The longest time that one may ask for, in milliseconds: a year. */
export const msMax: number = 366 * 86_400_000;

/** @throws `TypeError` always */
export function refuse(act: string, wanted: string, received: unknown): never {
  throw new TypeError(`Cannot ${act}: ${wanted}, received ${describeValue(received)}`);
}

/** A length of time, in milliseconds. */
export function msOf(act: string, value: unknown, what = 'the time'): number {
  if (typeof value === 'number' && value >= 0 && value <= msMax) return value;
  const wanted = `${what} must be a number of milliseconds from 0 to ${msMax}`;
  return refuse(act, wanted, value);
}

export function numberOf(
  act: string,
  value: unknown,
  { what, least, most, whole = false }: Bounds & { readonly what: string },
): number {
  const isIn = typeof value === 'number' && value >= least && value <= most;
  if (isIn && (!whole || Number.isInteger(value))) return value;
  const kind = whole ? 'a whole number' : 'a number';
  return refuse(act, `${what} must be ${kind} from ${least} to ${most}`, value);
}

export function functionOf<F extends (...args: never[]) => unknown>(
  act: string,
  value: F,
  what: string,
): F {
  return typeof value === 'function' ? value : refuse(act, `${what} must be a function`, value);
}

/** One of the words. */
export function wordOf<Word extends string>(
  act: string,
  value: Word,
  { what, of }: { readonly what: string; readonly of: readonly Word[] },
): Word {
  if (of.includes(value)) return value;
  return refuse(act, `${what} must be one of ${of.join(', ')}`, value);
}

/** An object that has none but the `known` members. */
export function knownOptions(act: string, value: unknown, known: readonly string[]): void {
  if (value === undefined) return;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    refuse(act, 'options must be an object', value);
  }
  const unknown = Object.keys(value).find((name) => !known.includes(name));
  if (unknown !== undefined) refuse(act, `options may have ${known.join(', ')}`, unknown);
}
