/**
 * Single links that are slow, or carry one way only, around restarts of voters: whoever has
 * restarted is heard by some long before it is heard by others.
 */

import type { PlanStep } from '../plan.ts';
import type { Strategy } from './strategy.ts';

export const slowLinks: Strategy = (scene, menu) => {
  const { chance } = scene;
  const steps: PlanStep[] = [];
  for (let count = chance.between(0, 3); count > 0; count -= 1) {
    const from = scene.host();
    const extraMs = scene.leases(0.02, 0.45);
    const lag = { do: 'lag', from, to: scene.peerOf(from), factor: 1, extraMs } as const;
    steps.push({ when: { atMs: scene.moment() }, act: { ...lag, forMs: scene.leases(0.5, 4) } });
  }
  for (let count = chance.between(1, 3); count > 0; count -= 1) {
    const atMs = scene.moment();
    const host = scene.voter();
    const network = chance.pick(['reset', 'reset, tail lost', 'silent'] as const);
    const act = { do: 'crash', host, network, disk: 'last write kept' } as const;
    steps.push({ when: { atMs }, act: { ...act, forMs: scene.downTime() } });
    // A second one at about the same time, now and then.
    if (chance.chance(0.3)) {
      const when = { atMs: atMs + chance.between(0, 20) };
      steps.push({ when, act: { ...act, host: scene.voter(), forMs: scene.downTime() } });
    }
    for (const other of scene.hosts()) {
      if (other === host) continue;
      const forMs = scene.spell();
      const when = { atMs: Math.max(0, atMs - chance.between(0, 20)) };
      const isHeard = chance.chance(0.5);
      const isHearing = chance.chance(0.5);
      if (!isHeard) steps.push({ when, act: { do: 'hold', from: host, to: other, forMs } });
      if (!isHearing) steps.push({ when, act: { do: 'hold', from: other, to: host, forMs } });
    }
  }
  const act = menu.fault(scene);
  if (act !== null) steps.push({ when: { atMs: scene.moment() }, act });
  return steps;
};
