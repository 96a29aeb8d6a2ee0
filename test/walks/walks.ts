/** Many random walks, and what is asked of them together. What one checks is in test/harness. */

import { noCounts, Walk, type WalkCounts } from '../harness/walk.ts';

/** How many steps a walk takes before it heals. */
const steps = 120;

/** Which walks to take: every `stride`-th seed from `from` on, `count` in all. */
export interface Share {
  readonly from: number;
  readonly count: number;
  readonly stride: number;
}

/** What walks did, and what was wrong with those that failed. */
export interface Walked {
  readonly walks: number;
  readonly counts: WalkCounts;
  readonly failed: readonly { readonly seed: number; readonly message: string }[];
}

/** Takes a share of the walks. */
export function takeWalks({ from, count, stride }: Share): Walked {
  const counts = noCounts();
  const failed: { seed: number; message: string }[] = [];
  for (let at = 0; at < count; at += 1) {
    const seed = from + at * stride;
    try {
      addCounts(counts, new Walk(seed).run(steps));
    } catch (error) {
      failed.push({ seed, message: error instanceof Error ? error.message : String(error) });
    }
  }
  return { walks: count, counts, failed };
}

/** Puts together what several have walked. */
export function sumOf(parts: readonly Walked[]): Walked {
  const counts = noCounts();
  for (const part of parts) addCounts(counts, part.counts);
  const failed = parts.flatMap((part) => part.failed).sort((a, b) => a.seed - b.seed);
  return { walks: parts.reduce((sum, part) => sum + part.walks, 0), counts, failed };
}

/**
 * Why the walks as a whole did not pass: those that failed, each with the command that repeats it,
 * and what hardly any walk had, so that nothing was shown about it.
 */
export function complaintsOf({ walks, counts, failed }: Walked): readonly string[] {
  const rare = Object.entries(counts).filter(([, count]) => count <= walks / 20);
  return [
    ...failed.map(({ seed, message }) => {
      return `Walk ${seed}: ${message}; repeat it: npm run walks -- --from ${seed} --count 1`;
    }),
    // Of few walks none need have everything.
    ...(walks < 100 ? [] : rare.map(([what]) => `Hardly any walk had ${what}`)),
  ];
}

function addCounts(total: WalkCounts, counts: WalkCounts): void {
  for (const key of Object.keys(total) as (keyof WalkCounts)[]) total[key] += counts[key];
}
