/**
 * What a figure is to reach, and whether it does.
 */

export interface Goal {
  readonly reach: number;
  /** `null` where more than to reach it is not aimed at. */
  readonly aim: number | null;
  /** Whether less is better. */
  readonly atMost: boolean;
}

/** `missing`, `short`, `reached`, or the `aim` met. */
export function verdict({ reach, aim, atMost }: Goal, figure: number | null): string {
  if (figure === null) return 'missing';
  const meets = (goal: number): boolean => (atMost ? figure <= goal : figure >= goal);
  if (aim !== null && meets(aim)) return 'aim';
  return meets(reach) ? 'reached' : 'short';
}

/** A goal as it stands in a table. */
export function goalText(goal: number | null, { atMost }: Goal): string {
  return goal === null ? '' : `${atMost ? '≤' : '≥'} ${goal.toLocaleString('en')}`;
}
