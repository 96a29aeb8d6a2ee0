/**
 * What many locks that are held, and many claims that wait, cost those who keep them, and others.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { clockMs } from '../clock.ts';
import { measurePairs } from '../measures/pairs.ts';
import { freshPrefix, spanOf } from '../measures/span.ts';
import type { Running } from '../running.ts';
import { quantile } from '../statistics.ts';
import { clientAt, peersOf, warmUp, withMeshes } from './meshes.ts';
import type { ScaleMeasure } from './names.ts';
import type { Raw } from './raw.ts';

const held = 100_000;
export const drawnHeld: readonly number[] = [1_000, 3_000, 10_000, 30_000, held];
const waiters = 10_000;
const patientLeaseMs = 60_000;
/** Until what is under way has arrived everywhere, and the engine has tidied up. */
const settleMs = 1_000;
const idleMs = 10_000;
/** How often, and for how long at a time, one mesh and the other are asked by turns. */
const turns = 6;
const turnMs = 150;

/** Of each other voter, of a mesh made anew for each round: tables that grow count, too. */
export async function measureMemory(rounds: number, drawn: boolean): Promise<readonly Raw[]> {
  const found: Raw[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    // To collect a large heap takes long where others are busy, too: no lock may be lost by that.
    const spec = { voters: 3, leaseMs: patientLeaseMs };
    found.push(await withMeshes([spec], ([mesh]) => weighMesh(mesh, drawn)));
  }
  return found;
}

async function weighMesh(mesh: Running | undefined, drawn: boolean): Promise<Raw> {
  const client = clientAt(mesh, 0);
  const others = [clientAt(mesh, 1), clientAt(mesh, 2)];
  const weigh = async (): Promise<number> => {
    await sleep(settleMs);
    const heaps = await Promise.all(others.map((each) => each.call('heap', null)));
    return heaps.reduce((sum, heap) => sum + heap, 0) / others.length;
  };
  if (mesh !== undefined) await measurePairs(mesh, { claims: 64, forMs: 4_000, pairsMax: 40_000 });
  const raw: Record<string, number> = {};
  const ownBefore = await client.call('heap', null);
  const before = await weigh();
  let holding = 0;
  for (const count of drawn ? drawnHeld : [held]) {
    await client.call('hold', { prefix: freshPrefix(), count: count - holding });
    holding = count;
    raw[heldBytesName(count)] = (await weigh()) - before;
  }
  await assertHolds(mesh);
  raw.bytesPerHeldLock = (raw[heldBytesName(held)] ?? Number.NaN) / held;
  raw.holderBytesPerHeldLock = ((await client.call('heap', null)) - ownBefore) / held;
  await client.call('letGo', null);

  const prefix = freshPrefix();
  await client.call('hold', { prefix, count: 1 });
  const empty = await weigh();
  await client.call('queue', { key: `${prefix}:1`, count: waiters });
  raw.bytesPerWaiter = ((await weigh()) - empty) / waiters;
  await client.call('letGo', null);
  await client.call('drained', null);
  return raw;
}

/** By how much a voter grows with so many locks that are held. */
export function heldBytesName(count: number): string {
  return `held${count}Bytes`;
}

/**
 * Two meshes that have done the same, but that one's first client still holds 100,000 locks; they
 * are watched while both are idle, and asked for other locks by turns.
 */
export function measureMany(
  rounds: number,
  measures: readonly ScaleMeasure[],
): Promise<readonly Raw[]> {
  // What engines tidy up while they are idle, for half a minute after much was kept, is not ours.
  const mesh = { voters: 3, calm: true };
  return withMeshes([mesh, mesh], async ([none, full]) => {
    if (none === undefined || full === undefined) return [];
    for (const mesh of [none, full]) {
      await warmUp(mesh);
      await clientAt(mesh, 0).call('hold', { prefix: freshPrefix(), count: held });
    }
    await clientAt(none, 0).call('letGo', null);
    const found: Raw[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      await assertHolds(full);
      found.push({
        ...(measures.includes('idle') ? await measureIdle(none, full) : {}),
        ...(measures.includes('many') ? await measureOthers(none, full) : {}),
      });
    }
    await assertHolds(full);
    return found;
  });
}

/** What has lost its locks meanwhile, since the machine was too busy, has nothing to be watched. */
async function assertHolds(mesh: Running | undefined): Promise<void> {
  const holding = await clientAt(mesh, 0).call('holding', null);
  if (holding !== held) throw new Error(`A peer holds ${holding} locks, and not ${held}`);
}

/** Milliseconds of processor time a second, of all peers. */
async function measureIdle(none: Running, full: Running): Promise<Raw> {
  await sleep(settleMs);
  const before = [await cpuMsOf(none), await cpuMsOf(full)];
  const startedMs = clockMs();
  await sleep(idleMs);
  const after = [await cpuMsOf(none), await cpuMsOf(full)];
  const seconds = (clockMs() - startedMs) / 1_000;
  const [idle = 0, holding = 0] = after.map((cpuMs, at) => cpuMs - (before[at] ?? 0));
  return { idleCpuMsPerS: idle / seconds, idleHoldingCpuMsPerS: holding / seconds };
}

async function cpuMsOf(mesh: Running): Promise<number> {
  const seconds = await Promise.all(peersOf(mesh).map((peer) => peer.call('cpu', null)));
  return seconds.reduce((sum, each) => sum + each, 0) * 1_000;
}

async function measureOthers(none: Running, full: Running): Promise<Raw> {
  const times: [number[], number[]] = [[], []];
  for (let turn = 0; turn < 2 * turns; turn += 1) {
    const at = turn % 2 === 0 ? 0 : 1;
    const order = { ...spanOf(turnMs), pairsMax: Number.POSITIVE_INFINITY, prefix: freshPrefix() };
    const { acquireMs } = await clientAt(at === 0 ? none : full, 0).call('sequential', order);
    for (const each of acquireMs) times[at].push(each);
  }
  const [acquireP50Ms = 0, acquireHoldingP50Ms = 0] = times.map((each) =>
    quantile(Float64Array.from(each), 0.5),
  );
  return { acquireP50Ms, acquireHoldingP50Ms };
}
