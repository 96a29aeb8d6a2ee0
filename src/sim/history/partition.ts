/**
 * Parts of a history that have nothing to do with each other can be judged each by itself, since
 * linearizability is local (Herlihy and Wing, 1990): names, and those that are locked together.
 */

import type { Move, Moves } from './moves.ts';

/** The moves of each part, in the order of the history. */
export function partsOf({ moves, nameCount, holdCount }: Moves): readonly (readonly Move[])[] {
  const roots = Array.from({ length: nameCount + holdCount }, (_, at) => at);
  const find = (at: number): number => {
    let root = at;
    for (let up = roots[root] ?? root; up !== root; up = roots[root] ?? root) {
      // Halves the way for those that come after.
      roots[root] = roots[up] ?? up;
      root = up;
    }
    return root;
  };
  for (const { hold, wants } of moves) {
    for (const { name } of wants) roots[find(name)] = find(nameCount + hold);
  }
  const parts = new Map<number, Move[]>();
  for (const move of moves) {
    const root = find(nameCount + move.hold);
    const part = parts.get(root);
    if (part === undefined) parts.set(root, [move]);
    else part.push(move);
  }
  return [...parts.values()];
}
