/**
 * One run: hosts, the network between them, true time, and all who watch.
 */

import type { WatchedCore, WatchedStep } from '../peer/runtime.ts';
import { Effects } from './effects.ts';
import { Host, type HostSetup } from './host.ts';
import { Kernel } from './kernel.ts';
import type { Latency } from './latency.ts';
import { Network } from './network.ts';

/** Sees each step of each core, before its outputs are carried out. */
export interface Observer {
  onStep(seen: SeenStep): void;
  /** A turn is over. */
  onTurn?(): void;
}

/** One step of one core. */
export interface SeenStep {
  readonly host: Host;
  readonly core: WatchedCore;
  readonly step: WatchedStep;
}

export interface WorldSetup {
  readonly seed: number;
  readonly latency: Latency;
}

export class World {
  readonly seed: number;
  readonly kernel: Kernel = new Kernel();
  readonly effects: Effects = new Effects();
  readonly network: Network;
  /** By the names of their machines, in the order added. */
  readonly hosts: Map<string, Host> = new Map();
  /** Peers that closed by themselves. */
  readonly failures: { readonly host: Host; readonly error: unknown }[] = [];
  /** Frames and protocol messages that cores have taken in; keep-alives are frames without any. */
  readonly delivered: { frames: number; keepAlives: number; messages: number } = {
    frames: 0,
    keepAlives: 0,
    messages: 0,
  };
  readonly #observers: Observer[] = [];
  readonly #atTurn: (() => void)[] = [];

  constructor({ seed, latency }: WorldSetup) {
    this.seed = seed;
    const { kernel, effects } = this;
    this.network = new Network({ kernel, effects, seed, latency });
    kernel.afterTurn = () => {
      for (const onTurn of this.#atTurn) onTurn();
    };
  }

  get nowMs(): number {
    return this.kernel.nowUs / 1_000;
  }

  watch(observer: Observer): void {
    this.#observers.push(observer);
    if (observer.onTurn !== undefined) this.#atTurn.push(() => observer.onTurn?.());
  }

  add(setup: HostSetup): Host {
    const host = new Host(this, setup);
    this.hosts.set(setup.name, host);
    return host;
  }

  onFailure(host: Host, error: unknown): void {
    this.failures.push({ host, error });
  }

  onStep(host: Host, core: WatchedCore, step: WatchedStep): void {
    const { input, outputs } = step;
    if (input.type === 'frame') {
      const { length } = input.frame.messages;
      this.delivered.frames += 1;
      this.delivered.messages += length;
      if (length === 0) this.delivered.keepAlives += 1;
    } else if (input.type === 'link-up' || input.type === 'link-down') {
      this.kernel.noteMicrotasks();
    }
    for (const output of outputs) {
      // All others tell the application something.
      if (output.type !== 'frame' && output.type !== 'persist') this.kernel.noteMicrotasks();
    }
    const seen = { host, core, step };
    for (const observer of this.#observers) observer.onStep(seen);
  }
}
