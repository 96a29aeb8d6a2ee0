/** A campaign of random walks, told as one test. */

import { expect, it } from 'vitest';
import { noCounts, Walk, type WalkCounts } from './walk.ts';

/** How many steps a walk takes before it heals. */
const steps = 120;

/**
 * Half of the campaign, so that two workers share it: the seeds of one remainder modulo 2. The
 * environment may name one seed (SEED) or another number of walks (WALKS, 20,000 in all).
 */
export function testWalks(remainder: 0 | 1): void {
  const only = process.env.SEED;
  const walks = Number(process.env.WALKS ?? 20_000);
  if (only !== undefined) {
    it(`walk ${only} keeps exclusion and token order, and nothing is stuck`, () => {
      expect(walk(Number(only)).steps).toBeGreaterThan(0);
    });
    return;
  }
  it(`${walks / 2} walks keep exclusion and token order, and nothing is stuck`, () => {
    const total = noCounts();
    for (let seed = 1; seed <= walks; seed += 1) {
      if (seed % 2 === remainder) add(total, walk(seed));
    }
    for (const [what, count] of Object.entries(total)) {
      expect(count, `hardly any walk had ${what}`).toBeGreaterThan(walks / 40);
    }
  }, 3_600_000);
}

function walk(seed: number): WalkCounts {
  try {
    return new Walk(seed).run(steps);
  } catch (cause) {
    const again = `SEED=${seed} npx vitest run test/protocol/walks`;
    throw new Error(`A walk failed: repeat it with ${again}`, { cause });
  }
}

function add(total: WalkCounts, counts: WalkCounts): void {
  for (const key of Object.keys(total) as (keyof WalkCounts)[]) total[key] += counts[key];
}
