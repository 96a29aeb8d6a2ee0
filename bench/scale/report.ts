/**
 * The figures of the suite scale as text, for people.
 */

import { goalText, verdict } from '../goals.ts';
import { aligned, fixed } from '../text.ts';
import { type Figures, figureGoals, figureNames, figureTitles } from './figures.ts';
import type { Raw } from './raw.ts';

/** What the figures are made of: the medians, and the range over the rounds. */
export function rawTable(medians: Raw, rounds: readonly Raw[]): string {
  const rows = Object.entries(medians).map(([name, value]) => {
    const values = rounds.flatMap((round) => round[name] ?? []);
    return [name, shown(value), rangeOf(values)];
  });
  return `Found\n${aligned([['', 'median', 'rounds'], ...rows])}`;
}

/** The figures, each with its range over the rounds and with what it is to be. */
export function figureTable(figures: Figures, rounds: readonly Figures[]): string {
  const rows = figureNames.map((name) => {
    const goal = figureGoals[name];
    const values = rounds.flatMap((round) => round[name] ?? []);
    return [
      figureTitles[name],
      shown(figures[name]),
      rangeOf(values),
      goalText(goal.reach, goal),
      goalText(goal.aim, goal),
      verdict(goal, figures[name]),
    ];
  });
  return `Scale\n${aligned([['', 'median', 'rounds', 'reach', 'aim', ''], ...rows])}`;
}

function rangeOf(values: readonly number[]): string {
  if (values.length < 2) return '';
  return `${shown(Math.min(...values))} to ${shown(Math.max(...values))}`;
}

/** Three digits of what is small, whole numbers of what is large. */
function shown(value: number | null): string {
  return fixed(value ?? Number.NaN, value !== null && Math.abs(value) < 100 ? 3 : 0);
}
