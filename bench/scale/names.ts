/**
 * The measures of the suite scale by name, in the order in which they are taken.
 */

const names = [
  'lingering',
  'handOver',
  'throughput',
  'messages',
  'memory',
  'idle',
  'many',
] as const;

export type ScaleMeasure = (typeof names)[number];

export const scaleMeasures: readonly ScaleMeasure[] = names;
