/**
 * Makes a part of a history that has no order smaller, hold by hold, until each that is left is
 * needed for that: what people are then shown.
 */

import type { LockRules } from './lock-rules.ts';
import type { Move } from './moves.ts';
import { type Budget, type Stuck, search } from './search.ts';

/** What is left, and where it gets stuck. */
export interface Smaller {
  readonly moves: readonly Move[];
  readonly stuck: Stuck;
}

interface Minimizing {
  readonly rules: LockRules;
  readonly budget: Budget;
}

/** How many configurations may be spent on it; then what there is must do. */
const spentMax = 200_000;

/**
 * Drops what is not needed. Without a hold no order becomes impossible that was possible with it,
 * unless somebody was refused because of it: then all is kept that could be the reason.
 */
export function minimize(
  moves: readonly Move[],
  { stuck, rules }: { readonly stuck: Stuck; readonly rules: LockRules },
): Smaller {
  const minimizing = { rules, budget: { left: spentMax } };
  const { until } = stuck.move;
  // Nothing that was called later has had any part in it.
  let smaller: Smaller = { moves: moves.filter(({ call }) => call <= until), stuck };
  const withoutRefusals = smaller.moves.filter(({ kind }) => kind !== 'refuse');
  if (withoutRefusals.length < smaller.moves.length) {
    const stuckStill = stuckOf(withoutRefusals, minimizing);
    if (stuckStill === null) return onlyRefusal(smaller, minimizing);
    smaller = { moves: withoutRefusals, stuck: stuckStill };
  }
  return dropHolds(nearby(smaller, minimizing), minimizing);
}

/** Tries first what is held, and the moves of those under way. */
function nearby(smaller: Smaller, minimizing: Minimizing): Smaller {
  const { move, held, obstacle } = smaller.stuck;
  const near = new Set([move.hold, ...[...held, ...obstacle.grants].map(({ hold }) => hold)]);
  const few = smaller.moves.filter(({ hold }) => near.has(hold));
  const stuck = stuckOf(few, minimizing);
  return stuck === null ? smaller : { moves: few, stuck };
}

/** In halves, quarters, and so on, down to single holds, until none can be spared. */
function dropHolds(start: Smaller, minimizing: Minimizing): Smaller {
  let smaller = start;
  let holds = holdsOf(smaller);
  let size = Math.ceil(holds.length / 2);
  while (holds.length > 1) {
    let hasDropped = false;
    for (let from = 0; from < holds.length; ) {
      const dropped = new Set(holds.slice(from, from + size));
      const rest = smaller.moves.filter(({ hold }) => !dropped.has(hold));
      const stuck = rest.length > 0 ? stuckOf(rest, minimizing) : null;
      if (stuck === null) {
        from += size;
        continue;
      }
      smaller = { moves: rest.filter(({ call }) => call <= stuck.move.until), stuck };
      holds = holds.filter((hold) => !dropped.has(hold));
      hasDropped = true;
    }
    if (size === 1 && !hasDropped) break;
    size = Math.max(1, Math.floor(size / 2));
  }
  return smaller;
}

/** A refusal is to blame: of several, the one that is left must be stuck by itself. */
function onlyRefusal(start: Smaller, minimizing: Minimizing): Smaller {
  let smaller = start;
  for (const refusal of start.moves.filter(({ kind }) => kind === 'refuse')) {
    const rest = smaller.moves.filter((move) => move !== refusal);
    const stuck = stuckOf(rest, minimizing);
    if (stuck !== null) smaller = { moves: rest, stuck };
  }
  const refusal = smaller.moves.find(({ kind }) => kind === 'refuse');
  if (refusal === undefined) return smaller;
  const rest = smaller.moves.filter((move, _, all) => !isApart(all, move.hold, refusal));
  const stuck = stuckOf(rest, minimizing);
  return stuck === null ? smaller : { moves: rest, stuck };
}

/** Whether a hold was over before a refusal was called: it cannot be its reason. */
function isApart(moves: readonly Move[], hold: number, refusal: Move): boolean {
  return moves.some((move) => {
    return move.hold === hold && move.kind === 'end' && move.until < refusal.call;
  });
}

function holdsOf({ moves }: Smaller): readonly number[] {
  return [...new Set(moves.map(({ hold }) => hold))];
}

function stuckOf(moves: readonly Move[], { rules, budget }: Minimizing): Stuck | null {
  // Also what no configuration is made for takes time.
  budget.left -= moves.length;
  if (budget.left < 0) return null;
  const result = search(moves, { rules, budget });
  return result.found === 'none' ? result.stuck : null;
}
