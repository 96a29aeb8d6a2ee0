/**
 * A plan as few bytes: numbers of variable length, words by their place in the tables of
 * plan-fields.ts. Reading gives plain values, for parsePlan to judge.
 */

import { namesOf } from './acts.ts';
import type { Plan, PlanMesh, PlanStep } from './plan.ts';
import { actFields, type Field, latencyFields } from './plan-fields.ts';
import { pointNames } from './point-names.ts';
import { draw } from './random.ts';

const actKinds = Object.keys(actFields);
const latencyKinds = Object.keys(latencyFields);

/** What most plans have: written as a single byte. */
const usualLimits = [1_000, 1_000, 8, 1_000];

export function packPlan(plan: Plan): Uint8Array {
  const pack = new Pack();
  pack.whole(plan.version);
  pack.whole(plan.seed);
  packMesh(pack, plan.mesh);
  pack.whole(plan.healAtMs);
  const names = [...new Set(plan.steps.flatMap(({ act }) => namesOf(act)))];
  pack.whole(names.length);
  for (const name of names) pack.text(name);
  pack.whole(plan.steps.length);
  for (const step of plan.steps) packStep(pack, step, names);
  return pack.bytes();
}

/** @throws `RangeError` when these are no bytes of a plan */
export function unpackPlan(bytes: Uint8Array): unknown {
  const unpack = new Unpack(bytes);
  const version = unpack.whole();
  const seed = unpack.whole();
  const mesh = unpackMesh(unpack);
  const healAtMs = unpack.whole();
  const names = unpack.list(() => unpack.text());
  const steps = unpack.list(() => unpackStep(unpack, names));
  unpack.requireEnd();
  return { version, seed, mesh, healAtMs, steps };
}

/** 32 bits that differ for bytes that differ. */
export function checksum(bytes: Uint8Array): number {
  return bytes.reduce((sum, byte) => draw(sum, byte), bytes.length);
}

function packMesh(pack: Pack, mesh: PlanMesh): void {
  const { voters, members, quorum, leaseMs, prepareTimeoutMs, latency, clocks, limits } = mesh;
  for (const each of [voters, members, quorum, leaseMs, prepareTimeoutMs]) pack.whole(each);
  const kept = [limits.endingsMax, limits.idleResourcesMax, limits.lookAhead, limits.waitersMax];
  const isUsual = kept.every((limit, at) => limit === usualLimits[at]);
  const isTrue = clocks.every(({ offsetMs, driftPpm }) => offsetMs === 0 && driftPpm === 0);
  const isDivided = mesh.replicas !== undefined;
  const hasProbes = mesh.deadlockProbeMs !== undefined;
  const flags = [mesh.hasDisk, mesh.isWarm, isUsual, isTrue, isDivided, hasProbes];
  pack.whole(flags.reduce((sum, flag, at) => sum + (flag ? 2 ** at : 0), 0));
  if (mesh.replicas !== undefined) pack.whole(mesh.replicas);
  if (mesh.deadlockProbeMs !== undefined) pack.whole(mesh.deadlockProbeMs);
  if (!isUsual) for (const limit of kept) pack.whole(limit);
  if (!isTrue) {
    for (const { offsetMs, driftPpm } of clocks) {
      pack.signed(offsetMs);
      pack.signed(driftPpm);
    }
  }
  pack.whole(latencyKinds.indexOf(latency.kind));
  const values = new Map<string, unknown>(Object.entries(latency));
  for (const name of Object.keys(latencyFields[latency.kind])) pack.value(us, values.get(name));
}

const us: Field = { is: 'whole', least: 0, most: 60_000_000 };

function unpackMesh(unpack: Unpack): unknown {
  const voters = unpack.whole();
  const members = unpack.whole();
  const quorum = unpack.whole();
  const leaseMs = unpack.whole();
  const prepareTimeoutMs = unpack.whole();
  const flags = unpack.whole();
  const has = (bit: number): boolean => ((flags >>> bit) & 1) === 1;
  const replicas = has(4) ? { replicas: unpack.whole() } : {};
  const probes = has(5) ? { deadlockProbeMs: unpack.whole() } : {};
  const [endingsMax, idleResourcesMax, lookAhead, waitersMax] = has(2)
    ? usualLimits
    : [unpack.whole(), unpack.whole(), unpack.whole(), unpack.whole()];
  const clocks = Array.from({ length: Math.min(voters + members, 256) }, () => {
    if (has(3)) return { offsetMs: 0, driftPpm: 0 };
    return { offsetMs: unpack.signed(), driftPpm: unpack.signed() };
  });
  return {
    ...{ voters, members, quorum, leaseMs, prepareTimeoutMs, hasDisk: has(0), isWarm: has(1) },
    ...replicas,
    ...probes,
    latency: unpackTagged(unpack, { tag: 'kind', tables: Object.entries(latencyFields) }, []),
    clocks,
    limits: { endingsMax, idleResourcesMax, lookAhead, waitersMax },
  };
}

