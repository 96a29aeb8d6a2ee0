/**
 * Makes callers of some plans hold one thing and ask for the next, now and then in circles, by a
 * stream of its own: a plan that has none of them is what it was.
 */

import type { Operation, PlanStep } from './plan.ts';
import type { Scene } from './scene.ts';
import { weighted } from './weighted.ts';

export interface Nesting {
  /** And what hides from others what became of them. */
  readonly operations: readonly PlanStep[];
  /** How long whoever nests waits before a circle is looked for; `null` where nobody does. */
  readonly deadlockProbeMs: number | null;
}

/** In how many plans there are any. */
const plansShare = 0.12;

/** Enough for a circle of four. */
const ringNames = ['x', 'y', 'z', 'w'];

/** @param hides whether links may carry nothing for a while */
export function drawNesting(
  scene: Scene,
  operations: readonly PlanStep[],
  hides: boolean,
): Nesting {
  const { chance, mesh } = scene;
  if (!chance.chance(plansShare)) return { operations, deadlockProbeMs: null };
  const share = chance.pick([0, 0.3, 1]);
  const nested = operations.map(({ when, act }): PlanStep => {
    const isLeft = act.do !== 'acquire' || act.patience !== 'wait' || !chance.chance(share);
    return { when, act: isLeft ? act : nestedOf(scene, act) };
  });
  const circles = Array.from({ length: chance.between(1, 3) }, () => drawCircle(scene));
  const probeMs = chance.pick([20, 100, mesh.leaseMs >> 2, mesh.leaseMs]);
  const hidden = hides && chance.chance(0.3) ? drawHiddenSharing(scene, probeMs) : [];
  return { operations: [...nested, ...circles.flat(), ...hidden], deadlockProbeMs: probeMs };
}

/** The same claim for one name after the other, two at least. */
function nestedOf({ chance }: Scene, act: Operation): Operation {
  const others = chance.shuffled(ringNames.filter((name) => !act.names.includes(name)));
  const names = act.names.length > 1 ? act.names : [...act.names, ...others].slice(0, 2);
  return { ...act, names, patience: 'nest' };
}

/**
 * One shares what a reader waits for, in a circle up to then; the reader hears of that, and voters
 * that it needs do not.
 */
function drawHiddenSharing(scene: Scene, probeMs: number): readonly PlanStep[] {
  const { chance } = scene;
  const [name = 'x', other = 'y'] = chance.shuffled(ringNames);
  const host = scene.voter();
  const reader = scene.peerOf(host);
  const startMs = scene.moment();
  const sharedMs = scene.leases(0.2, 0.6);
  const rest = { timeoutMs: 0, giveUpMs: 0, maxHoldMs: 0, lingerMs: 0 } as const;
  const shares = { mode: 'exclusive', patience: 'nest and share', names: [name, other] } as const;
  const reads = { mode: 'shared', patience: 'nest', names: [other, name] } as const;
  // It asks for it so late that the circle is not found.
  const beforeMs = 1 + chance.below(Math.min(probeMs, sharedMs >> 1));
  const deaf = scene.votersMixed().filter((each) => each !== host && each !== reader);
  const hideMs = startMs + sharedMs - chance.below(1 + beforeMs);
  const forMs = scene.leases(0.2, 0.45);
  const act = { do: 'acquire', ...rest } as const;
  return [
    { when: { atMs: startMs }, act: { ...act, host, ...shares, holdMs: sharedMs } },
    {
      when: { atMs: startMs },
      act: { ...act, host: reader, ...reads, holdMs: 2 * (sharedMs - beforeMs) },
    },
    ...deaf.map((to): PlanStep => {
      return { when: { atMs: hideMs }, act: { do: 'hold', from: host, to, forMs } };
    }),
  ];
}

/** Each asks for one thing, and then for that which the next has asked for. */
function drawCircle(scene: Scene): readonly PlanStep[] {
  const { chance, mesh } = scene;
  const size = weighted(chance, [
    [5, 2],
    [3, 3],
    [2, 4],
  ] as const);
  const ring = chance.shuffled(ringNames).slice(0, size);
  const hosts = chance.shuffled(scene.hosts());
  const startMs = scene.moment();
  const bounded = chance.pick([0, 0.1, 0.5]);
  const holdMs = scene.leases(0.02, chance.pick([0.1, 0.5, 1]));
  return ring.map((name, at): PlanStep => {
    const host = (chance.chance(0.8) ? hosts[at % hosts.length] : undefined) ?? scene.host();
    const next = ring[(at + 1) % size] ?? name;
    const patience = weighted(chance, [
      [14, 'nest'],
      [3, 'nest and share'],
      [3, 'nest and let go'],
      [3, 'nest unsaid'],
    ] as const);
    const isBounded = patience === 'nest unsaid' || chance.chance(bounded);
    const act: Operation = {
      ...{ do: 'acquire', host, names: [name, next], patience, holdMs },
      mode: chance.chance(0.2) ? 'shared' : 'exclusive',
      timeoutMs: isBounded ? chance.between(1, mesh.leaseMs) : 0,
      giveUpMs: chance.chance(0.05) ? chance.between(1, mesh.leaseMs) : 0,
      maxHoldMs: chance.chance(0.05) ? chance.between(1, mesh.leaseMs) : 0,
      lingerMs: chance.chance(0.15) ? chance.between(1, mesh.leaseMs) : 0,
    };
    const atMs = startMs + chance.below(1 + (holdMs >> 2));
    return { when: { atMs: Math.min(atMs, Math.max(0, scene.healAtMs - 1)) }, act };
  });
}
