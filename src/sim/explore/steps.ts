/**
 * The way to a state, also in words: by the state from which each was first reached, and what
 * happened before the search.
 */

import type { Model } from './model.ts';
import { noParent, type StateTable } from './state-table.ts';

/** The actions on the way to a state. */
export function actionsTo(model: Model, table: StateTable, index: number): number[] {
  const actions: number[] = [];
  for (let at = index; table.parentOf(at) !== noParent; at = table.parentOf(at)) {
    actions.push(table.actionOf(at));
  }
  return [...(model.prelude?.actions ?? []), ...actions.reverse()];
}

/** The same in words. */
export function stepsTo(model: Model, table: StateTable, index: number): string[] {
  const steps: string[] = [];
  const state = new Int32Array(model.width);
  for (let at = index; table.parentOf(at) !== noParent; at = table.parentOf(at)) {
    table.read(table.parentOf(at), state);
    steps.push(model.describe(table.actionOf(at), state));
  }
  return [...(model.prelude?.steps ?? []), ...steps.reverse()];
}
