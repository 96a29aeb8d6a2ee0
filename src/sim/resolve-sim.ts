/**
 * Checks what a simulation was given and completes it: the nodes and their peers, the network, the
 * seeds, and what goes wrong.
 */

import type { PeerOptions } from '../peer/options.ts';
import { type ResolvedOptions, resolveOptions } from '../peer/resolve-options.ts';
import { clockPresets, drawClock } from './clock-presets.ts';
import { type HostSetup, urlOf } from './host.ts';
import { type Latency, latencies } from './latency.ts';
import type { ClockSetting } from './machine-clock.ts';
import { parsePlan } from './parse-plan.ts';
import type { Plan, PlanMesh } from './plan.ts';
import { fits, hostsMax, latencyFields } from './plan-fields.ts';
import { Stream } from './random.ts';
import { functionOf, knownOptions, msOf, numberOf, refuse } from './refusals.ts';
import { RollingHash } from './rolling-hash.ts';
import type { SimNodeOptions, SimOptions, SimPeerOptions } from './sim-options.ts';
import { isSwarm, needsDisks, type Swarm } from './sim-swarm.ts';
import type { Trace } from './trace/trace-event.ts';

/** Complete and consistent options, in the words of the inside. */
export interface ResolvedSim {
  readonly checks: 'all' | 'promises' | 'none';
  readonly faults: Swarm | Plan | null;
  readonly goals: readonly string[];
  readonly isCold: boolean;
  readonly latency: Latency;
  /** Runs of equal fingerprints and seeds are equal, if their scenarios are. */
  readonly fingerprint: string;
  readonly nodes: readonly ResolvedNode[];
  readonly seeds: readonly number[];
  readonly shrinks: boolean;
  readonly timeoutMs: number;
  readonly twice: boolean;
  readonly onTrace: ((trace: Trace) => void) | null;
}

/** One node, before the seed has its say. */
export interface ResolvedNode {
  readonly id: string;
  readonly votes: boolean;
  readonly hasDisk: boolean;
  readonly clock: Partial<ClockSetting>;
  /** What its peer is created with. */
  readonly peer: PeerOptions;
  /** The same, completed by the peer's own defaults. */
  readonly resolved: ResolvedOptions;
}

/** What is outside of the mesh; no node may have its name. */
export const outside = 'outside';

const act = 'simulate';
const seedsMax = 10_000_000;

// Records, so that an option that is missing here does not compile.
const optionNames: Readonly<Record<keyof SimOptions, true>> = Object.freeze({
  checks: true,
  cold: true,
  faults: true,
  goals: true,
  network: true,
  nodes: true,
  peer: true,
  replay: true,
  seeds: true,
  shrink: true,
  timeout: true,
  trace: true,
  twice: true,
});

const nodeNames: Readonly<Record<keyof SimNodeOptions, true>> = Object.freeze({
  clock: true,
  disk: true,
  id: true,
  votes: true,
});

/**
 * @throws `TypeError` naming the option, what it is and what it should be
 * @throws {ConfigError} for options of the peers, as `createPeer` does
 */
export function resolveSim(options: SimOptions): ResolvedSim {
  if (options === undefined) refuse(act, 'options must be an object', options);
  knownOptions(act, options, Object.keys(optionNames));
  const nodes = nodesOf(options);
  const latency = latencyOf(options.network ?? 'local');
  const faults = faultsOf(options.faults, nodes);
  return {
    nodes,
    latency,
    faults,
    checks: checksOf(options.checks),
    fingerprint: fingerprintOf([nodes.map(plainOf), latency, faults, options.cold === true]),
    goals: goalsOf(options.goals ?? []),
    isCold: flagOf('cold', options.cold, false),
    seeds: seedsOf(options.seeds ?? 1),
    shrinks: flagOf('shrink', options.shrink, true),
    timeoutMs: msOf(act, options.timeout ?? 600_000, 'timeout'),
    twice: flagOf('twice', options.twice, false),
    onTrace: options.trace === undefined ? null : functionOf(act, options.trace, 'trace'),
  };
}

/** The hosts of a seed: what was not said of their clocks is drawn. */
export function hostsOf({ nodes }: ResolvedSim, seed: number): readonly HostSetup[] {
  return nodes.map(({ id, hasDisk, clock, peer }) => {
    const drawn = drawClock(clockPresets['NTP ±50 ms'], Stream.of(seed, `clock/${id}`));
    return { name: id, hasDisk, peer, clock: { ...drawn, ...clock } };
  });
}

