/**
 * Scenes around the end of a lease: who is cut off, stands still or has a wrong clock must know
 * that it lost before anybody else is granted.
 */

import type { Opening } from './openings-restart.ts';

/**
 * The holder stands still for about a lease, and then hears first what has been waiting for it: its
 * deadline is past, and the answers in the buffer would prolong it.
 */
export const stillness: Opening = (script, [holder = 0, rival = 1, ...others]) => {
  const { chance, wallClocks } = script.scene;
  script.ask(holder, 3).exchange().ask(rival, 0.5).exchange();
  for (const each of [rival, ...others]) {
    if (chance.chance(0.5)) script.stall(each, holder, chance.pick([0.3, 0.6, 1]));
  }
  script.pass(0, 0.5);
  const isSuspended = !wallClocks.mayGoBack && chance.chance(0.4);
  const forMs = script.scene.leases(0.7, 1.6);
  script.fault({ do: isSuspended ? 'suspend' : 'pause', host: holder, forMs });
  script.pass(0.8, 1.6);
};

/** The holder is cut off for longer than a lease; others wait, and so do more of its own claims. */
export const exile: Opening = (script, [holder = 0, rival = 1, ...others]) => {
  const { chance, mesh } = script.scene;
  script.ask(holder, chance.pick([0.5, 3])).exchange();
  for (let count = chance.between(0, 2); count > 0; count -= 1) script.ask(holder, 1);
  script.ask(rival, chance.pick([0.1, 1])).exchange();
  const rest = [rival, ...others];
  script.cut(holder, rest, chance.pick([0.7, 1.1, 1.5, 2.5]));
  if (mesh.hasDisk && chance.chance(0.3)) set(script, [holder]);
  script.pass(0.1, 0.8).ask(chance.pick(rest), 0.5);
  if (chance.chance(0.4)) script.ask(holder, 0.5);
  script.pass(0.6, 1.4);
};

/** What the voters say takes long to be heard: it counts from when it was true, not from then. */
export const delay: Opening = (script, [holder = 0, rival = 1, ...others]) => {
  const { chance } = script.scene;
  for (const each of [rival, ...others]) {
    if (chance.chance(0.8)) script.delay(each, holder, 0.42);
  }
  script.pass(0, 0.2).ask(holder, 3).pass(0.5, 1).ask(rival, 0.5).exchange();
  if (chance.chance(0.2)) script.cut(holder, [rival, ...others], 1.5);
  else for (const each of [rival, ...others]) script.stall(holder, each, 1.5);
  script.pass(1, 1.6);
};

/** Wall clocks of voters, or of the holder, are set while it holds. */
export const dial: Opening = (script, [holder = 0, rival = 1, ...others]) => {
  const { chance } = script.scene;
  script.ask(holder, 3).exchange().ask(rival, 0.5).exchange();
  const rest = [rival, ...others];
  if (chance.chance(0.4)) script.cut(holder, rest, 1.5).pass(0, 0.3);
  set(script, chance.chance(0.5) ? rest : [holder, ...rest]);
  script.pass(0.2, 1.2);
};

/**
 * A claim has all votes but one, and loses touch with those who cast them for longer than a lease;
 * then the last one comes.
 */
export const late: Opening = (script, [waiter = 0, rival = 1, ...others]) => {
  const { chance, mesh } = script.scene;
  const early = others.slice(0, Math.max(0, mesh.quorum - 2));
  const missing = [rival, ...others.slice(early.length)];
  for (const each of missing) script.stall(waiter, each, chance.pick([1.3, 1.8]));
  script.ask(waiter, 1).exchange();
  script.cut(waiter, early, 2.5);
  script.pass(0.5, 1.2).ask(rival, 2).pass(0.2, 1);
  if (chance.chance(0.5)) script.ask(waiter, 0.5);
  script.pass(0.3, 1);
};

/** Clocks are set, each by something else. */
function set(script: Parameters<Opening>[0], hosts: readonly number[]): void {
  const { chance, wallClocks } = script.scene;
  for (const host of hosts) {
    const ms = chance.chance(0.8) ? wallClocks.jump(host, chance) : null;
    if (ms !== null) script.fault({ do: 'jump', host, ms });
    if (chance.chance(0.3)) script.exchange();
  }
}
