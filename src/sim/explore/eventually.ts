/**
 * What must become true on every path: looks, in the finished graph, for a path on which it never
 * does. Such a path stays among the states where it is not true, and either comes to rest there or
 * goes round in a circle. A step that changes nothing is no circle: any other step may follow it.
 */

import type { Breach, Model, Property } from './model.ts';
import { noParent, type StateTable } from './state-table.ts';
import { stepsTo } from './steps.ts';

/** A state on the path that is being followed. */
interface Visit {
  readonly index: number;
  readonly next: readonly number[];
  taken: number;
}

/** A path on which something that must become true never does; `null` where there is none. */
export function findEndless(model: Model, table: StateTable): Breach | null {
  for (const property of model.eventually) {
    const found = endlessOf(model, table, property);
    if (found !== null) return found;
  }
  return null;
}

function endlessOf(model: Model, table: StateTable, property: Property): Breach | null {
  const { name: of, holds } = property;
  const state = new Int32Array(model.width);
  /** Whether it was not met before a state, and the state is left (2) or on the path (1). */
  const marks = new Uint8Array(table.size);
  const isOut = (index: number): boolean => {
    table.read(index, state);
    return !holds(state);
  };
  const breach = (message: string, path: readonly Visit[]): Breach => {
    const steps = path.map(({ index }) => index);
    return { property: of, message, actions: [], steps: describePath(model, table, steps) };
  };
  for (let start = 0; start < table.size; start += 1) {
    if (table.parentOf(start) !== noParent || marks[start] !== 0 || !isOut(start)) continue;
    const path: Visit[] = [];
    const enter = (index: number): boolean => {
      const { next, isAtRest } = following(model, table, index);
      marks[index] = 1;
      path.push({ index, next: next.filter(isOut), taken: 0 });
      return isAtRest;
    };
    if (enter(start)) return breach('nothing has to happen any more', path);
    for (let visit = path.at(-1); visit !== undefined; visit = path.at(-1)) {
      const index = visit.next[visit.taken];
      visit.taken += 1;
      if (index === undefined) {
        marks[visit.index] = 2;
        path.pop();
      } else if (marks[index] === 1) return breach('it goes round in a circle', path);
      else if (marks[index] === 0 && enter(index)) {
        return breach('nothing has to happen any more', path);
      }
    }
  }
  return null;
}

/** Where a state leads to, without itself. */
function following(
  model: Model,
  table: StateTable,
  index: number,
): { readonly next: readonly number[]; readonly isAtRest: boolean } {
  const state = new Int32Array(model.width);
  const image = new Int32Array(model.width);
  table.read(index, state);
  const next = new Set<number>();
  let isAtRest = true;
  model.successors(state, (other, action) => {
    if (!model.isOptional?.(action)) isAtRest = false;
    image.set(other);
    model.canonical?.(image);
    const found = table.find(image);
    if (found !== index && found >= 0) next.add(found);
  });
  return { next: [...next], isAtRest };
}

/** The steps along states of which each leads to the next. */
function describePath(model: Model, table: StateTable, path: readonly number[]): string[] {
  const [first = 0] = path;
  const steps = stepsTo(model, table, first);
  const state = new Int32Array(model.width);
  const image = new Int32Array(model.width);
  for (let at = 0; at + 1 < path.length; at += 1) {
    table.read(path[at] ?? 0, state);
    let step: string | null = null;
    const before = state.slice();
    model.successors(state, (other, action) => {
      image.set(other);
      model.canonical?.(image);
      if (step === null && table.find(image) === path[at + 1])
        step = model.describe(action, before);
    });
    steps.push(step ?? '?');
  }
  return steps;
}
