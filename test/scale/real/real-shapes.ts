/**
 * The shapes of large meshes, with real peers: each in several processes, with one that is killed
 * or stopped on the way.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { grouped } from '../shape.ts';
import type { Stretch } from './acts.ts';
import type { Host } from './hosts.ts';
import { ProcessMesh } from './process-mesh.ts';
import { requireExclusive, unfairnessMs } from './stretches.ts';

/** A shape, and what has to be so of it. */
export interface RealShape {
  readonly name: string;
  /** @throws {Error} when a promise is broken */
  run(): Promise<RealOutcome>;
}

export interface RealOutcome {
  readonly checked: readonly string[];
  readonly grants: number;
}

const voters = ['a', 'b', 'c'];

/** How much more memory may be in use, however many names were locked. */
const heapGrowthMax = 20_000_000;

/** Whoever asks so much later than another may be served before it: its question took longer. */
const unfairMsMax = 100;

/** 32 voters in four processes, one of which is killed. */
export function realVoters(count: number, leaseMs: number): RealShape {
  const ids = Array.from({ length: count }, (_, index) => `v${index}`);
  const groups = [0, 1, 2, 3].map((group) => ids.filter((_, index) => index % 4 === group));
  return {
    name: `${count} voters`,
    run: () =>
      inMesh({ voters: ids, members: false, leaseMs }, async (mesh) => {
        const [dying, ...others] = await mesh.startAll(groups);
        for (const host of others) await host.tell('turns', { names: 8, restMs: 500 });
        await dying?.tell('turns', { names: 8, restMs: 500 });
        await sleep(mesh.leaseMs / 2);
        await dying?.kill();
        await sleep(2 * mesh.leaseMs);
        const back = await mesh.start(groups[0] ?? []);
        await back.tell('ready', null);
        await back.tell('turns', { names: 8, restMs: 500 });
        await sleep(mesh.leaseMs);
        const stretches = await stopAll([...others, back]);
        requireExclusive(stretches);
        requireServed(stretches, ids);
        return {
          grants: stretches.length,
          checked: [
            `${grouped(stretches.length)} turns, none of them at the same time, tokens rose`,
            `${groups[0]?.length} voters were killed and came back; nobody starved`,
          ],
        };
      }),
  };
}

/** 200 members in two processes, one of which stands still, while a voter is killed. */
export function realMembers(count: number, leaseMs: number): RealShape {
  const ids = Array.from({ length: count }, (_, index) => `m${index}`);
  const groups = [0, 1].map((group) => ids.filter((_, index) => index % 2 === group));
  return {
    name: `3 voters, ${count} members`,
    run: () =>
      inMesh({ voters, members: true, leaseMs }, async (mesh) => {
        const [dying] = await mesh.startAll(voters.map((voter) => [voter]));
        const [kept, stopped] = await mesh.startAll(groups);
        if (kept === undefined || stopped === undefined)
          throw new Error('Two processes are needed');
        await Promise.all([takeOwn(kept, groups[0]), takeOwn(stopped, groups[1])]);
        for (const host of [kept, stopped]) await host.tell('turns', { names: 20, restMs: 500 });
        await dying?.kill();
        await sleep(2 * mesh.leaseMs);
        await mesh.startAll([['a']]);
        stopped.pause();
        await sleep(2 * mesh.leaseMs);
        stopped.resume();
        await requireInHand(stopped, groups[1], { held: 0, told: 1 });
        await requireInHand(kept, groups[0], { held: 1, told: 0 });
        await stopped.tell('ready', null);
        await sleep(mesh.leaseMs);
        const stretches = await stopAll([kept, stopped]);
        requireExclusive(stretches);
        requireServed(stretches, ids);
        return {
          grants: stretches.length + count,
          checked: [
            `${grouped(stretches.length)} turns, none of them at the same time, tokens rose`,
            `a voter was killed, and came back; ${groups[1]?.length} members stood still, lost ` +
              'one lock each; nobody else lost any, nobody starved',
          ],
        };
      }),
  };
}

/** 100,000 locks held by a voter and a member; another voter is killed, the member stands still. */
export function realHeld(count: number, leaseMs: number): RealShape {
  const each = Math.ceil(count / 2);
  return {
    name: `${grouped(count)} held locks`,
    run: () =>
      inMesh({ voters, members: true, leaseMs }, async (mesh) => {
        const hosts = await mesh.startAll([['a'], ['b'], ['c'], ['m']]);
        const [a, b, c, m] = hosts;
        if (a === undefined || b === undefined || m === undefined) throw new Error('No processes');
        await a.tell('take', { peer: 'a', prefix: 'a/', count: each });
        const tokens = await m.tell('take', { peer: 'm', prefix: 'm/', count: each });
        await c?.kill();
        await sleep(1.5 * mesh.leaseMs);
        const back = await mesh.start(['c']);
        await back.tell('ready', null);
        await sleep(1.5 * mesh.leaseMs);
        await requireInHand(a, ['a'], { held: each, told: 0 });
        await requireInHand(m, ['m'], { held: each, told: 0 });
        m.pause();
        const later = await b.tell('take', { peer: 'b', prefix: 'm/', count: each });
        m.resume();
        await requireInHand(m, ['m'], { held: 0, told: each });
        await requireInHand(a, ['a'], { held: each, told: 0 });
        requireGreater(tokens, later);
        await a.tell('give', { peer: 'a' });
        await b.tell('give', { peer: 'b' });
        return {
          grants: 3 * each,
          checked: [
            `${grouped(2 * each)} stayed held while a voter was killed, and when it was back`,
            `${grouped(each)} were lost by a member that stood still, told so; others got them ` +
              'with greater tokens',
          ],
        };
      }),
  };
}

