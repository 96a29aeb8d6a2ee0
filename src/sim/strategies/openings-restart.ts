/**
 * Scenes around a voter that restarts and has forgotten for whom it voted, while somebody counts
 * that vote still.
 */

import type { Script } from './script.ts';

/** A scene: writes its steps, of those who play in it. */
export type Opening = (script: Script, cast: readonly number[]) => void;

/**
 * The holder has its votes from as few as are enough; the rival has not heard of it. All voters
 * that both need restart, meet the rival first, and the holder at some later time.
 */
export const unheard: Opening = (script, [holder = 0, rival = 1, ...others]) => {
  const { chance, mesh } = script.scene;
  // Besides the holder, so many have to vote for it, and that many of these for the rival, too.
  const deciders = others.slice(0, Math.max(1, mesh.quorum - 1));
  const bystanders = others.slice(deciders.length);
  if (chance.chance(0.8)) script.cut(holder, [rival, ...bystanders], 3);
  else for (const each of [rival, ...bystanders]) script.stall(holder, each, 1);
  // A rival that asked first does not give back what it is voted; a voter that is heard late by the
  // holder takes the holder's claim away late.
  const isOlder = chance.chance(0.6);
  const isLate = chance.chance(isOlder ? 0.7 : 0.3);
  if (isOlder) script.askUnheard(rival, [holder, ...others], 1);
  script.ask(holder, 3).exchange();
  if (!isOlder && chance.chance(0.5)) script.ask(rival, 1).exchange();
  if (!isOlder && chance.chance(0.3)) script.pass(0, 0.5);
  const needed = Math.max(1, 2 * mesh.quorum - mesh.voters);
  for (const voter of deciders.slice(0, needed)) {
    if (isLate) script.delay(voter, holder);
    script.cut(holder, [voter], chance.pick([0.03, 0.1, 0.2, 0.4, 1.2]));
    script.restart(voter, chance.chance(0.1) ? 0.1 : 0);
  }
  if (chance.chance(0.7)) script.exchange();
  script.ask(rival, 1).pass(0.2, 1);
  if (chance.chance(0.2)) script.restart(rival);
  script.pass(0.3, 1);
};

/**
 * The holder has its own vote and the rival's, the rival has the voter's; then holder and rival
 * part, and soon the voter leaves the rival, by a cut or by a restart. Each loses and expires the
 * other at about the time at which the voter may vote anew.
 */
export const parted: Opening = (script, [holder = 0, rival = 1, voter = 2, ...others]) => {
  const { chance, mesh } = script.scene;
  // The others take a side each, so that neither of the two has their votes as well.
  script.cut(rival, others.slice(0, Math.ceil(others.length / 2)), 3);
  script.cut(holder, others.slice(Math.ceil(others.length / 2)), 3);
  script.cut(holder, [voter], chance.pick([0.1, 0.3, 0.6]));
  const isOlder = chance.chance(0.25);
  if (isOlder) script.askUnheard(rival, [holder, ...others], 2);
  script.ask(holder, 3).exchange();
  if (!isOlder) script.ask(rival, 2).exchange();
  if (chance.chance(0.4)) script.stall(voter, rival, 0.5);
  if (chance.chance(0.3)) script.stall(rival, holder, 0.5).stall(holder, rival, 0.5).pass(0, 0.5);
  script.cut(holder, [rival], 2);
  if (chance.chance(0.3)) script.delay(voter, chance.pick([holder, rival]));
  const isRestart = chance.chance(0.75);
  // The rival gives up when nobody has answered it for a while: it may not lose the voter before.
  const { leaseMs, prepareTimeoutMs } = mesh;
  if (chance.chance(0.3)) script.pass(0.02, 0.9);
  else script.atMs += leaseMs - chance.between(prepareTimeoutMs >> 1, prepareTimeoutMs);
  // What the rival does not hear of the voter: nothing, not even its greeting, or all of it late.
  const way = chance.below(10);
  if (!isRestart) script.cut(voter, [rival], 1);
  else if (way < 3) script.restart(voter).silenceGreeting(voter, rival);
  else if (way < 6) script.restart(voter).delay(voter, rival, 0.3);
  else script.cut(voter, [rival], chance.pick([0.3, 1, 1.5])).restart(voter);
  if (chance.chance(0.2)) script.pass(0, 0.5).restart(voter);
  script.pass(0.5, 1.3);
};

/**
 * A claim holds by votes gained after the grant, while of the voters that granted it one has lost
 * its coordinator, and another restarts and is told by all but the coordinator.
 */
export const regained: Opening = (script, [holder = 0, rival = 1, voter = 2, ...others]) => {
  const { chance } = script.scene;
  const [loser = rival, gained = rival, ...rest] = others;
  const gainAfter = chance.pick([0.3, 0.6, 1, 1.4]);
  script.stall(holder, gained, gainAfter);
  script.cut(holder, [rival, ...rest], 3);
  script.ask(holder, 4).exchange();
  script.cut(holder, [loser], 2.5);
  if (chance.chance(0.3)) script.delay(voter, holder);
  script.pass(0.2, 1);
  script.cut(holder, [voter], chance.pick([0.3, 0.8, 1.2])).restart(voter);
  if (chance.chance(0.3)) script.restart(gained);
  script.exchange();
  if (chance.chance(0.5)) script.pass(0, 0.4);
  script.ask(chance.pick([rival, loser]), 1);
  if (chance.chance(0.3)) script.pass(0.1, 0.5).restart(voter);
  script.pass(0.8, 1.6);
};

