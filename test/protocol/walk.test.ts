import { describe, expect, it } from 'vitest';
import { noCounts, Walk, type WalkCounts } from '../harness/walk.ts';

const walks = Number(process.env['WALKS'] ?? 20_000);
const first = Number(process.env['SEED'] ?? 1);

describe('random walks over the core', () => {
  it(`keeps exclusion and token order, and nothing is stuck, in ${walks} walks`, () => {
    const total = noCounts();
    for (let seed = first; seed < first + walks; seed += 1) {
      add(total, walk(seed));
    }
    console.log(JSON.stringify(total));
    for (const [what, count] of Object.entries(total)) {
      expect(count, `no walk had any ${what}`).toBeGreaterThan(walks / 100);
    }
  }, 600_000);
});

function walk(seed: number): WalkCounts {
  try {
    return new Walk(seed).run(200);
  } catch (error) {
    throw new Error(`Repeat with SEED=${seed} WALKS=1 npx vitest run test/protocol/walk.test.ts`, {
      cause: error,
    });
  }
}

function add(total: WalkCounts, counts: WalkCounts): void {
  for (const key of Object.keys(total) as (keyof WalkCounts)[]) total[key] += counts[key];
}
