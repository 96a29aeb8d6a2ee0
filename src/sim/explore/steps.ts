/**
 * The way to a state, in words: by the state from which each was first reached.
 */

import type { Model } from './model.ts';
import { noParent, type StateTable } from './state-table.ts';

/** The actions on the way to a state, in words. */
export function stepsTo(model: Model, table: StateTable, index: number): string[] {
  const steps: string[] = [];
  const state = new Int32Array(model.width);
  for (let at = index; table.parentOf(at) !== noParent; at = table.parentOf(at)) {
    table.read(table.parentOf(at), state);
    steps.push(model.describe(table.actionOf(at), state));
  }
  return steps.reverse();
}