/**
 * Some wait for a holder that soon releases; meanwhile those whose votes they have restart, and are
 * long in recovery, since they cannot hear everybody.
 */
export const handover: Opening = (script, [holder = 0, rival = 1, ...others]) => {
  const { chance } = script.scene;
  const leases = chance.pick([0.1, 0.3, 0.6]);
  script.ask(holder, leases).exchange();
  for (const waiter of [rival, ...others]) if (chance.chance(0.6)) script.ask(waiter, 0.1);
  script.ask(rival, 0.1).exchange();
  const missing = chance.pick([holder, holder, rival]);
  if (chance.chance(0.8)) script.cut(missing, others, leases + chance.pick([0.2, 0.6]));
  for (const voter of others) if (chance.chance(0.85)) script.restart(voter);
  script.pass(leases, leases + 1);
};

/** Two voters restart at the same time, or one shortly after the other, and meet in any order. */
export const twins: Opening = (script, [holder = 0, rival = 1, one = 2, ...others]) => {
  const { chance } = script.scene;
  const [other = holder] = others;
  if (chance.chance(0.7)) script.cut(holder, [rival], 2);
  script.ask(holder, 3).exchange();
  if (chance.chance(0.5)) script.ask(rival, 1).exchange();
  for (const voter of [one, other]) {
    for (const each of [holder, rival]) {
      if (each !== voter && chance.chance(0.5)) script.stall(each, voter, chance.pick([0.2, 0.8]));
      if (each !== voter && chance.chance(0.3)) script.stall(voter, each, chance.pick([0.2, 0.8]));
    }
    script.restart(voter, chance.pick([0, 0, 0.1, 0.4]));
    if (chance.chance(0.5)) script.exchange();
  }
  script.ask(rival, 1).pass(0.3, 1.2);
  if (chance.chance(0.4)) script.restart(chance.pick([one, other])).pass(0.2, 0.8);
};

/**
 * The rival waits, restarts and asks anew, while the voters still keep the entries of its older
 * self, which rise as the holder releases: what is said of those is not for the new rounds.
 */
export const reborn: Opening = (script, [holder = 0, rival = 1, ...others]) => {
  const { chance, names } = script.scene;
  script.ask(holder, chance.pick([0.1, 0.5])).exchange();
  for (let count = chance.between(1, 3); count > 0; count -= 1) script.ask(rival, 0.3);
  script.exchange().restart(rival);
  if (chance.chance(0.5)) script.pass(0, 0.4);
  for (const each of [holder, ...others]) {
    if (chance.chance(0.4)) script.stall(rival, each, 0.3);
  }
  // A process needs a moment to start; what is asked of it before is not heard.
  script.atMs += 25;
  for (let count = chance.between(1, 3); count > 0; count -= 1) {
    script.ask(rival, 0.3, { names: [chance.pick(names)] });
  }
  script.pass(0.3, 1);
};

/** A member holds by a vote that its voter forgets; the voter hears all others at once. */
export const outsider: Opening = (script, [holder = 0, rival = 1, voter = 2, ...others]) => {
  const { chance, mesh } = script.scene;
  const member = mesh.members > 0 ? mesh.voters : holder;
  const needed = Math.max(1, 2 * mesh.quorum - mesh.voters);
  const forgetful = [voter, holder, ...others].slice(0, needed);
  script.cut(member, [rival, ...others.slice(mesh.quorum - 2)], 3);
  script.ask(member, 3).exchange();
  script.cut(member, forgetful, chance.pick([0.5, 0.9, 1.4]));
  for (const each of forgetful) script.restart(each);
  script.exchange().ask(rival, 1).pass(0.3, 1.2);
};

/**
 * Two voters restart, and are in recovery for long, since somebody is heard of late, or there are
 * members; meanwhile they and the others ask, hold, wait and give up as if nothing were wrong.
 */
export const drowsy: Opening = (script, [one = 0, two = 1, third = 2, ...others]) => {
  const { chance, mesh, names } = script.scene;
  const member = mesh.members > 0 ? mesh.voters : third;
  if (chance.chance(0.4)) script.ask(third, chance.pick([0.2, 0.6])).exchange();
  script.restart(one);
  if (chance.chance(0.7)) script.restart(two, chance.pick([0, 0, 0.1]));
  if (chance.chance(0.5)) {
    // By the time its SETTLED is heard, the wait may be over.
    script.cut(third, [one, two], chance.pick([0.5, 0.9, 1]));
    if (chance.chance(0.5)) script.delay(third, one).delay(third, two);
  }
  script.atMs += 25;
  for (let count = chance.between(3, 8); count > 0; count -= 1) {
    const asks = chance.pick([one, one, one, two, two, third, member, ...others]);
    script.ask(asks, chance.pick([0.03, 0.2, 0.9]), {
      names: [chance.pick(names)],
      mode: chance.chance(0.4) ? 'shared' : 'exclusive',
      patience: chance.chance(0.3) ? 'try' : 'wait',
      giveUpMs: chance.chance(0.25) ? script.scene.leases(0.02, 0.4) : 0,
    });
    if (chance.chance(0.6)) script.exchange();
    // Greetings and answers come while they hold, too.
    if (chance.chance(0.15)) script.fault({ do: 'storm', host: chance.pick([one, two, third]) });
  }
  script.pass(0.3, 1);
};