/** 10,000 that wait for one name, whose holder is killed. */
export function realWaiters(count: number, leaseMs: number): RealShape {
  const askers = ['a', 'b', 'm'];
  return {
    name: `${grouped(count)} waiters on one key`,
    run: () =>
      inMesh(
        { voters, members: true, leaseMs, waitersMax: count + askers.length },
        async (mesh) => {
          const hosts = await mesh.startAll([['a'], ['b'], ['m'], ['c'], ['h']]);
          const holder = hosts[4];
          await holder?.tell('take', { peer: 'h', prefix: 'one', count: 1 });
          const each = Math.ceil(count / askers.length);
          const asked = askers.map((peer, index) => {
            return hosts[index]?.tell('ask', { peer, name: 'one0', count: each, everyMs: 1 });
          });
          await Promise.all(asked);
          await holder?.kill();
          const served = await Promise.all(
            askers.map((peer, index) => hosts[index]?.tell('served', { peer })),
          );
          const stretches = served.flatMap((some) => some ?? []);
          requireExclusive(stretches);
          if (stretches.length !== each * askers.length) {
            throw new Error(`${stretches.length} were served, not ${each * askers.length}`);
          }
          const unfairMs = unfairnessMs(stretches);
          if (unfairMs > unfairMsMax) throw new Error(`One waited ${unfairMs} ms for later ones`);
          return {
            grants: stretches.length + 1,
            checked: [
              `the holder was killed, and ${grouped(stretches.length)} were served, one at a time`,
              `in the order asked, but for ${unfairMs.toFixed(1)} ms at most`,
            ],
          };
        },
      ),
  };
}

/** 1,000,000 names over time, while a voter is killed and comes back: nothing stays in memory. */
export function realNames(count: number, leaseMs: number): RealShape {
  return {
    name: `${grouped(count)} names over time`,
    run: () =>
      inMesh({ voters, members: false, leaseMs }, async (mesh) => {
        const [a, b, c] = await mesh.startAll(voters.map((voter) => [voter]));
        if (a === undefined || b === undefined) throw new Error('No processes');
        const churn = async (part: number, names: number): Promise<void> => {
          const given = { count: Math.ceil(names / 2), inFlight: 64 };
          const work = [
            a.tell('churn', { peer: 'a', prefix: `a/${part}/`, ...given }),
            b.tell('churn', { peer: 'b', prefix: `b/${part}/`, ...given }),
          ];
          await Promise.all(work);
        };
        await churn(1, count / 10);
        const before = await heapOf([a, b]);
        const rest = churn(2, (9 * count) / 10);
        await sleep(1_000);
        await c?.kill();
        await sleep(2 * mesh.leaseMs);
        await mesh.startAll([['c']]);
        await rest;
        const growth = (await heapOf([a, b])) - before;
        if (growth > heapGrowthMax) throw new Error(`The heaps of two grew by ${growth} bytes`);
        return {
          grants: count,
          checked: [
            `two voters keep ${(growth / 1e6).toFixed(1)} MB more after ${grouped(count)} names ` +
              `than after ${grouped(count / 10)}`,
            'a voter was killed, and came back',
          ],
        };
      }),
  };
}

async function inMesh(
  options: Parameters<typeof ProcessMesh.create>[0],
  run: (mesh: ProcessMesh) => Promise<RealOutcome>,
): Promise<RealOutcome> {
  const mesh = await ProcessMesh.create(options);
  try {
    return await run(mesh);
  } finally {
    await mesh.end();
  }
}

async function stopAll(hosts: readonly Host[]): Promise<readonly Stretch[]> {
  const all = await Promise.all(hosts.map((host) => host.tell('stop', null)));
  return all.flat();
}

/** Each peer takes a lock that nobody else wants. */
async function takeOwn(host: Host, peers: readonly string[] = []): Promise<void> {
  const all = peers.map((peer) => host.tell('take', { peer, prefix: `of ${peer} `, count: 1 }));
  await Promise.all(all);
}

async function requireInHand(
  host: Host,
  peers: readonly string[] = [],
  wanted: { readonly held: number; readonly told: number },
): Promise<void> {
  for (const peer of peers) {
    const { held, told } = await host.tell('look', { peer });
    if (held === wanted.held && told === wanted.told) continue;
    throw new Error(
      `${peer} holds ${held} and lost ${told}, not ${wanted.held} and ${wanted.told}`,
    );
  }
}

function requireServed(stretches: readonly Stretch[], ids: readonly string[]): void {
  const served = new Set(stretches.map(({ holder }) => holder));
  const starved = ids.filter((id) => !served.has(id));
  if (starved.length > 0) throw new Error(`Never served: ${starved.join(', ')}`);
}

function requireGreater(before: readonly number[], after: readonly number[]): void {
  const at = after.findIndex((token, index) => token <= (before[index] ?? Number.NaN));
  if (at >= 0) throw new Error(`Token ${after[at]} came after ${before[at]}`);
}

async function heapOf(hosts: readonly Host[]): Promise<number> {
  const heaps = await Promise.all(hosts.map((host) => host.tell('heap', null)));
  return heaps.reduce((sum, bytes) => sum + bytes, 0);
}
