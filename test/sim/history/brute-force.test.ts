/**
 * The checker agrees with the plainest judge there is, on thousands of small histories.
 */

import { describe, expect, test } from 'vitest';
import { checkHistory } from '../../../src/sim/history/check-history.ts';
import { formatHistory } from '../../../src/sim/history/ndjson.ts';
import type { HistoryOperation } from '../../../src/sim/history/operation.ts';
import { Stream } from '../../../src/sim/random.ts';
import { hasOrder } from './brute-force.ts';
import { drawSample, type Sample } from './random-history.ts';

const count = 10_000;

function samples(label: string, length: number): readonly Sample[] {
  const chance = Stream.of(1, label);
  return Array.from({ length }, () => drawSample(chance));
}

describe('checkHistory()', () => {
  const drawn = samples('histories', count);

  test('agrees with every order tried, on 10,000 histories, many of them illegal', () => {
    let illegal = 0;
    let shared = 0;
    const wrong: string[] = [];
    for (const { history, model } of drawn) {
      const expected = hasOrder(history, model) ? 'ok' : 'illegal';
      const { verdict } = checkHistory(history, model);
      if (verdict !== expected) wrong.push(`${expected}: ${told({ history, model })}`);
      if (verdict === 'illegal') illegal += 1;
      const others = history.filter(({ op }) => op !== 'downgrade');
      if (verdict === 'ok' && others.length < history.length && !hasOrder(others, model)) {
        shared += 1;
      }
    }
    expect(shared).toBeGreaterThan(20);
    expect(wrong).toEqual([]);
    expect(illegal).toBeGreaterThanOrEqual(0.3 * count);
    expect(illegal).toBeLessThanOrEqual(0.7 * count);
  });

  test('says the same when all is searched', () => {
    let swept = 0;
    const wrong: string[] = [];
    for (const { history, model } of drawn) {
      const [quick, thorough] = [false, true].map((searchesAll) => {
        return checkHistory(history, { ...model, searchesAll });
      });
      if (quick?.verdict !== thorough?.verdict) wrong.push(told({ history, model }));
      if (model.strict !== true) swept += 1;
    }
    expect(wrong).toEqual([]);
    expect(swept).toBeGreaterThan(count / 2);
  });

  test('shows operations that have no order by themselves', () => {
    let shown = 0;
    for (const { history, model } of drawn.slice(0, 3_000)) {
      const verdict = checkHistory(history, model);
      if (verdict.verdict !== 'illegal') continue;
      const few = pickOf(history, verdict.because);
      expect(hasOrder(few, model)).toBe(false);
      expect(verdict.because).toContain(verdict.unplaced);
      shown += Number(few.length < history.length);
    }
    expect(shown).toBeGreaterThan(200);
  });
});

/** What must be known of a sample that is judged otherwise than it should. */
function told({ history, model }: Sample): string {
  return `${JSON.stringify(model)}\n${formatHistory(history)}`;
}

function pickOf(
  history: readonly HistoryOperation[],
  indices: readonly number[],
): readonly HistoryOperation[] {
  return indices.flatMap((index) => history[index] ?? []);
}
