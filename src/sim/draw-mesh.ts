/**
 * Draws the mesh of a plan: how many peers, which options, what kind of network, which clocks.
 */

import { type ClockSpread, clockPresets, drawClock } from './clock-presets.ts';
import { delayUs, type Latency, latencies } from './latency.ts';
import type { ClockSetting } from './machine-clock.ts';
import type { PlanLimits, PlanMesh } from './plan.ts';
import { Stream } from './random.ts';
import { weighted } from './weighted.ts';

/** What is not left to chance. */
export interface MeshWishes {
  readonly voters?: number;
  readonly members?: number;
  readonly leaseMs?: number;
  readonly hasDisk?: boolean;
}

/** Rates that differ by twice as much differ by less than the 1 % that peers assume. */
export const driftPpmMax = 4_900;

export function drawMesh(seed: number, wishes: MeshWishes): PlanMesh {
  const chance = Stream.of(seed, 'plan/mesh');
  const voters = drawVoters(chance);
  const members = weighted(chance, [
    [8, 0],
    [2, 1],
    [1, 2],
  ] as const);
  const leaseMs = drawLeaseMs(chance);
  const hasDisk = chance.chance(0.35);
  const isWarm = chance.chance(0.85);
  const mesh = { voters, members, leaseMs, hasDisk, ...given(wishes) };
  const latency = drawLatency(Stream.of(seed, 'plan/latency'), mesh.leaseMs);
  const hosts = mesh.voters + mesh.members;
  return {
    ...mesh,
    ...drawDeciders(chance, Stream.of(seed, 'plan/groups'), mesh.voters),
    prepareTimeoutMs: drawPrepareTimeoutMs(chance, mesh.leaseMs, latency),
    isWarm,
    latency,
    clocks: drawClocks(Stream.of(seed, 'plan/clocks'), hosts, mesh),
    limits: drawLimits(Stream.of(seed, 'plan/limits'), hosts),
  };
}

function given({ voters, members, leaseMs, hasDisk }: MeshWishes): MeshWishes {
  return {
    ...(voters === undefined ? {} : { voters }),
    ...(members === undefined ? {} : { members }),
    ...(leaseMs === undefined ? {} : { leaseMs }),
    ...(hasDisk === undefined ? {} : { hasDisk }),
  };
}

/** From 2 to 7; 3 and 5 are what people run. */
function drawVoters(chance: Stream): number {
  return weighted(chance, [
    [1, 2],
    [9, 3],
    [3, 4],
    [6, 5],
    [1, 6],
    [1, 7],
  ] as const);
}

/** With four voters or more, often fewer for each name. */
function drawDeciders(
  chance: Stream,
  groups: Stream,
  voters: number,
): Pick<PlanMesh, 'quorum' | 'replicas'> {
  const quorum = drawQuorum(chance, voters);
  if (!groups.chance(voters > 3 ? 0.5 : 0.05) || voters < 2) return { quorum };
  const replicas = groups.pick([1, 3, 3, 3, 3, 3, 3, 5].filter((count) => count < voters));
  return { quorum: drawQuorum(groups, replicas), replicas };
}

function drawQuorum(chance: Stream, voters: number): number {
  const majority = Math.floor(voters / 2) + 1;
  return weighted(chance, [
    [12, majority],
    [2, voters],
    [2, chance.between(majority, voters)],
  ]);
}

/** A tenth to ten times a second; mostly about one, so that much happens in little time. */
function drawLeaseMs(chance: Stream): number {
  return weighted(chance, [
    [1, 100],
    [2, 250],
    [3, 500],
    [10, 1_000],
    [3, 2_000],
    [1, 5_000],
    [1, 10_000],
  ] as const);
}

/** Any network on which a lease can be kept: several round trips fit into it. */
function drawLatency(chance: Stream, leaseMs: number): Latency {
  const some: readonly Latency[] = [
    latencies.loopback,
    latencies.local,
    latencies.local,
    latencies.region,
    latencies.world,
    latencies.jittery,
    { kind: 'constant', us: chance.between(100, 20_000) },
    { kind: 'uniform', leastUs: 100, mostUs: chance.between(1_000, 40_000) },
    { kind: 'exponential', leastUs: 100, meanUs: chance.between(100, 4_000) },
    { kind: 'log-normal', medianUs: chance.between(200, 3_000) },
    { kind: 'bimodal', usualUs: chance.between(100, 2_000), rareUs: chance.between(5_000, 60_000) },
  ];
  return chance.pick(some.filter((latency) => slowestMs(latency) * 8 <= leaseMs));
}

/** As slow as a delay gets, but for very few. */
function slowestMs(latency: Latency): number {
  // A draw of nearly 0 is the slowest exponential one, and nearly 2^32 the slowest of the others.
  const draws = [0, 0x0010_0000, 0xffff_ffff];
  return Math.max(...draws.map((draw) => delayUs(latency, draw))) / 1_000;
}

/** Less than half of the lease, and enough for a few round trips. */
function drawPrepareTimeoutMs(chance: Stream, leaseMs: number, latency: Latency): number {
  const share = chance.pick([0.05, 0.1, 0.2, 0.2, 0.3, 0.45]);
  const least = Math.max(10, Math.ceil(3 * slowestMs(latency)));
  return Math.min(Math.max(least, Math.floor(leaseMs * share)), Math.ceil(leaseMs / 2) - 1);
}

/**
 * Without state files, wall clocks differ by less than a lease; with them by anything short of what
 * peers refuse (`maxClockAhead`): see wall-clocks.ts.
 */
function drawClocks(
  chance: Stream,
  hosts: number,
  { leaseMs, hasDisk }: { readonly leaseMs: number; readonly hasDisk: boolean },
): readonly ClockSetting[] {
  const withinMs = Math.floor(0.4 * leaseMs);
  const spreads: readonly ClockSpread[] = [
    clockPresets.exact,
    clockPresets['NTP ±50 ms'],
    clockPresets['drift ±500 ppm'],
    { offsetMs: withinMs, driftPpm: 0 },
    { offsetMs: withinMs, driftPpm: driftPpmMax },
    hasDisk ? { offsetMs: 60_000, driftPpm: 500 } : { offsetMs: 5, driftPpm: driftPpmMax },
  ];
  const spread = chance.pick(spreads);
  const most = hasDisk ? spread.offsetMs : Math.min(spread.offsetMs, withinMs);
  // Clocks as far apart as they may be: what a margin is for.
  const isExtreme = chance.chance(0.3);
  return Array.from({ length: hosts }, () => {
    if (!isExtreme) return drawClock({ ...spread, offsetMs: most }, chance);
    const { driftPpm } = spread;
    // Subtracted, for there is a −0 that JSON does not know.
    const offsetMs = chance.pick([0 - most, 0, most]);
    return { offsetMs, driftPpm: chance.pick([0 - driftPpm, driftPpm]) };
  });
}

function drawLimits(chance: Stream, hosts: number): PlanLimits {
  return {
    endingsMax: chance.pick([1, 4, 1_000, 1_000]),
    idleResourcesMax: chance.pick([1, 2, 1_000, 1_000]),
    lookAhead: chance.pick([1, 2, 8, 8]),
    // With room for one claim of each: who is refused for want of room is promised nothing.
    waitersMax: chance.pick([hosts + 1, 1_000, 1_000, 1_000]),
  };
}
