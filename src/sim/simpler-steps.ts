/**
 * Steps that say the same with less: shorter, plainer, rounder.
 */

import { isAct } from './parse-plan.ts';
import type { Act, PlanStep, When } from './plan.ts';
import { type Field, fieldsOf } from './plan-fields.ts';

/** Each way in which one step could be simpler, the boldest first. */
export function simplerSteps({ when, act }: PlanStep): readonly PlanStep[] {
  const acts = fieldsOf(act).flatMap(([name, field]) => simplerActs(act, name, field));
  return [
    ...simplerWhens(when).map((simpler): PlanStep => ({ when: simpler, act })),
    ...acts.map((simpler): PlanStep => ({ when, act: simpler })),
  ];
}

function simplerWhens(when: When): readonly When[] {
  if ('atMs' in when) return [];
  const earlier = [1, when.nth >> 1].filter((nth) => nth > 0 && nth < when.nth);
  return earlier.map((nth) => ({ ...when, nth }));
}

function simplerActs(act: Act, name: string, field: Field): readonly Act[] {
  const value = new Map<string, unknown>(Object.entries(act)).get(name);
  return simplerValues(field, value).flatMap((simpler) => {
    const changed: unknown = { ...act, [name]: simpler };
    return isAct(changed) ? [changed] : [];
  });
}

function simplerValues(field: Field, value: unknown): readonly unknown[] {
  switch (field.is) {
    case 'host':
    case 'name':
      return [];
    case 'whole':
      return typeof value === 'number' ? simplerNumbers(value, field.least) : [];
    case 'flag':
      return value === true ? [false] : [];
    case 'word':
      // The plainest comes first in the table.
      return field.of.slice(0, Math.max(0, field.of.indexOf(String(value))));
    case 'pair':
      return Array.isArray(value) && value.some((each) => each !== 0) ? [[0, 0]] : [];
    case 'names':
      return Array.isArray(value) && value.length > 1 ? withoutEach(value) : [];
    case 'order':
      return Array.isArray(value) && value.length > 2 ? withoutEach(value) : [];
  }
}

function withoutEach(values: readonly unknown[]): readonly unknown[] {
  return values.map((_, at) => values.filter((__, other) => other !== at));
}

/** Nothing, or as few digits as possible. */
function simplerNumbers(value: number, least: number): readonly number[] {
  const plain = Math.max(0, least);
  if (value === plain) return [];
  const unit = 10 ** Math.floor(Math.log10(Math.max(1, Math.abs(value))));
  const round = Math.round(value / unit) * unit;
  const half = Math.round(value / (unit / 2)) * (unit / 2);
  const numbers = [plain, round, half].filter((number) => {
    return Number.isInteger(number) && number !== value && number >= least;
  });
  return [...new Set(numbers)];
}
