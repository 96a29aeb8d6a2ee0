/**
 * Once all is healed and nobody asks for anything: those who have looked ever since, and one more
 * on each host, see nobody lead. Then one is elected, and all see it; it goes, and all see that.
 * When nobody looks any more, nothing of it is left.
 */

import { isElection, namesOf } from './acts.ts';
import { Violation } from './checker.ts';
import { type Clients, gaveUp } from './clients.ts';
import type { Term, View } from './elections.ts';
import type { Host } from './host.ts';
import type { Operation, Plan } from './plan.ts';
import { Stream } from './random.ts';
import type { World } from './world.ts';

export interface MeetingSetup {
  readonly plan: Plan;
  readonly world: World;
  readonly hosts: readonly Host[];
  readonly clients: Clients;
  /** Whether a later leader has a greater token: else it may not be shown where another was. */
  readonly isFenced: boolean;
  /** How long it may take until what is so is seen. */
  readonly boundMs: number;
  sleep(ms: number): Promise<void>;
}

/** How long between two looks. */
const lookMs = 20;

/** The names of a plan's elections. */
export function electionsIn({ steps }: Plan): readonly string[] {
  const names = steps.flatMap(({ act }) => (isElection(act) ? namesOf(act).slice(0, 1) : []));
  return [...new Set(names)];
}

/** @throws {Violation} when somebody does not see what is so, or something is left */
export async function meetLeaders(setup: MeetingSetup): Promise<void> {
  const names = electionsIn(setup.plan);
  for (const name of names) await meet(setup, name);
  if (names.length > 0) await until(setup, () => leftOvers(setup));
}

async function meet(setup: MeetingSetup, name: string): Promise<void> {
  const { clients, hosts, plan } = setup;
  const { elections } = clients;
  for (const host of hosts) if (host.peer !== null) elections.look(host, host.peer, { name });
  await until(setup, () => wrongViews(setup, name, null));
  const host = Stream.of(plan.seed, `leader of ${name}`).pick(hosts);
  const ends = new AbortController();
  // It leads until all have seen it, or for longer than they may take.
  const leading = clients.perform(host, campaignFor(name, 2 * setup.boundMs), ends.signal);
  await until(setup, () => {
    const term = [...elections.terms].find((each) => each.name === name);
    return term === undefined ? [`nobody leads ${name}`] : wrongViews(setup, name, term);
  });
  ends.abort(gaveUp);
  await leading;
  await until(setup, () => wrongViews(setup, name, null));
  for (const view of viewsOf(setup, name)) void elections.close(view);
}

function campaignFor(name: string, holdMs: number): Operation {
  const plain = { timeoutMs: 0, giveUpMs: 0, maxHoldMs: 0, lingerMs: 0 };
  const what = { names: [name], mode: 'exclusive', patience: 'lead' } as const;
  return { do: 'acquire', host: 0, ...what, holdMs, ...plain };
}

/** Those who look, on peers that run. */
function viewsOf({ clients }: MeetingSetup, name: string): readonly View[] {
  return [...clients.elections.views].filter(({ election, host, peer }) => {
    return election.name === name && host.peer === peer;
  });
}

/** Those who do not see that this one leads, or nobody; in words. */
function wrongViews(setup: MeetingSetup, name: string, term: Term | null): readonly string[] {
  return viewsOf(setup, name).flatMap(({ host, election: { current } }) => {
    const mayMiss = !setup.isFenced && current === null;
    if ((current?.token ?? null) === (term?.lock.token ?? null) || mayMiss) return [];
    const [seen, leader] = [current?.peer ?? 'nobody', term?.claim.host.name ?? 'nobody'];
    return [`${host.name} sees ${seen} lead ${name}, and ${leader} does`];
  });
}

/** What is kept of elections though nobody looks. */
function leftOvers({ hosts }: MeetingSetup): readonly string[] {
  return hosts.flatMap(({ core, name }) => {
    const { elections = 0, observed = 0 } = core?.sizes ?? {};
    if (elections + observed === 0) return [];
    return [`${name} keeps ${elections} elections, and ${observed} observed by others`];
  });
}

/** Until there is nothing wrong any more. */
async function until(
  { boundMs, sleep, world }: MeetingSetup,
  wrong: () => readonly string[],
): Promise<void> {
  const deadlineMs = world.nowMs + boundMs;
  for (let left = wrong(); left.length > 0; left = wrong()) {
    if (world.nowMs >= deadlineMs) {
      throw new Violation('rest', `At rest, for ${boundMs} ms: ${left.join('; ')}`, world.nowMs);
    }
    await sleep(lookMs);
  }
}