function packStep(pack: Pack, { when, act }: PlanStep, names: readonly string[]): void {
  if ('atMs' in when) pack.whole(when.atMs * 2);
  else {
    pack.whole(pointNames.indexOf(when.point) * 2 + 1);
    pack.whole(when.host === null ? 0 : when.host + 1);
    pack.whole(when.nth);
  }
  pack.whole(actKinds.indexOf(act.do));
  const values = new Map<string, unknown>(Object.entries(act));
  for (const [name, field] of Object.entries(actFields[act.do])) {
    pack.value(field, values.get(name), names);
  }
}

function unpackStep(unpack: Unpack, names: readonly string[]): unknown {
  const first = unpack.whole();
  const half = Math.floor(first / 2);
  if (first % 2 === 0) return { when: { atMs: half }, act: unpackAct(unpack, names) };
  const host = unpack.whole();
  const nth = unpack.whole();
  const when = { point: pointNames[half], host: host === 0 ? null : host - 1, nth };
  return { when, act: unpackAct(unpack, names) };
}

function unpackAct(unpack: Unpack, names: readonly string[]): unknown {
  return unpackTagged(unpack, { tag: 'do', tables: Object.entries(actFields) }, names);
}

interface Tagged {
  readonly tag: string;
  readonly tables: readonly (readonly [string, Readonly<Record<string, Field>>])[];
}

function unpackTagged(unpack: Unpack, { tag, tables }: Tagged, names: readonly string[]): unknown {
  const [kind, table] = tables[unpack.whole()] ?? refuse();
  const object: Record<string, unknown> = { [tag]: kind };
  for (const [name, field] of Object.entries(table)) object[name] = unpack.value(field, names);
  return object;
}

class Pack {
  readonly #bytes: number[] = [];

  bytes(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }

  whole(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.#bytes.push(0x80 + (rest % 0x80));
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes.push(rest);
  }

  signed(value: number): void {
    this.whole(value < 0 ? -2 * value - 1 : 2 * value);
  }

  text(text: string): void {
    const bytes = new TextEncoder().encode(text);
    this.whole(bytes.length);
    this.#bytes.push(...bytes);
  }

  value(field: Field, value: unknown, names: readonly unknown[] = []): void {
    const list: readonly unknown[] = Array.isArray(value) ? value : [];
    switch (field.is) {
      case 'host':
        return this.whole(Number(value));
      case 'whole':
        return field.least < 0 ? this.signed(Number(value)) : this.whole(Number(value));
      case 'flag':
        return this.whole(value === true ? 1 : 0);
      case 'word':
        return this.whole(field.of.indexOf(String(value)));
      case 'pair':
        for (const each of list) this.whole(Number(each));
        return;
      case 'names':
        this.whole(list.length);
        for (const each of list) this.whole(names.indexOf(each));
        return;
      case 'name':
        return this.whole(names.indexOf(value) + 1);
      case 'order':
        this.whole(list.length);
        for (const each of list) this.whole(Number(each));
        return;
    }
  }
}

class Unpack {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  whole(): number {
    let value = 0;
    for (let unit = 1; ; unit *= 0x80) {
      const byte = this.#bytes[this.#at] ?? refuse();
      this.#at += 1;
      value += (byte % 0x80) * unit;
      if (byte < 0x80) return Number.isSafeInteger(value) ? value : refuse();
    }
  }

  signed(): number {
    const value = this.whole();
    return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
  }

  text(): string {
    const length = this.whole();
    const bytes = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return bytes.length === length ? new TextDecoder().decode(bytes) : refuse();
  }

  list<Item>(item: () => Item): Item[] {
    const length = this.whole();
    // Each item has a byte at least.
    if (length > this.#bytes.length) refuse();
    return Array.from({ length }, item);
  }

  value(field: Field, names: readonly string[]): unknown {
    switch (field.is) {
      case 'host':
        return this.whole();
      case 'whole':
        return field.least < 0 ? this.signed() : this.whole();
      case 'flag':
        return this.whole() === 1;
      case 'word':
        return field.of[this.whole()];
      case 'pair':
        return [this.whole(), this.whole()];
      case 'names':
        return this.list(() => names[this.whole()]);
      case 'name':
        return [null, ...names][this.whole()];
      case 'order':
        return this.list(() => this.whole());
    }
  }

  requireEnd(): void {
    if (this.#at !== this.#bytes.length) refuse();
  }
}

function refuse(): never {
  throw new RangeError('Cannot read plan: these are no bytes of a plan');
}
