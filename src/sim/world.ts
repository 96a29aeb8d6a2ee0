/**
 * One run: hosts, the network between them, true time, and all who watch.
 */

import type { CoreEnd, CoreStart, WatchedCore, WatchedStep } from '../peer/runtime.ts';
import { Asks } from './asks.ts';
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
  onStart?(host: Host, core: WatchedCore, start: CoreStart): void;
  onEnd?(host: Host, core: WatchedCore, end: CoreEnd): void;
  /** A process has ended without a word. */
  onKilled?(host: Host): void;
  /** Something goes wrong. @returns what is called when it is over */
  onFault?(fault: SeenFault): () => void;
  /** Nothing is wrong any more with these hosts, and with what lies between them. */
  onHealed?(hosts: readonly Host[]): void;
}

/** Something that goes wrong. */
export interface SeenFault {
  /** In words. */
  readonly what: string;
  /** Those that it befalls. */
  readonly hosts: readonly Host[];
  /** Whether it is over some time later, rather than at once. */
  readonly lasts: boolean;
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
  readonly asks: Asks = new Asks();
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

  onStart(host: Host, core: WatchedCore, start: CoreStart): void {
    for (const observer of this.#observers) observer.onStart?.(host, core, start);
  }

  onEnd(host: Host, core: WatchedCore, end: CoreEnd): void {
    for (const observer of this.#observers) observer.onEnd?.(host, core, end);
  }

  onAsk(name: string, isRefused: boolean): Promise<never> | undefined {
    return this.asks.note({ name, isRefused }, this.kernel.taskCount);
  }

  onKilled(host: Host): void {
    for (const observer of this.#observers) observer.onKilled?.(host);
  }

  /** Tells those who want to know. @returns what tells them that it is over */
  onFault(fault: () => SeenFault): () => void {
    const ends = this.#observers.flatMap((observer) => observer.onFault?.(fault()) ?? []);
    return () => {
      for (const end of ends) end();
    };
  }

  onHealed(hosts: readonly Host[]): void {
    for (const observer of this.#observers) observer.onHealed?.(hosts);
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
      // All others tell the application something, or begin to write.
      if (output.type !== 'frame') this.kernel.noteMicrotasks();
    }
    const seen = { host, core, step };
    for (const observer of this.#observers) observer.onStep(seen);
  }
}
