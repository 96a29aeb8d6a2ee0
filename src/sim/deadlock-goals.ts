/**
 * What a campaign must witness of deadlocks that were broken.
 */

import type { Hop } from '../protocol/pursuit.ts';
import type { Books } from './checks/books.ts';

type DeadlockGoal =
  | 'a deadlock across voters and members was broken'
  | 'a deadlock of three or more was broken'
  | 'a deadlock of two was broken'
  | 'a deadlock through one who held nothing was broken'
  | 'a deadlock with shared holders was broken';

/** The goals that the end of a circle reaches. */
export function goalsOfDeadlock(
  cycle: readonly Hop[],
  { present }: Books,
): readonly DeadlockGoal[] {
  const cores = [...present.values()];
  const ways = cycle.map(({ peer, round, via }) => {
    const core = cores.find((each) => each.core.peer === peer);
    return { core, target: core?.byNumber.get(via), isBetween: round === via };
  });
  const size = ways.filter(({ isBetween }) => !isBetween).length;
  const roles = new Set(ways.map(({ core }) => core?.isVoter));
  const isShared = ways.some(({ target }) => {
    return target?.state === 'held' && target.asked.resources.some(({ mode }) => mode === 'shared');
  });
  const goals: readonly (readonly [boolean, DeadlockGoal])[] = [
    [size === 2, 'a deadlock of two was broken'],
    [size > 2, 'a deadlock of three or more was broken'],
    [size < ways.length, 'a deadlock through one who held nothing was broken'],
    [roles.size > 1, 'a deadlock across voters and members was broken'],
    [isShared, 'a deadlock with shared holders was broken'],
  ];
  return goals.flatMap(([isReached, goal]) => (isReached ? [goal] : []));
}
