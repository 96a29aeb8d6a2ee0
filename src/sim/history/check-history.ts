/**
 * Judges a history: whether its operations could have happened one at a time, each between its call
 * and its return, on locks that do what the model says.
 */

import { explain } from './explain.ts';
import { fittingModel, type HistoryModel, type LockRules, rulesOf } from './lock-rules.ts';
import { minimize } from './minimize.ts';
import { type Move, movesOf } from './moves.ts';
import type { HistoryOperation } from './operation.ts';
import { partsOf } from './partition.ts';
import { requireOperations } from './require-operations.ts';
import { type Budget, type SearchResult, search } from './search.ts';
import { sweep } from './sweep.ts';
import { orderByTokens } from './token-order.ts';
import type { HistoryUnknown, HistoryVerdict } from './verdict.ts';

/** How to judge a history. */
export interface CheckHistoryOptions extends Partial<HistoryModel> {
  /**
   * How many configurations may be looked at before the verdict is `unknown`: ways in which the
   * operations under way at one moment could have gone.
   *
   * @default 2_000_000
   */
  readonly budget?: number;
  /**
   * Whether all is searched, also where there are quicker ways. The verdict is the same.
   *
   * @default false
   */
  readonly searchesAll?: boolean;
}

/** Of the default budget. */
const budgetDefault = 2_000_000;

/**
 * Judges `history`, whose operations may be in any order.
 *
 * @param options the model is the one that fits what is in the history, unless given
 * @throws {HistoryError} when an operation is malformed, or none of the model's
 */
export function checkHistory(
  history: readonly HistoryOperation[],
  options: CheckHistoryOptions = {},
): HistoryVerdict {
  requireOperations(history);
  const { strict = false, budget = budgetDefault, searchesAll = false } = options;
  const rules = rulesOf({ model: options.model ?? fittingModel(history), strict });
  const judging: Judging = { history, rules, budget: { left: budget }, searchesAll };
  let unknown: HistoryUnknown | null = null;
  for (const part of partsOf(movesOf(history, rules))) {
    const verdict = judge(part, judging);
    if (verdict?.verdict === 'illegal') return verdict;
    unknown ??= verdict;
  }
  return unknown ?? { verdict: 'ok', model: rules.name, operations: history.length };
}

interface Judging {
  readonly history: readonly HistoryOperation[];
  readonly rules: LockRules;
  readonly budget: Budget;
  readonly searchesAll: boolean;
}

/** `null` where there is an order. */
function judge(
  part: readonly Move[],
  judging: Judging,
): Exclude<HistoryVerdict, { verdict: 'ok' }> | null {
  const { history, rules, budget, searchesAll } = judging;
  const quick = searchesAll ? ({ found: 'nothing' } as const) : quickly(part, rules);
  if (quick.found === 'order') return null;
  // Nothing is illegal but by a search, which finds the same in the few that clash.
  let moves = quick.found === 'clash' ? quick.moves : part;
  let result: SearchResult = search(moves, { rules, budget });
  if (quick.found === 'clash' && result.found === 'order') {
    moves = part;
    result = search(part, { rules, budget });
  }
  if (result.found === 'order') return null;
  if (result.found === 'budget') return unknownAt(result.at, judging);
  return explain(history, minimize(moves, { stuck: result.stuck, rules }), rules);
}

function quickly(part: readonly Move[], rules: LockRules): ReturnType<typeof sweep> {
  return rules.excludes ? sweep(part, rules) : orderByTokens(part);
}

function unknownAt(at: Move, { history, rules }: Judging): HistoryUnknown {
  return {
    verdict: 'unknown',
    model: rules.name,
    operations: history.length,
    reason:
      'its budget of configurations was used up at the return of operation ' +
      `${at.index + 1}: too much was under way at once, or never returned`,
  };
}
