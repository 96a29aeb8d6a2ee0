/**
 * The measures by name, in the order of a round. `in4` is four pairs in flight.
 */

const names = [
  'sequential',
  'in64',
  'contended',
  'in4',
  'in16',
  'in256',
  'waiters10',
  'waiters10k',
  'held',
  'queued',
] as const;

export type MeasureName = (typeof names)[number];

export const measureNames: readonly MeasureName[] = names;
