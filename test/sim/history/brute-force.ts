/**
 * The plainest judge of a history: tries every order of its operations, with a lock table of its
 * own that knows nothing of the checker's.
 */

import type { HistoryModel } from '../../../src/sim/history/lock-rules.ts';
import { type HistoryOperation, holdOf, namesOf } from '../../../src/sim/history/operation.ts';

interface Grant {
  readonly operation: HistoryOperation;
  isHeld: boolean;
  isShared: boolean;
}

/** Whether any order of the operations is possible. */
export function hasOrder(history: readonly HistoryOperation[], model: HistoryModel): boolean {
  return continues(history, [], model);
}

function continues(
  left: readonly HistoryOperation[],
  grants: readonly Grant[],
  model: HistoryModel,
): boolean {
  if (left.every(({ result }) => result === 'unknown')) return true;
  for (const next of left) {
    const rest = left.filter((each) => each !== next);
    if (rest.some((each) => returnedAt(each) < next.call)) continue;
    const after = step(next, grants, model);
    if (after !== null && continues(rest, after, model)) return true;
  }
  return false;
}

function returnedAt({ result, return: returned }: HistoryOperation): number {
  return result === 'unknown' || returned === null ? Number.POSITIVE_INFINITY : returned;
}

function step(
  operation: HistoryOperation,
  grants: readonly Grant[],
  model: HistoryModel,
): readonly Grant[] | null {
  const excludes = model.model !== 'tokens';
  const own = grants.find((each) => each.isHeld && holdOf(each.operation) === holdOf(operation));
  switch (operation.op) {
    case 'acquire':
    case 'try': {
      const isTaken = excludes && conflicts(operation, grants, model);
      if (operation.result === 'failed') return grants;
      if (operation.result === 'busy' || operation.result === 'timeout') {
        return model.strict !== true || !excludes || isTaken ? grants : null;
      }
      if ((excludes && own !== undefined) || isTaken) return null;
      if (!tokenIsGreater(operation, grants, model)) return null;
      return [...grants, { operation, isHeld: true, isShared: false }];
    }
    case 'look':
      return !excludes || (own !== undefined) === (operation.result === 'held') ? grants : null;
    default:
      if (!excludes) return grants;
      if (operation.result === 'gone') return own === undefined ? grants : null;
      if (own === undefined) return null;
      return grants.map((each) => {
        if (each !== own) return each;
        const isShared = operation.op === 'downgrade';
        return isShared ? { ...each, isShared } : { ...each, isHeld: false };
      });
  }
}

/** Whether what is held leaves no room. */
function conflicts(
  operation: HistoryOperation,
  grants: readonly Grant[],
  { model }: HistoryModel,
): boolean {
  return namesOf(operation).some(({ name, mode }) => {
    const others = grants.flatMap((each) => {
      const same = namesOf(each.operation).find((one) => one.name === name);
      if (!each.isHeld || same === undefined) return [];
      return [{ ...each.operation, mode: each.isShared ? 'shared' : same.mode }];
    });
    if (model.startsWith('semaphore:')) {
      const taken = others.reduce((sum, { permits = 1 }) => sum + permits, 0);
      return taken + (operation.permits ?? 1) > Number(model.split(':')[1]);
    }
    return others.some((other) => mode === 'exclusive' || other.mode === 'exclusive');
  });
}

function tokenIsGreater(
  operation: HistoryOperation,
  grants: readonly Grant[],
  { model }: HistoryModel,
): boolean {
  const { token } = operation;
  if (token === undefined || !/fenced|tokens/.test(model)) return true;
  return grants.every((before) => {
    const isRival = namesOf(operation).some(({ name, mode }) => {
      return namesOf(before.operation).some((each) => {
        return each.name === name && (mode === 'exclusive' || each.mode === 'exclusive');
      });
    });
    return !isRival || before.operation.token === undefined || before.operation.token < token;
  });
}
