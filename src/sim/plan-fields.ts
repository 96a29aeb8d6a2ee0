/**
 * What the acts of a plan are made of, as a table: reading, packing, shrinking and changing plans
 * all go by it, so that a new kind of fault is described once.
 */

import type { Latency } from './latency.ts';
import type { Act } from './plan.ts';

/** What may stand in one field. */
export type Field =
  /** The index of a host. */
  | { readonly is: 'host' }
  /** A whole number. */
  | { readonly is: 'whole'; readonly least: number; readonly most: number }
  | { readonly is: 'flag' }
  | { readonly is: 'word'; readonly of: readonly string[] }
  /** Two times in milliseconds. */
  | { readonly is: 'pair' }
  /** Names that are locked: one or more, each once. */
  | { readonly is: 'names' }
  /** One of them, or `null`. */
  | { readonly is: 'name' }
  /** All hosts, or some, each once. */
  | { readonly is: 'order' };

type FieldsOf<Of, Tag extends string> = {
  readonly [Name in Exclude<keyof Of, Tag>]: Field;
};

/** A day: nothing in a plan takes longer. */
export const timeMaxMs = 86_400_000;

const host: Field = { is: 'host' };
const ms: Field = { is: 'whole', least: 0, most: timeMaxMs };
const signedMs: Field = { is: 'whole', least: -timeMaxMs, most: timeMaxMs };
const flag: Field = { is: 'flag' };

/** In an order that tokens rely on. */
const patiences = [
  ...(['wait', 'try', 'any', 'try any', 'polite', 'share', 'steal'] as const),
  ...(['lead', 'resign', 'always', 'observe'] as const),
  ...(['nest', 'nest unsaid', 'nest and share', 'nest and let go'] as const),
] as const;

/** By the kind of act, in an order that tokens rely on. */
export const actFields: {
  readonly [Kind in Act['do']]: FieldsOf<Extract<Act, { readonly do: Kind }>, 'do'>;
} = {
  acquire: {
    host,
    names: { is: 'names' },
    mode: { is: 'word', of: ['exclusive', 'shared'] },
    patience: { is: 'word', of: patiences },
    holdMs: ms,
    timeoutMs: ms,
    giveUpMs: ms,
    maxHoldMs: ms,
    lingerMs: ms,
  },
  crash: {
    host,
    network: { is: 'word', of: ['reset', 'reset, tail lost', 'silent'] },
    disk: { is: 'word', of: ['last write kept', 'last write lost', 'wiped'] },
    forMs: ms,
  },
  stop: { host, drainMs: ms, forMs: ms },
  pause: { host, forMs: ms },
  suspend: { host, forMs: ms },
  slow: { host, turnUs: { is: 'whole', least: 0, most: 1_000_000 }, forMs: ms },
  jump: { host, ms: signedMs },
  strobe: { host, ms: signedMs, everyMs: ms, forMs: ms },
  drift: { host, ppm: { is: 'whole', least: -500_000, most: 500_000 } },
  hold: { from: host, to: host, forMs: ms },
  reset: { a: host, b: host, toldMs: { is: 'pair' } },
  'half-open': { a: host, b: host, told: { is: 'word', of: ['none', 'a', 'b'] } },
  storm: { host },
  refuse: { a: host, b: host, forMs: ms },
  lag: {
    from: host,
    to: host,
    factor: { is: 'whole', least: 1, most: 1_000_000 },
    extraMs: ms,
    forMs: ms,
  },
  hostile: {
    from: host,
    to: host,
    mishap: {
      is: 'word',
      of: ['lost', 'repeated', 'reordered', 'corrupted', 'truncated', 'oversized', 'replayed'],
    },
    ppm: { is: 'whole', least: 0, most: 1_000_000 },
    forMs: ms,
  },
  partition: {
    shape: {
      is: 'word',
      of: ['halves', 'isolate', 'minority', 'bridge', 'ring', 'one-way', 'swizzle'],
    },
    order: { is: 'order' },
    breaks: flag,
    periodMs: ms,
    forMs: ms,
  },
  duplicate: { host, forMs: ms },
  join: { leaves: { is: 'word', of: ['close', 'crash'] }, forMs: ms },
  misfit: { forMs: ms },
  disk: { host, extraMs: ms, fails: flag, forMs: ms },
  look: { host, name: { is: 'name' } },
};

const us: Field = { is: 'whole', least: 0, most: 60_000_000 };

/** By the kind of latency, in an order that tokens rely on. */
export const latencyFields: {
  readonly [Kind in Latency['kind']]: FieldsOf<Extract<Latency, { readonly kind: Kind }>, 'kind'>;
} = {
  constant: { us },
  uniform: { leastUs: us, mostUs: us },
  exponential: { leastUs: us, meanUs: us },
  'log-normal': { medianUs: us },
  bimodal: { usualUs: us, rareUs: us },
};

/** The fields of an act, by name. */
export function fieldsOf(act: Act): readonly (readonly [string, Field])[] {
  return Object.entries(actFields[act.do]);
}

/** Whether an object has just the fields of a table, each with what may stand in it. */
export function fits(value: unknown, table: Readonly<Record<string, Field>>): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const entries = new Map<string, unknown>(Object.entries(value));
  return Object.entries(table).every(([name, field]) => isIn(field, entries.get(name)));
}

/** Whether a value may stand in a field, for some mesh. */
export function isIn(field: Field, value: unknown): boolean {
  switch (field.is) {
    case 'host':
      return isWhole(value, 0, hostsMax - 1);
    case 'whole':
      return isWhole(value, field.least, field.most);
    case 'flag':
      return typeof value === 'boolean';
    case 'word':
      return typeof value === 'string' && field.of.includes(value);
    case 'pair':
      return isListOf(value, (each) => isWhole(each, 0, timeMaxMs)) && value.length === 2;
    case 'names':
      return isListOf(value, isName) && value.length > 0 && areDistinct(value);
    case 'name':
      return value === null || isName(value);
    case 'order':
      return isListOf(value, (each) => isWhole(each, 0, hostsMax - 1)) && areDistinct(value);
  }
}

/** What may stand in a field, in words. */
export function describeField(field: Field): string {
  switch (field.is) {
    case 'host':
      return 'the index of a host';
    case 'whole':
      return `a whole number from ${field.least} to ${field.most}`;
    case 'flag':
      return 'true or false';
    case 'word':
      return field.of.map((word) => `'${word}'`).join(' or ');
    case 'pair':
      return 'two times in milliseconds';
    case 'names':
      return 'a list of distinct names';
    case 'name':
      return 'a name, or null';
    case 'order':
      return 'a list of distinct indices of hosts';
  }
}

/** More hosts than that do not fit into a plan, or a simulation. */
export const hostsMax = 256;

/** More voters than that no peer can be told of. */
export const votersMax = 32;

export function isWhole(value: unknown, least: number, most: number): value is number {
  return (
    Number.isSafeInteger(value) && typeof value === 'number' && value >= least && value <= most
  );
}

function isListOf(value: unknown, is: (each: unknown) => boolean): value is readonly unknown[] {
  return Array.isArray(value) && value.every(is);
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && value.length > 0 && value.length <= 256;
}

function areDistinct(values: readonly unknown[]): boolean {
  return new Set(values).size === values.length;
}
