/**
 * Reads a plan from what a file, a token or a caller gave: all of it is checked, and what does not
 * fit is named with what would.
 */

import type { Latency } from './latency.ts';
import type { ClockSetting } from './machine-clock.ts';
import {
  type Act,
  type Plan,
  type PlanMesh,
  type PlanStep,
  planVersion,
  type When,
} from './plan.ts';
import {
  actFields,
  describeField,
  type Field,
  fits,
  hostsMax,
  isIn,
  isWhole,
  latencyFields,
  timeMaxMs,
  votersMax,
} from './plan-fields.ts';
import { pointNames } from './point-names.ts';

type Bounds = readonly [least: number, most: number];

/** More steps than that are no plan but an accident. */
const stepsMax = 10_000;

/**
 * The plan that `value` is: plain data, as JSON has it.
 *
 * @throws `TypeError` naming the field, what it is and what it should be
 */
export function parsePlan(value: unknown): Plan {
  const plan = new Fields('plan', value, ['version', 'seed', 'mesh', 'healAtMs', 'steps']);
  const version = plan.field('version');
  if (version !== planVersion) {
    const wanted = `${planVersion}, as this version of lockmesh runs plans`;
    refuse('version', wanted, version);
  }
  const seed = plan.whole('seed', [0, Number.MAX_SAFE_INTEGER]);
  const mesh = meshOf(plan.field('mesh'));
  const healAtMs = plan.whole('healAtMs', [0, timeMaxMs]);
  const steps = listOf('steps', plan.field('steps'));
  if (steps.length > stepsMax) refuse('steps', `at most ${stepsMax} steps`, steps.length);
  const hostCount = mesh.voters + mesh.members;
  return {
    version,
    seed,
    mesh,
    healAtMs,
    steps: steps.map((step, at) => stepOf(`steps[${at}]`, step, hostCount)),
  };
}

function meshOf(value: unknown): PlanMesh {
  const mesh = new Fields('mesh', value, meshNames);
  const voters = mesh.whole('voters', [1, votersMax]);
  const members = mesh.whole('members', [0, hostsMax - voters]);
  const replicas = mesh.field('replicas') === undefined ? voters : mesh.odd('replicas', voters);
  const quorum = mesh.whole('quorum', [Math.floor(replicas / 2) + 1, replicas]);
  const leaseMs = mesh.whole('leaseMs', [100, 3_600_000]);
  const prepareTimeoutMs = mesh.whole('prepareTimeoutMs', [10, Math.ceil(leaseMs / 2) - 1]);
  const hasProbes = mesh.field('deadlockProbeMs') !== undefined;
  const hasDisk = mesh.flag('hasDisk');
  const isWarm = mesh.flag('isWarm');
  const latency = latencyOf(mesh.field('latency'));
  const clocks = listOf('mesh.clocks', mesh.field('clocks')).map(clockOf);
  if (clocks.length !== voters + members) {
    refuse('mesh.clocks', `one for each of ${voters + members} hosts`, clocks.length);
  }
  const limits = new Fields('mesh.limits', mesh.field('limits'), limitNames);
  const limit: Bounds = [1, 1_000_000_000];
  return {
    ...{ voters, members, quorum, leaseMs, prepareTimeoutMs, hasDisk, isWarm, latency, clocks },
    ...(replicas < voters ? { replicas } : {}),
    ...(hasProbes ? { deadlockProbeMs: mesh.whole('deadlockProbeMs', [1, timeMaxMs]) } : {}),
    limits: {
      endingsMax: limits.whole('endingsMax', limit),
      idleResourcesMax: limits.whole('idleResourcesMax', limit),
      lookAhead: limits.whole('lookAhead', limit),
      waitersMax: limits.whole('waitersMax', limit),
    },
  };
}

const meshNames = [
  ...['voters', 'members', 'quorum', 'leaseMs', 'prepareTimeoutMs', 'hasDisk', 'isWarm'],
  ...['latency', 'clocks', 'limits', 'replicas', 'deadlockProbeMs'],
];
const limitNames = ['endingsMax', 'idleResourcesMax', 'lookAhead', 'waitersMax'];

function clockOf(value: unknown, at: number): ClockSetting {
  const clock = new Fields(`mesh.clocks[${at}]`, value, ['offsetMs', 'driftPpm']);
  return {
    offsetMs: clock.whole('offsetMs', [-timeMaxMs, timeMaxMs]),
    driftPpm: clock.whole('driftPpm', [-500_000, 500_000]),
  };
}

function latencyOf(value: unknown): Latency {
  const latency = new Fields('mesh.latency', value, null).tagged('kind', latencyFields, null);
  return isLatency(latency) ? latency : refuse('mesh.latency', 'a latency', latency);
}

function stepOf(path: string, value: unknown, hostCount: number): PlanStep {
  const step = new Fields(path, value, ['when', 'act']);
  const fields = new Fields(`${path}.act`, step.field('act'), null);
  const act = fields.tagged('do', actFields, hostCount);
  if (!isAct(act)) return refuse(`${path}.act`, 'an act', act);
  return { when: whenOf(`${path}.when`, step.field('when'), hostCount), act };
}

