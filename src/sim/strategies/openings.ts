/**
 * Openings: directed scenes that set up what chance seldom does, with chance in all their details
 * and after them. docs/protocol.md, section 11, ends with a schedule that five million aimed random
 * steps missed: whoever knows how a claim is held and lost can set the stage for its like.
 */

import type { Scene } from '../scene.ts';
import { type Weighted, weighted } from '../weighted.ts';
import { aimed } from './aimed.ts';
import { delay, dial, exile, late, stillness } from './openings-lease.ts';
import { amnesia, crossing, elder, quitter, stale } from './openings-order.ts';
import {
  drowsy,
  handover,
  type Opening,
  outsider,
  parted,
  reborn,
  regained,
  twins,
  unheard,
} from './openings-restart.ts';
import { Script } from './script.ts';
import type { Strategy } from './strategy.ts';
import { uniform } from './uniform.ts';

const scenes: readonly Weighted<Opening>[] = [
  [5, unheard],
  [5, parted],
  [4, regained],
  [2, twins],
  [2, handover],
  [2, reborn],
  [2, outsider],
  [3, stillness],
  [4, exile],
  [2, delay],
  [3, dial],
  [2, late],
  [3, crossing],
  [6, elder],
  [2, amnesia],
  [2, quitter],
  [8, drowsy],
];

/** How many leases a scene takes, at most; as many as an opening's plan has. */
export const openingLeases = 6;

export const openings: Strategy = (scene, menu) => {
  const script = new Script(scene, scene.leases(0, 0.2));
  const { chance, mesh, wallClocks } = scene;
  // Where clocks may be set back, that is what to look at.
  const isAboutTime = wallClocks.mayGoBack && chance.chance(0.4);
  const ofTime = mesh.members > 0 ? [amnesia, dial, stale, stale] : [amnesia, dial];
  const first = isAboutTime ? chance.pick(ofTime) : weighted(chance, scenes);
  first(script, castOf(scene));
  // Twice, and with whatever may happen besides.
  if (chance.chance(0.25) && script.atMs < openingLeases * mesh.leaseMs * 0.6) {
    weighted(chance, scenes)(script, castOf(scene));
  }
  const besides = chance.chance(0.25) ? chance.pick([aimed, uniform])(scene, menu) : [];
  return [...script.steps, ...besides];
};

/** Who plays: voters, in some order, and now and then a member as one of the first two. */
function castOf(scene: Scene): readonly number[] {
  const { chance, mesh } = scene;
  const cast = scene.votersMixed();
  // A mesh of two has too few: one plays two parts.
  while (cast.length < 3) cast.push(scene.voter());
  if (mesh.members > 0 && chance.chance(0.4)) {
    cast[chance.below(2)] = mesh.voters + chance.below(mesh.members);
  }
  return cast;
}
