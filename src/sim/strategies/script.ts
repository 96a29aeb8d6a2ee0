/**
 * Writes the steps of a directed scene, one after the other, along a time line. All times have some
 * chance in them: a scene is a story, and its neighbours are tried, too.
 */

import type { Death } from '../network.ts';
import type { Fault, Operation, PlanStep } from '../plan.ts';
import type { Scene } from '../scene.ts';

export class Script {
  readonly scene: Scene;
  readonly steps: PlanStep[] = [];
  /** Where on the time line the next step stands. */
  atMs: number;

  constructor(scene: Scene, atMs: number) {
    this.scene = scene;
    this.atMs = atMs;
  }

  /** Time passes: so many leases. */
  pass(least: number, most: number): this {
    this.atMs += this.scene.leases(least, most);
    return this;
  }

  /** Time for a few messages to come and go. */
  exchange(): this {
    const { leaseMs } = this.scene.mesh;
    this.atMs += this.scene.chance.between(1, Math.max(2, Math.floor(leaseMs / 30)));
    return this;
  }

  fault(act: Fault): this {
    this.steps.push({ when: { atMs: this.atMs }, act });
    return this;
  }

  /** A host asks for the first name, and holds what it gets for about so many leases. */
  ask(host: number, leases: number, wishes: Partial<Operation> = {}): this {
    const { scene } = this;
    const act: Operation = {
      ...{ do: 'acquire', host, names: scene.names.slice(0, 1), mode: 'exclusive' },
      ...{ patience: 'wait', holdMs: scene.leases(0.8 * leases, 1.2 * leases) },
      ...{ timeoutMs: 0, giveUpMs: 0, maxHoldMs: 0, lingerMs: 0 },
      ...wishes,
    };
    this.steps.push({ when: { atMs: this.atMs }, act });
    return this;
  }

  /**
   * A host asks, and for a while nobody else hears of it: its ticket is older than those of claims
   * that the others hear of first. Not for so long that it gives up.
   */
  askUnheard(host: number, others: readonly number[], leases: number): this {
    const { chance, mesh } = this.scene;
    const forMs = chance.between(
      mesh.prepareTimeoutMs >> 2,
      Math.floor(0.75 * mesh.prepareTimeoutMs),
    );
    for (const to of others) if (to !== host) this.fault({ do: 'hold', from: host, to, forMs });
    return this.ask(host, leases);
  }

  /** One direction carries nothing for so many leases. */
  stall(from: number, to: number, leases: number): this {
    if (from === to) return this;
    return this.fault({ do: 'hold', from, to, forMs: this.#about(leases) });
  }

  /** What one says takes long to be heard by another, from now on. */
  delay(from: number, to: number, mostLeases = 0.15): this {
    const { healAtMs } = this.scene;
    const extraMs = 1 + this.scene.leases(0.01, mostLeases);
    return this.fault({ do: 'lag', from, to, factor: 1, extraMs, forMs: healAtMs });
  }

  /** A host cannot talk to any of `others` for about so many leases. */
  cut(host: number, others: readonly number[], leases: number): this {
    return this.cutFor(host, others, this.#about(leases));
  }

  /** A host cannot talk to any of `others` for so many milliseconds. */
  cutFor(host: number, others: readonly number[], forMs: number): this {
    const { chance } = this.scene;
    const apart = [...new Set(others)].filter((other) => other !== host);
    const [first] = apart;
    if (first === undefined) return this;
    const order = [host, ...apart];
    // Connections break, or just carry nothing; or one end finds out before the other.
    const breaks = chance.chance(0.4);
    this.fault({ do: 'partition', shape: 'isolate', order, breaks, periodMs: 0, forMs });
    if (breaks || chance.chance(0.8)) return this;
    const told = chance.pick(['a', 'b', 'none'] as const);
    return this.fault({ do: 'half-open', a: host, b: first, told });
  }

  /** When they are linked next, what `from` says is not heard by `to`, not even its HELLO. */
  silenceGreeting(from: number, to: number): this {
    const { chance } = this.scene;
    const when = { point: 'link up', host: to, nth: chance.pick([1, 1, 2]) } as const;
    const forMs = this.#about(chance.pick([0.2, 0.42]));
    this.steps.push({ when, act: { do: 'hold', from, to, forMs } });
    return this;
  }

  /** The process dies, and starts again after so many leases; mostly at once. */
  restart(host: number, leases = 0): this {
    const { chance, mesh } = this.scene;
    const network = chance.pick<Death>(['reset', 'reset', 'reset, tail lost', 'silent']);
    const isKept = !mesh.hasDisk || chance.chance(0.5);
    const disk = isKept ? 'last write kept' : 'last write lost';
    const forMs = leases === 0 ? chance.between(0, 20) : this.#about(leases);
    return this.fault({ do: 'crash', host, network, disk, forMs });
  }

  #about(leases: number): number {
    return this.scene.leases(0.8 * leases, 1.2 * leases);
  }
}
