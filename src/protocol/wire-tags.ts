/**
 * The numbers of messages on the wire (wire.ts), and how many values each has.
 */

/** The number that stands for each message; never reused for another. */
export const tags = {
  hello: 1,
  settled: 2,
  recovered: 3,
  live: 4,
  prepare: 5,
  vote: 6,
  refuse: 7,
  queued: 8,
  inquire: 9,
  yield: 10,
  commit: 11,
  abort: 12,
  release: 13,
  contended: 14,
  watch: 15,
  look: 16,
  view: 17,
  revoke: 18,
  observe: 19,
  leader: 20,
  probe: 21,
  chase: 22,
} as const;

/** How many values each message has, its tag included: by tag. */
export const lengths: readonly number[] = Object.freeze([
  0, 4, 2, 1, 4, 8, 6, 4, 5, 3, 3, 3, 2, 3, 2, 3, 3, 4, 3, 3, 4, 7, 8,
]);

export const tagMax: number = lengths.length - 1;
