/**
 * Faults of the network: directions that hold or hurt what they carry, connections that break, and
 * partitions.
 */

import type { Host } from './host.ts';
import { type Cut, cutsOf, stagesOf } from './partition.ts';
import type { Fault } from './plan.ts';
import type { World } from './world.ts';

export type NetworkFault = Fault & {
  do: 'hold' | 'refuse' | 'reset' | 'half-open' | 'storm' | 'lag' | 'hostile' | 'partition';
};

export interface NetworkFaultsSetup {
  readonly world: World;
  host(index: number): Host;
  later(delayMs: number, run: () => void): void;
  /** Whether all stays as it is: nothing else goes wrong, nor right. */
  isFrozen(): boolean;
}

export class NetworkFaults {
  readonly #setup: NetworkFaultsSetup;

  constructor(setup: NetworkFaultsSetup) {
    this.#setup = setup;
  }

  /** Begins a fault. @returns what ends it; `null` for one that is over at once */
  begin(fault: NetworkFault): (() => void) | null {
    switch (fault.do) {
      case 'hold':
        return this.#hold([[fault.from, fault.to]]);
      case 'refuse':
        return this.#refuse([
          [fault.a, fault.b],
          [fault.b, fault.a],
        ]);
      case 'lag':
      case 'hostile':
        return this.#impair(fault);
      case 'partition':
        return this.#partition(fault);
      case 'reset':
      case 'half-open':
      case 'storm':
        return this.#disconnect(fault);
    }
  }

  #hold(cuts: readonly Cut[]): () => void {
    const links = cuts.map(([from, to]) => this.#link(from, to));
    for (const link of links) link.hold();
    return () => {
      for (const link of links) link.release();
    };
  }

  #refuse(cuts: readonly Cut[]): () => void {
    const links = cuts.map(([from, to]) => this.#link(from, to));
    for (const link of links) link.refuse();
    return () => {
      for (const link of links) link.accept();
    };
  }

  #disconnect(fault: Fault & { do: 'reset' | 'half-open' | 'storm' }): null {
    const { network } = this.#setup.world;
    if (fault.do === 'storm') {
      const { name } = this.#setup.host(fault.host);
      for (const other of this.#setup.world.hosts.keys()) {
        if (other !== name) network.reset(name, other, [0, 0]);
      }
      return null;
    }
    const [a, b] = [this.#setup.host(fault.a).name, this.#setup.host(fault.b).name];
    if (fault.do === 'reset') {
      network.reset(a, b, [fault.toldMs[0] * 1_000, fault.toldMs[1] * 1_000]);
    } else {
      const told = { a, b, none: null }[fault.told];
      network.halfOpen(a, b, told);
    }
    return null;
  }

  #impair(fault: Fault & { do: 'lag' | 'hostile' }): () => void {
    const link = this.#link(fault.from, fault.to);
    if (fault.do === 'hostile') {
      link.hostility = { ...link.hostility, [fault.mishap]: fault.ppm };
      return () => {
        link.hostility = null;
      };
    }
    link.slowness *= fault.factor;
    link.extraUs += fault.extraMs * 1_000;
    return () => {
      link.slowness /= fault.factor;
      link.extraUs -= fault.extraMs * 1_000;
    };
  }

  #partition(fault: Fault & { do: 'partition' }): () => void {
    if (fault.shape === 'swizzle') return this.#swizzle(fault);
    const cuts = cutsOf(fault.shape, fault.order);
    let release: (() => void) | null = null;
    let isOver = false;
    const toggle = (): void => {
      if (isOver || this.#setup.isFrozen()) return;
      if (release === null) release = this.#cut(cuts, fault.breaks);
      else {
        release();
        release = null;
      }
      if (fault.periodMs > 0) this.#setup.later(fault.periodMs, toggle);
    };
    toggle();
    return () => {
      isOver = true;
      release?.();
    };
  }

  /** Cuts one after the other off, and lets them back in another order. */
  #swizzle({ order, forMs, breaks }: Fault & { do: 'partition' }): () => void {
    const stages = stagesOf(order);
    const releases: (() => void)[] = [];
    const stepMs = Math.max(1, Math.floor(forMs / (2 * stages.length)));
    let isOver = false;
    stages.forEach((cuts, at) => {
      this.#setup.later(at * stepMs, () => {
        if (!isOver && !this.#setup.isFrozen()) releases.push(this.#cut(cuts, breaks));
      });
      this.#setup.later((stages.length + at) * stepMs, () => {
        if (!this.#setup.isFrozen()) releases.shift()?.();
      });
    });
    return () => {
      isOver = true;
      for (const release of releases.splice(0)) release();
    };
  }

  #cut(cuts: readonly Cut[], breaks: boolean): () => void {
    const { network } = this.#setup.world;
    if (breaks) {
      for (const [from, to] of cuts) {
        network.reset(this.#setup.host(from).name, this.#setup.host(to).name, [0, 0]);
      }
    }
    return this.#hold(cuts);
  }

  #link(from: number, to: number): ReturnType<World['network']['link']> {
    return this.#setup.world.network.link(this.#setup.host(from).name, this.#setup.host(to).name);
  }
}
