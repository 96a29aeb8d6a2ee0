/**
 * What a strategy draws a plan's faults for: the mesh, the names that are locked, how long it all
 * takes, and the chance to draw with.
 */

import type { PlanMesh } from './plan.ts';
import type { Stream } from './random.ts';
import { WallClocks } from './wall-clocks.ts';

export interface SceneSetup {
  readonly mesh: PlanMesh;
  readonly names: readonly string[];
  /** When the faults are over. */
  readonly healAtMs: number;
  readonly chance: Stream;
}

/** Whom a fault is about: a host, and the far end of one of its links. */
export interface Target {
  readonly host: number;
  readonly other: number;
}

export class Scene {
  readonly mesh: PlanMesh;
  readonly names: readonly string[];
  readonly healAtMs: number;
  readonly chance: Stream;
  readonly wallClocks: WallClocks;

  constructor({ mesh, names, healAtMs, chance }: SceneSetup) {
    this.mesh = mesh;
    this.names = names;
    this.healAtMs = healAtMs;
    this.chance = chance;
    this.wallClocks = new WallClocks(mesh, chance.chance(0.5));
  }

  get hostCount(): number {
    return this.mesh.voters + this.mesh.members;
  }

  /** All hosts, by index. */
  hosts(): number[] {
    return Array.from({ length: this.hostCount }, (_, host) => host);
  }

  /** The voters, in some order. */
  votersMixed(): number[] {
    return this.chance.shuffled(this.hosts().slice(0, this.mesh.voters));
  }

  /** Any host; mostly a voter, since these are what others depend on. */
  host(): number {
    return this.chance.chance(0.7) ? this.voter() : this.chance.below(this.hostCount);
  }

  voter(): number {
    return this.chance.below(this.mesh.voters);
  }

  /** A host that `host` may have a link with, other than `host`. */
  peerOf(host: number): number {
    const { voters } = this.mesh;
    const others = this.hosts().filter((other) => {
      return other !== host && (host < voters || other < voters);
    });
    return others.length === 0 ? host : this.chance.pick(others);
  }

  target(host: number = this.host()): Target {
    return { host, other: this.peerOf(host) };
  }

  /** A moment before the healing. */
  moment(): number {
    return this.chance.below(Math.max(1, this.healAtMs));
  }

  /** So many milliseconds: from `least` to `most` leases. */
  leases(least: number, most: number): number {
    const { leaseMs } = this.mesh;
    return this.chance.between(Math.floor(least * leaseMs), Math.floor(most * leaseMs));
  }

  /**
   * How long a fault lasts: most are either short, or about as long as one of the times that the
   * protocol knows: half a lease ends a silent link, a lease ends a session.
   */
  spell(): number {
    const { chance } = this;
    if (chance.chance(0.3)) return this.leases(0.01, 0.3);
    if (chance.chance(0.4)) return this.leases(0.4, 0.7);
    if (chance.chance(0.7)) return this.leases(0.9, 1.4);
    return this.leases(1.4, 3);
  }

  /** How long a process is down: mostly it is started again at once. */
  downTime(): number {
    return this.chance.chance(0.6) ? this.chance.between(0, 40) : this.spell();
  }
}