function whenOf(path: string, value: unknown, hostCount: number): When {
  if (typeof value === 'object' && value !== null && 'atMs' in value) {
    return { atMs: new Fields(path, value, ['atMs']).whole('atMs', [0, timeMaxMs]) };
  }
  const when = new Fields(path, value, ['point', 'host', 'nth']);
  const name = when.field('point');
  const point = pointNames.find((each) => each === name);
  if (point === undefined) return refuse(`${path}.point`, `one of ${pointNames.join(', ')}`, name);
  const isAny = when.field('host') === null;
  const host = isAny ? null : when.whole('host', [0, hostCount - 1]);
  return { point, host, nth: when.whole('nth', [1, 1_000_000]) };
}

/** Whether it is an act of some plan; its hosts may be none of the plan at hand. */
export function isAct(value: unknown): value is Act {
  return isTagged(value, 'do', actFields);
}

function isLatency(value: unknown): value is Latency {
  return isTagged(value, 'kind', latencyFields);
}

function isTagged(value: unknown, tag: string, tables: Tables): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const kind: unknown = new Map<string, unknown>(Object.entries(value)).get(tag);
  const table = Object.entries(tables).find(([name]) => name === kind)?.[1];
  return table !== undefined && fits(value, table);
}

type Tables = Readonly<Record<string, Readonly<Record<string, Field>>>>;

/** The fields of one object, taken out one by one. */
class Fields {
  readonly #path: string;
  readonly #values: ReadonlyMap<string, unknown>;

  /** @param names all that it may have; `null` where that is looked at later */
  constructor(path: string, value: unknown, names: readonly string[] | null) {
    this.#path = path;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      refuse(path, 'an object', value);
    }
    this.#values = new Map(Object.entries(value));
    if (names !== null) this.#requireNoOther(names);
  }

  field(name: string): unknown {
    return this.#values.get(name);
  }

  whole(name: string, [least, most]: Bounds): number {
    const value = this.#values.get(name);
    if (isWhole(value, least, most)) return value;
    return refuse(this.#pathOf(name), `a whole number from ${least} to ${most}`, value);
  }

  odd(name: string, most: number): number {
    const value = this.#values.get(name);
    if (isWhole(value, 1, most) && value % 2 === 1) return value;
    return refuse(this.#pathOf(name), `an odd number from 1 to ${most}`, value);
  }

  flag(name: string): boolean {
    const value = this.#values.get(name);
    return typeof value === 'boolean' ? value : refuse(this.#pathOf(name), 'true or false', value);
  }

  /** The object with just the fields that the table for its kind has. */
  tagged(tag: string, tables: Tables, hostCount: number | null): Record<string, unknown> {
    const kind = this.#values.get(tag);
    const table = Object.entries(tables).find(([name]) => name === kind)?.[1];
    if (table === undefined) {
      return refuse(this.#pathOf(tag), `one of ${Object.keys(tables).join(', ')}`, kind);
    }
    this.#requireNoOther([tag, ...Object.keys(table)]);
    const object: Record<string, unknown> = { [tag]: kind };
    for (const [name, field] of Object.entries(table)) {
      const value = this.#values.get(name);
      if (!isIn(field, value)) refuse(this.#pathOf(name), describeField(field), value);
      if (hostCount !== null) this.#requireKnownHosts(name, field, hostCount);
      object[name] = value;
    }
    return object;
  }

  #requireKnownHosts(name: string, field: Field, hostCount: number): void {
    if (field.is !== 'host' && field.is !== 'order') return;
    const value = this.#values.get(name);
    const hosts: readonly unknown[] = Array.isArray(value) ? value : [value];
    const isKnown = (host: unknown): boolean => isWhole(host, 0, hostCount - 1);
    if (hosts.every(isKnown)) return;
    const what = field.is === 'host' ? 'the index of a host' : 'indices of hosts';
    refuse(this.#pathOf(name), `${what}, 0 to ${hostCount - 1}`, value);
  }

  #requireNoOther(names: readonly string[]): void {
    for (const name of this.#values.keys()) {
      if (names.includes(name)) continue;
      throw new TypeError(
        `Cannot read plan: ${this.#path} has ${names.join(', ')}, received ${name} too`,
      );
    }
  }

  #pathOf(name: string): string {
    return this.#path === 'plan' ? name : `${this.#path}.${name}`;
  }
}

function listOf(path: string, value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : refuse(path, 'a list', value);
}

function refuse(path: string, wanted: string, value: unknown): never {
  const shown = value === undefined ? 'nothing' : (JSON.stringify(value) ?? typeof value);
  const short = shown.length > 80 ? `${shown.slice(0, 80)}…` : shown;
  throw new TypeError(`Cannot read plan: ${path} must be ${wanted}, received ${short}`);
}
