/**
 * The systems by name, in the order in which they are measured and shown.
 */

const names = [
  'floor-one',
  'floor-two',
  'floor-batched',
  'central',
  'lockmesh-1',
  'lockmesh-3',
  'lockmesh-5',
  'lockmesh-7',
  'lockmesh-member',
  'redis',
  'redlock-3',
  'etcd-3',
  'postgres',
] as const;

export type SystemName = (typeof names)[number];

export const systemNames: readonly SystemName[] = names;
