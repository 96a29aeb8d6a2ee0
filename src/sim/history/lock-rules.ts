/**
 * What a history is judged by: who may have a lock at the same time as whom, and what else its
 * answers must be. One object, on which each method is one sequential step, told as four facts.
 */

import { HistoryError } from './history-error.ts';
import { type HistoryOperation, namesOf } from './operation.ts';

/** The models by name; a semaphore by how many permits it has, as `semaphore:3`. */
export type HistoryModelName =
  | 'exclusive'
  | 'fenced'
  | 'shared'
  | 'shared-fenced'
  | `semaphore:${number}`
  | 'tokens';

/** How to judge. */
export interface HistoryModel {
  /**
   * - `exclusive`: a name has one holder.
   * - `fenced`: and each grant has a greater token than all before it.
   * - `shared`: a name has one exclusive holder, or any number of shared ones.
   * - `shared-fenced`: and of two grants that exclude each other, the later has a greater token.
   * - `semaphore:N`: its holders have N permits, together.
   * - `tokens`: only the tokens count, as where leases cannot be relied on.
   */
  readonly model: HistoryModelName;
  /**
   * Whether `busy` and `timeout` are lies unless another was in the way at some moment of the call.
   * A mesh of peers that fail may refuse for less: the lease of a dead holder, a claim that was
   * given up.
   *
   * @default false
   */
  readonly strict?: boolean;
}

/** What a model comes down to. */
export interface LockRules {
  readonly name: HistoryModelName;
  /** How much may be held of a name at once. */
  readonly capacity: number;
  readonly shares: boolean;
  readonly isFenced: boolean;
  /** Whether it counts who holds at all. */
  readonly excludes: boolean;
  readonly isStrict: boolean;
}

/** More than there are shared holders, ever. */
const everything = 2 ** 40;

/** @throws {HistoryError} when there is no such model */
export function rulesOf({ model, strict = false }: HistoryModel): LockRules {
  const isFenced = model === 'fenced' || model === 'shared-fenced' || model === 'tokens';
  const shares = model === 'shared' || model === 'shared-fenced' || model === 'tokens';
  const capacity = shares ? everything : capacityOf(model);
  return {
    name: model,
    capacity,
    shares,
    isFenced,
    excludes: model !== 'tokens',
    isStrict: strict,
  };
}

/**
 * The model that fits what is in a history: with tokens if all that was granted has one, and shared
 * if anything is, or comes to be. Of permits it asks nothing but one.
 */
export function fittingModel(history: readonly HistoryOperation[]): HistoryModelName {
  const granted = history.filter(isGranted);
  const isFenced = granted.length > 0 && granted.every(({ token }) => token !== undefined);
  const shares = history.some((each) => {
    return each.op === 'downgrade' || namesOf(each).some(({ mode }) => mode === 'shared');
  });
  if (shares) return isFenced ? 'shared-fenced' : 'shared';
  return isFenced ? 'fenced' : 'exclusive';
}

export function isGranted({ op, result }: HistoryOperation): boolean {
  return (op === 'acquire' || op === 'try') && result === 'ok';
}

/** Whether a text names a model. */
export function isModelName(text: string): text is HistoryModelName {
  if (/^semaphore:[1-9]\d{0,8}$/.test(text)) return true;
  return ['exclusive', 'fenced', 'shared', 'shared-fenced', 'tokens'].includes(text);
}

function capacityOf(model: string): number {
  if (!isModelName(model)) {
    throw new HistoryError(
      'Cannot judge history: model must be exclusive, fenced, shared, shared-fenced, tokens or ' +
        `semaphore:N, received ${JSON.stringify(model)}`,
    );
  }
  return model.startsWith('semaphore:') ? Number(model.slice('semaphore:'.length)) : 1;
}
