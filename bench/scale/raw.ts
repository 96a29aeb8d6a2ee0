/**
 * What the measures of the suite scale find in a round, by name: what its figures are made of.
 */

import { median } from '../statistics.ts';

/** Names end with their unit. */
export type Raw = Readonly<Record<string, number>>;

/** The medians of several rounds; of what a round has not, those of the others. */
export function mediansOf(rounds: readonly Raw[]): Raw {
  const names = new Set(rounds.flatMap((round) => Object.keys(round)));
  return Object.fromEntries(
    [...names].map((name) => {
      const values = rounds.flatMap((round) => round[name] ?? []);
      return [name, median(values)];
    }),
  );
}

/** What one group of measures found, and another, round by round. */
export function merged(one: readonly Raw[], other: readonly Raw[]): readonly Raw[] {
  const count = Math.max(one.length, other.length);
  return Array.from({ length: count }, (_, at) => ({ ...one[at], ...other[at] }));
}
