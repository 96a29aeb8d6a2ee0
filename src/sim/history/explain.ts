/**
 * Says to people why a history has no order: which operation could not be placed, who held what,
 * and which few operations are enough to see it.
 */

import type { LockRules } from './lock-rules.ts';
import type { Smaller } from './minimize.ts';
import type { Move } from './moves.ts';
import { type HistoryOperation, namesOf } from './operation.ts';
import type { HistoryHolder, HistoryIllegal } from './verdict.ts';

export function explain(
  history: readonly HistoryOperation[],
  { moves, stuck }: Smaller,
  rules: LockRules,
): HistoryIllegal {
  const { move, held, obstacle } = stuck;
  const because = moves.toSorted((one, other) => one.call - other.call).map(({ index }) => index);
  const reason = reasonFor(history, { move, grants: obstacle.grants, why: obstacle.reason });
  const shown = because.slice(0, shownMax);
  const message = [
    `Illegal as ${rules.name}: operation ${move.index + 1} cannot be placed`,
    `  ${describeOperation(history, move.index)}`,
    `  since ${reason}`,
    `No order of these ${because.length} is possible:`,
    ...shown.map((index) => `  ${describeOperation(history, index)}`),
    ...(because.length > shown.length ? [`  and ${because.length - shown.length} more`] : []),
  ].join('\n');
  return {
    ...{ verdict: 'illegal', model: rules.name, operations: history.length, message },
    ...{ unplaced: move.index, reason, because },
    holders: held.map((grant) => holderOf(history, grant)),
  };
}

/** How many operations are told one by one. */
const shownMax = 20;

function reasonFor(
  history: readonly HistoryOperation[],
  { move, grants, why }: { move: Move; grants: readonly Move[]; why: string },
): string {
  const who = grants.map((grant) => describeHolder(history, grant)).join(', ');
  switch (why) {
    case 'taken':
      return `${who}, which still is held`;
    case 'held already':
      return `${who}, by itself, and has not ended`;
    case 'token':
      return `its token must be greater than that of ${who}`;
    case 'still held':
      return `${who}, and nothing has ended that`;
    case 'free':
      return who === '' ? 'nobody holds any of it' : `only ${who}, which leaves it room`;
    default:
      return move.kind === 'end'
        ? 'there is nothing that it could end: it was not granted, or is over'
        : 'it was not granted, or is over';
  }
}

function describeHolder(history: readonly HistoryOperation[], grant: Move): string {
  const holds = grant.isShared ? 'shares' : 'holds';
  const { client, names } = holderOf(history, grant);
  const token = history[grant.index]?.token;
  const what = names.map((name) => JSON.stringify(name)).join(', ');
  const tokenText = token === undefined ? '' : ` with token ${token}`;
  return `${client} ${holds} ${what}${tokenText} by operation ${grant.index + 1}`;
}

function holderOf(history: readonly HistoryOperation[], { index }: Move): HistoryHolder {
  const operation = history[index];
  const names = operation === undefined ? [] : namesOf(operation).map(({ name }) => name);
  return { client: operation?.client ?? '', names, operation: index };
}

/** In one line: `4: b acquire "x" (12 to 17): ok, token 9`. */
export function describeOperation(history: readonly HistoryOperation[], index: number): string {
  const operation = history[index];
  if (operation === undefined) return `${index + 1}`;
  const { client, op, call, result, token, hold, permits } = operation;
  const what = namesOf(operation).map(({ name, mode }) => {
    return mode === 'shared' ? `${JSON.stringify(name)} (shared)` : JSON.stringify(name);
  });
  const many = permits === undefined ? '' : ` × ${permits}`;
  const which = hold === undefined ? '' : ` as ${hold}`;
  const when = `${call} to ${operation.return ?? 'no return'}`;
  const came = token === undefined ? result : `${result}, token ${token}`;
  return `${index + 1}: ${client} ${op} ${what.join(', ')}${many}${which} (${when}): ${came}`;
}
