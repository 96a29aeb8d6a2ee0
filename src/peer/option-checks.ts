/**
 * The small checks that resolve-options.ts is made of. Each returns the value, typed, or refuses it
 * with a `ConfigError` that names the option, what it was given and what it takes.
 */

import { ConfigError } from './errors.ts';

/** What an id is made of, for errors. */
export const idWanted = '1 to 64 of A-Z a-z 0-9 _ . -';

/** The options by name, before anything is known of their values. */
export type RawOptions = Readonly<Record<string, unknown>>;

/** @throws {ConfigError} always */
export function refuse(field: string, wanted: string, received: string): never {
  const message = `Cannot create peer: ${field} must be ${wanted}, received ${received}`;
  throw new ConfigError(message, { field });
}

/** Whether `value` is an object whose members can be read as options. */
export function isRecord(value: unknown): value is RawOptions {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `value` as an object that has none but the `known` members. */
export function recordOf(field: string, value: unknown, known: readonly string[]): RawOptions {
  if (!isRecord(value)) return refuse(field, 'an object', describeValue(value));
  for (const name of Object.keys(value)) {
    if (!known.includes(name)) throw unknownOption(field, name, known);
  }
  return value;
}

/** A number within bounds; `whole` ones only where that is said. */
export function numberOf(
  field: string,
  value: unknown,
  bounds: { readonly min: number; readonly max: number; readonly whole?: boolean },
): number {
  const isNumber = typeof value === 'number' && value >= bounds.min && value <= bounds.max;
  if (isNumber && (bounds.whole !== true || Number.isInteger(value))) return value;
  const kind = bounds.whole === true ? 'a whole number' : 'a number';
  const range = `from ${group(bounds.min)} to ${group(bounds.max)}`;
  return refuse(field, `${kind} ${range}`, describeValue(value));
}

export function booleanOf(field: string, value: unknown): boolean {
  return typeof value === 'boolean' ? value : refuse(field, 'true or false', describeValue(value));
}

/** What was received, short enough for a message. Not for secrets. */
export function describeValue(value: unknown): string {
  if (typeof value === 'string') {
    return value.length > 60 ? `${JSON.stringify(value.slice(0, 60))}…` : JSON.stringify(value);
  }
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'object' && value !== null) return 'an object';
  return String(value);
}

function unknownOption(field: string, name: string, known: readonly string[]): ConfigError {
  const path = field === 'options' ? name : `${field}.${name}`;
  const close = nearest(name, known);
  const all = `it should be one of ${known.join(', ')}`;
  const hint = close === undefined ? all : `perhaps ${close} was meant`;
  const message = `Cannot create peer: ${path} is no option, ${hint}`;
  return new ConfigError(message, { field: path });
}

/** The name that takes the fewest edits to reach, unless that is most of it. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((candidate) => ({ candidate, edits: editDistance(name.toLowerCase(), candidate) }))
    .sort((one, other) => one.edits - other.edits);
  const best = ranked[0];
  if (best === undefined || name.length > 64) return undefined;
  return best.edits <= Math.ceil(best.candidate.length / 2) ? best.candidate : undefined;
}

/** Levenshtein's distance: how many letters to insert, drop or change. Case does not count. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const change = from[i - 1] === to[j - 1]?.toLowerCase() ? 0 : 1;
      const changed = (row[j - 1] ?? 0) + change;
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

/** 3600000 → 3,600,000. */
function group(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 20 });
}
