/**
 * Small checks for values that were read: each gives the value, typed, or says what is wrong.
 */

/** A value that is not what it must be. The message is a clause: `now must be …, received …`. */
export class Unfit extends Error {
  override readonly name = 'Unfit';
}

/** An object, before anything is known of its members. */
export type Raw = Readonly<Record<string, unknown>>;

/** @throws {Unfit} always */
export function unfit(name: string, wanted: string, value: unknown): never {
  const text = JSON.stringify(value) ?? 'nothing';
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  throw new Unfit(`${name} must be ${wanted}, received ${shown}`);
}

export function rawOf(value: unknown, name: string): Raw {
  const isRaw = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isRaw ? { ...value } : unfit(name, 'an object', value);
}

export function wholeOf(raw: Raw, name: string, least = 0): number {
  const value = raw[name];
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return value;
  return unfit(name, `a whole number from ${least}`, value);
}

/** A number of milliseconds, with fractions; `null` stands for Infinity. */
export function msOf(raw: Raw, name: string): number {
  const value = raw[name];
  if (value === null) return Number.POSITIVE_INFINITY;
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
  return unfit(name, 'a number of milliseconds or null', value);
}

export function textOf(raw: Raw, name: string): string {
  const value = raw[name];
  return typeof value === 'string' ? value : unfit(name, 'a text', value);
}

export function wordOf<Word extends string>(raw: Raw, name: string, words: readonly Word[]): Word {
  const value = raw[name];
  const word = words.find((each) => each === value);
  return word ?? unfit(name, `one of ${words.join(', ')}`, value);
}

export function flagOf(raw: Raw, name: string): boolean {
  const value = raw[name];
  return typeof value === 'boolean' ? value : unfit(name, 'true or false', value);
}

export function listOf<Item>(
  raw: Raw,
  name: string,
  itemOf: (value: unknown, name: string) => Item,
): readonly Item[] {
  const value = raw[name];
  if (!Array.isArray(value)) return unfit(name, 'a list', value);
  return value.map((item: unknown) => itemOf(item, `an item of ${name}`));
}
