/**
 * Figures made of figures. None of them needs to be sorted before; of none, all are NaN.
 */

/** The middle one, or half way between the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  return Number.isInteger(middle) ? ((sorted[middle - 1] ?? Number.NaN) + upper) / 2 : upper;
}

/** The smallest that at least this share of them does not exceed. */
export function quantile(values: Float64Array, share: number): number {
  const sorted = values.toSorted();
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/**
 * How evenly something is shared: 1 when all have the same, 1/n when one of n has it all. The
 * square of the sum, by n times the sum of the squares: R. Jain, D. Chiu and W. Hawe, "A
 * Quantitative Measure of Fairness and Discrimination for Resource Allocation in Shared Computer
 * Systems", DEC Research Report TR-301, 1984.
 */
export function jainIndex(shares: readonly number[]): number {
  const sum = shares.reduce((total, share) => total + share, 0);
  const squares = shares.reduce((total, share) => total + share * share, 0);
  return (sum * sum) / (shares.length * squares);
}

/** The largest by the smallest; Infinity when somebody has nothing. */
export function maxOverMin(shares: readonly number[]): number {
  return Math.max(...shares) / Math.min(...shares);
}
