/**
 * Makes of some plans' claims other kinds of them, and adds what is no claim, by streams of their
 * own: whoever draws no other kind draws what it drew before there were any.
 */

import type { PlanStep } from './plan.ts';
import type { Scene } from './scene.ts';

export function drawKinds(
  { chance, names }: Scene,
  operations: readonly PlanStep[],
): readonly PlanStep[] {
  const anyOf = names.length > 1 && chance.chance(0.5) ? chance.pick([0.2, 0.5, 1]) : 0;
  const polite = chance.chance(0.3) ? chance.pick([0.2, 1]) : 0;
  return operations.map(({ when, act }): PlanStep => {
    if (act.do !== 'acquire') return { when, act };
    if (chance.chance(anyOf)) {
      const count = chance.between(2, names.length);
      const patience = act.patience === 'try' ? 'try any' : 'any';
      return { when, act: { ...act, names: chance.shuffled(names).slice(0, count), patience } };
    }
    const isPolite = act.patience === 'wait' && chance.chance(polite);
    return { when, act: isPolite ? { ...act, patience: 'polite' } : act };
  });
}

/**
 * Looks of some hosts at what voters keep; none in most plans. Some are by hosts that stand still
 * before they are answered.
 */
export function drawLooks(scene: Scene, faults: readonly PlanStep[]): readonly PlanStep[] {
  const { chance, hostCount, names } = scene;
  if (!chance.chance(0.3)) return [];
  const look = (atMs: number, host: number): PlanStep => {
    const name = chance.chance(0.5) ? null : chance.pick(names);
    return { when: { atMs }, act: { do: 'look', host, name } };
  };
  const before = faults.flatMap(({ when, act }) => {
    if (act.do !== 'pause' || !('atMs' in when) || when.atMs === 0) return [];
    return [look(when.atMs - 1, act.host)];
  });
  const looks = Array.from({ length: chance.between(1, 8) }, () => {
    return look(scene.moment(), chance.below(hostCount));
  });
  return [...before, ...looks];
}

/** The same of claims that steal, and of those that share what they hold after a while. */
export function drawTakings(
  { chance }: Scene,
  operations: readonly PlanStep[],
): readonly PlanStep[] {
  const steal = chance.chance(0.25) ? chance.pick([0.05, 0.2, 0.5]) : 0;
  const share = chance.chance(0.3) ? chance.pick([0.2, 0.5, 1]) : 0;
  return operations.map(({ when, act }): PlanStep => {
    if (act.do !== 'acquire' || act.patience !== 'wait') return { when, act };
    if (chance.chance(steal)) {
      return { when, act: { ...act, mode: 'exclusive', patience: 'steal' } };
    }
    const shares = act.mode === 'exclusive' && chance.chance(share);
    return { when, act: shares ? { ...act, patience: 'share' } : act };
  });
}