/** The mesh in the words of plans. */
export function meshOf(sim: ResolvedSim, seed: number): PlanMesh {
  const voters = sim.nodes.filter(({ votes }) => votes);
  const first = sim.nodes[0]?.resolved;
  const { quorum, leaseMs, replicas } = first?.mesh ?? noMesh;
  const { endingsMax, idleResourcesMax, lookAhead, waitersMax } = first?.limits ?? noLimits;
  return {
    voters: voters.length,
    members: sim.nodes.length - voters.length,
    ...{ quorum, leaseMs, prepareTimeoutMs: first?.prepareTimeoutMs ?? 2_000 },
    ...(replicas < voters.length ? { replicas } : {}),
    hasDisk: voters.every(({ hasDisk }) => hasDisk),
    isWarm: !sim.isCold,
    latency: sim.latency,
    clocks: hostsOf(sim, seed).map(({ clock }) => clock),
    limits: { endingsMax, idleResourcesMax, lookAhead, waitersMax },
  };
}

const noMesh = { quorum: 1, leaseMs: 10_000, replicas: 1 };
const noLimits = { endingsMax: 1, idleResourcesMax: 1, lookAhead: 1, waitersMax: 1 };

function nodesOf({ nodes = 3, peer = {} }: SimOptions): readonly ResolvedNode[] {
  const all = typeof nodes === 'number' ? countedNodes(nodes) : listedNodes(nodes);
  const voters = all.filter(({ votes = true }) => votes).map(({ id }) => id);
  if (voters.length === 0) refuse(act, 'one node at least must vote', all.length);
  const shared = {
    insecure: true,
    members: voters.length < all.length,
    voters: Object.fromEntries(voters.map((id) => [id, urlOf(id)])),
  };
  return all.map(({ id, votes = true, disk = false, clock = {} }) => {
    const own = typeof peer === 'function' ? peer({ id }) : peer;
    requirePeerOptions(own);
    const listen = votes ? { listen: { port: 7400 } } : {};
    const options: PeerOptions = { logger: false, ...own, ...shared, ...listen, id };
    return {
      ...{ id, votes, hasDisk: disk, peer: options, resolved: resolveOptions(options) },
      clock: clockOf(`the clock of ${id}`, clock),
    };
  });
}

function requirePeerOptions(own: SimPeerOptions): void {
  if (typeof own !== 'object' || own === null) refuse(act, 'peer must be options', own);
  const set = ['id', 'insecure', 'listen', 'members', 'stateFile', 'tls', 'trace', 'voters'];
  const taken = Object.keys(own).find((name) => set.includes(name));
  const why = 'peer may have no option that the simulation sets by itself';
  if (taken !== undefined) refuse(act, why, taken);
}

/** `a`, `b`, `c` … */
function countedNodes(count: number): readonly SimNodeOptions[] {
  numberOf(act, count, { what: 'nodes', least: 1, most: hostsMax, whole: true });
  return Array.from({ length: count }, (_, index) => ({
    id: index < 26 ? String.fromCharCode(97 + index) : `n${index + 1}`,
  }));
}

function listedNodes(nodes: readonly (string | SimNodeOptions)[]): readonly SimNodeOptions[] {
  if (!Array.isArray(nodes)) return refuse(act, 'nodes must be a number or a list', nodes);
  const count = { what: 'the number of nodes', least: 1, most: hostsMax };
  numberOf(act, nodes.length, count);
  const all = nodes.map((node: string | SimNodeOptions) => {
    return typeof node === 'string' ? { id: node } : node;
  });
  const known = new Set<string>();
  for (const node of all) {
    if (node === undefined) refuse(act, 'a node must be an id or an object', node);
    knownOptions(act, node, Object.keys(nodeNames));
    if (typeof node.id !== 'string' || !/^[a-z][a-z0-9-]{0,31}$/.test(node.id)) {
      const wanted = 'a node id must be 1 to 32 of a-z, 0-9 and -, beginning with a letter';
      refuse(act, wanted, node.id);
    }
    if (node.id === outside) refuse(act, 'a node id must be free', node.id);
    if (known.has(node.id)) refuse(act, 'node ids must differ', node.id);
    flagOf('votes', node.votes, true);
    flagOf('disk', node.disk, false);
    known.add(node.id);
  }
  return all;
}

