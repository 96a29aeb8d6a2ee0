/**
 * Scenes around who goes first: claims that cross, tokens that must not go back, endings that are
 * lost on the way.
 */

import type { PlanStep } from '../plan.ts';
import type { Opening } from './openings-restart.ts';
import type { Script } from './script.ts';

/** Several ask for the same at once, and hear of each other in any order. */
export const crossing: Opening = (script, cast) => {
  const { chance, names } = script.scene;
  for (let round = chance.between(1, 3); round > 0; round -= 1) {
    for (const host of chance.shuffled(cast)) {
      if (chance.chance(0.6))
        script.stall(host, script.scene.peerOf(host), chance.pick([0.02, 0.2]));
      const some = chance.chance(0.3) ? names : names.slice(0, 1);
      const patience = chance.chance(0.15) ? 'try' : 'wait';
      if (chance.chance(0.8)) script.ask(host, 0.1, { names: some, patience });
      if (chance.chance(0.3)) script.exchange();
    }
    // What gives back is said once; and then the link is gone.
    for (let count = chance.between(0, 2); count > 0; count -= 1) {
      loseWord(script, chance.pick(['inquire sent', 'yield sent', 'vote sent', 'queued sent']));
    }
    script.pass(0.05, 0.4);
    // What was given back was given back to one that is gone.
    if (chance.chance(0.3)) script.restart(chance.pick(cast));
  }
};

/**
 * One asks first and is heard last: it stands still, cut off, while others hold, and end in every
 * way there is. Its token must be greater than theirs nevertheless.
 */
export const elder: Opening = (script, [waiter = 0, holder = 1, ...others]) => {
  const { chance, mesh, wallClocks } = script.scene;
  const isLong = chance.chance(0.5);
  const leases = isLong ? chance.pick([1.2, 1.6, 2.4]) : chance.pick([0.15, 0.3, 0.45]);
  const forMs = script.scene.leases(0.9 * leases, 1.1 * leases);
  // The holder itself knows its token best: the waiter does not hear of it there.
  if (chance.chance(0.7)) script.cut(waiter, [holder], 4);
  if (chance.chance(0.85)) script.cutFor(waiter, [holder, ...others], forMs);
  else for (const each of [holder, ...others]) script.stall(waiter, each, leases);
  script.ask(waiter, 0.5);
  script.atMs += 2;
  // A process that stands still does not give up, however long nobody answers.
  if (isLong || chance.chance(0.6)) {
    const laterMs = chance.between(0, mesh.prepareTimeoutMs);
    script.fault({ do: 'pause', host: waiter, forMs: forMs + laterMs });
  }
  script.exchange();
  // The holder's token is as great as its clock is ahead.
  if (chance.chance(0.3)) {
    const ms = wallClocks.jump(holder, chance, (each) => each > 0);
    if (ms !== null) script.fault({ do: 'jump', host: holder, ms });
  }
  script.ask(holder, chance.pick([0.01, 0.05])).exchange();
  endBadly(script, holder, others);
  if (chance.chance(0.5)) script.exchange();
  if (chance.chance(0.4)) for (const each of others) if (chance.chance(0.8)) script.restart(each);
  if (chance.chance(0.2)) script.restart(holder);
  script.pass(0.3, 1.2);
  if (chance.chance(0.3)) script.ask(holder, 0.1);
  script.pass(0.3, 1);
};

/** Everybody restarts, one by one or at once, with clocks set back where that is allowed. */
export const amnesia: Opening = (script, cast) => {
  const { chance, wallClocks, mesh } = script.scene;
  const all = script.scene.hosts();
  for (const host of cast.slice(0, 2)) script.ask(host, 0.1).exchange();
  script.pass(0, 0.3);
  const isTogether = chance.chance(0.6);
  for (const host of chance.shuffled(all)) {
    if (mesh.hasDisk && wallClocks.mayGoBack) {
      const ms = wallClocks.jump(host, chance, (each) => each < 0);
      if (ms !== null) script.fault({ do: 'jump', host, ms });
    }
    script.restart(host, chance.pick([0, 0, 0.05, 0.3]));
    if (!isTogether) script.pass(0, 0.3);
  }
  script.pass(0.2, 1.2);
  for (const host of cast) script.ask(host, 0.05).exchange();
  script.pass(0.2, 0.8);
};

/**
 * A member restarts with its clock set back, and asks before it is told that a newer process of its
 * name was heard.
 */
export const stale: Opening = (script, [holder = 0]) => {
  const { chance, mesh, wallClocks } = script.scene;
  const member = mesh.voters + chance.below(Math.max(1, mesh.members));
  const host = mesh.members > 0 ? member : holder;
  for (let count = chance.between(1, 2); count > 0; count -= 1) {
    if (chance.chance(0.6)) script.ask(host, chance.pick([0.1, 1])).exchange();
    const ms = wallClocks.jump(host, chance, (each) => each < 0);
    if (ms !== null) script.fault({ do: 'jump', host, ms });
    script.restart(host);
    script.atMs += chance.between(0, 30);
    for (let asks = chance.between(1, 3); asks > 0; asks -= 1) {
      script.ask(host, 0.1);
      script.atMs += chance.between(0, 5);
    }
    script.pass(0.1, 1);
  }
};

/** One tries, gives up, times out or is told that nobody answers; what it said must be unsaid. */
export const quitter: Opening = (script, [host = 0, holder = 1, ...others]) => {
  const { chance, mesh } = script.scene;
  if (chance.chance(0.6)) script.ask(holder, 1).exchange();
  const giveUpMs = 1 + script.scene.leases(0.02, 0.4);
  if (chance.chance(0.5)) script.ask(host, 0.1, { giveUpMs });
  if (chance.chance(0.5)) script.ask(host, 0.1, { timeoutMs: giveUpMs });
  if (chance.chance(0.5)) script.ask(host, 0.1, { patience: 'try' });
  if (chance.chance(0.6)) loseWord(script, 'abort sent');
  script.exchange();
  const untilFailed = (2 * mesh.prepareTimeoutMs) / mesh.leaseMs;
  script.ask(host, 0.5).cut(host, [holder, ...others], chance.pick([untilFailed, 0.3, 1.3]));
  script.pass(0.5, 1.5).ask(holder, 0.1).ask(host, 0.1).pass(0.3, 1);
};

/** The holder's claim ends, and not everybody hears how. */
function endBadly(script: Script, holder: number, others: readonly number[]): void {
  const { chance } = script.scene;
  switch (chance.below(6)) {
    case 0:
      return;
    case 1:
    case 5:
      loseWord(script, 'release sent', holder);
      return;
    case 2:
      script.restart(holder, chance.pick([0, 1.2]));
      return;
    case 3:
      script.cut(holder, others, 1.3);
      return;
    default:
      script.fault({ do: 'pause', host: holder, forMs: script.scene.leases(0.9, 1.4) });
  }
}

type Word =
  | 'abort sent'
  | 'inquire sent'
  | 'queued sent'
  | 'release sent'
  | 'vote sent'
  | 'yield sent';

/** The next word of a kind that a host says is lost with the link that carries it. */
function loseWord(script: Script, point: Word, host: number = script.scene.host()): void {
  const { chance } = script.scene;
  const when = { point, host, nth: chance.between(1, 2) };
  const lost = (other: number): PlanStep => {
    return { when, act: { do: 'reset', a: host, b: other, toldMs: [0, 0] } };
  };
  if (chance.chance(0.6)) script.steps.push({ when, act: { do: 'storm', host } });
  else script.steps.push(lost(script.scene.peerOf(host)));
}
