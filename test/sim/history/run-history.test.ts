/**
 * The histories of simulated runs: whatever goes wrong in them, what applications see has an order.
 */

import { describe, expect, test } from 'vitest';
import { drawPlan } from '../../../src/sim/draw-plan.ts';
import { checkHistory } from '../../../src/sim/history/check-history.ts';
import { formatHistory, parseHistory } from '../../../src/sim/history/ndjson.ts';
import type { HistoryOperation } from '../../../src/sim/history/operation.ts';
import { modelOfPlan, RunHistory } from '../../../src/sim/history/run-history.ts';
import type { Plan } from '../../../src/sim/plan.ts';
import { runPlan } from '../../../src/sim/run-plan.ts';

const seeds = 40;

async function record(plan: Plan): Promise<readonly HistoryOperation[]> {
  const history = new RunHistory();
  await runPlan(plan, { checks: 'none', history });
  return history.operations;
}

describe('the history of a run of the swarm', () => {
  test('is in order, seed by seed', async () => {
    const counts = new Map<string, number>();
    const models = new Map<string, number>();
    for (let seed = 1; seed <= seeds; seed += 1) {
      const plan = drawPlan(seed);
      const model = modelOfPlan(plan);
      const history = await record(plan);
      if (model !== null) {
        const judged = checkHistory(history, { model });
        expect({ seed, ...judged }).toEqual({
          ...{ seed, verdict: 'ok', model, operations: history.length },
        });
      }
      models.set(String(model), (models.get(String(model)) ?? 0) + 1);
      for (const { op, result } of history) {
        counts.set(`${op} ${result}`, (counts.get(`${op} ${result}`) ?? 0) + 1);
      }
    }
    const seen = [
      'acquire ok',
      'acquire unknown',
      'lost ok',
      'release ok',
      'try busy',
      'look gone',
    ];
    for (const what of seen) expect([what, counts.get(what) ?? 0]).not.toEqual([what, 0]);
    expect(models.get('shared-fenced')).toBeGreaterThan(seeds / 4);
  });

  test('is the same, read from what was written', async () => {
    const history = await record(drawPlan(1));
    expect(history.length).toBeGreaterThan(10);
    expect(parseHistory(formatHistory(history))).toEqual(history);
  });

  test('does not depend on what else is checked', async () => {
    const checked = new RunHistory();
    const { hash } = await runPlan(drawPlan(3), { history: checked });
    const alone = new RunHistory();
    const report = await runPlan(drawPlan(3), { history: alone, checks: 'none' });
    expect(report.hash).toBe(hash);
    expect(alone.operations).toEqual(checked.operations);
  });
});