function clockOf(what: string, clock: unknown): Partial<ClockSetting> {
  knownOptions(act, clock, ['drift', 'offset']);
  const given = new Map<string, unknown>(Object.entries(clock ?? {}));
  const offset = given.get('offset');
  const drift = given.get('drift');
  const day = 86_400_000;
  const offsetBounds = { what: `offset of ${what}`, least: -365 * day, most: 365 * day };
  return {
    ...(offset === undefined ? {} : { offsetMs: numberOf(act, offset, offsetBounds) }),
    ...(drift === undefined ? {} : { driftPpm: driftOf(act, drift, `drift of ${what}`) }),
  };
}

/** In millionths: a clock neither stands still nor runs at twice the speed. */
export function driftOf(of: string, value: unknown, what: string): number {
  return numberOf(of, value, { what, least: -500_000, most: 500_000, whole: true });
}

function latencyOf(network: unknown): Latency {
  if (typeof network === 'number') {
    return { kind: 'constant', us: Math.round(1_000 * msOf(act, network, 'network')) };
  }
  const named = Object.entries(latencies).find(([name]) => name === network)?.[1];
  if (named !== undefined) return named;
  if (isLatency(network)) return network;
  const names = Object.keys(latencies).join(', ');
  return refuse(act, `network must be ${names}, milliseconds, or a distribution`, network);
}

function isLatency(value: unknown): value is Latency {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false;
  const table = Object.entries(latencyFields).find(([kind]) => kind === value.kind)?.[1];
  return table !== undefined && fits(value, table);
}

function faultsOf(faults: unknown, nodes: readonly ResolvedNode[]): Swarm | Plan | null {
  if (faults === undefined) return null;
  if (isSwarm(faults)) {
    const haveDisks = nodes.every(({ votes, hasDisk }) => !votes || hasDisk);
    if (haveDisks || !needsDisks(faults)) return faults;
    const wanted =
      'faults of only these kinds need a disk at each node that votes, as in ' +
      "nodes: [{ id: 'a', disk: true }]";
    return refuse(act, wanted, faults.kinds.join(' and '));
  }
  const nodeCount = nodes.length;
  const plan = parsePlan(faults);
  const hosts = plan.mesh.voters + plan.mesh.members;
  if (hosts <= nodeCount) return plan;
  return refuse(act, `faults must be a plan for at most ${nodeCount} nodes`, hosts);
}

function seedsOf(seeds: unknown): readonly number[] {
  if (typeof seeds === 'number') {
    const bounds = { what: 'seeds', least: 1, most: seedsMax, whole: true };
    numberOf(act, seeds, bounds);
    return Array.from({ length: seeds }, (_, index) => index + 1);
  }
  if (!Array.isArray(seeds) || seeds.length === 0) {
    return refuse(act, 'seeds must be a number or a list of some', seeds);
  }
  const most = Number.MAX_SAFE_INTEGER;
  return seeds.map((seed: unknown) => {
    return numberOf(act, seed, { what: 'a seed', least: 0, most, whole: true });
  });
}

function goalsOf(goals: unknown): readonly string[] {
  const isList = Array.isArray(goals) && goals.every((goal) => typeof goal === 'string');
  return isList ? goals : refuse(act, 'goals must be a list of strings', goals);
}

function checksOf(checks: unknown): ResolvedSim['checks'] {
  if (checks === 'promises') return checks;
  const isFlag = checks === undefined || typeof checks === 'boolean';
  if (!isFlag) return refuse(act, "checks must be true, false or 'promises'", checks);
  return checks === false ? 'none' : 'all';
}

function flagOf(name: string, value: unknown, usual: boolean): boolean {
  if (value === undefined) return usual;
  return typeof value === 'boolean' ? value : refuse(act, `${name} must be true or false`, value);
}

/** Without what is no plain data. */
function plainOf({ resolved: _, peer: { logger: __, ...peer }, ...node }: ResolvedNode): unknown {
  return { ...node, peer };
}

/** 8 digits. */
function fingerprintOf(parts: readonly unknown[]): string {
  const hash = new RollingHash();
  hash.text(JSON.stringify(parts));
  return hash.digest.slice(0, 8);
}

/** @throws `TypeError` unless it is a function */
export function scenarioOf<F extends (...args: never[]) => unknown>(scenario: F): F {
  return functionOf(act, scenario, 'the scenario');
}
