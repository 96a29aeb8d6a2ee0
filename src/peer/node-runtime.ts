/**
 * The runtime of production: Node's clocks, timers, chance, disk and network.
 */

import { randomBytes } from 'node:crypto';
import type { Runtime, StepWatcher, Storage, Timer } from './runtime.ts';
import { StateFile } from './state-file.ts';
import type { Transport } from './transport.ts';

export interface NodeRuntimeOptions {
  /** Where to keep what must survive a restart; `null` to keep nothing. */
  readonly stateFile: string | null;
  readonly transport: Transport;
  /** Sees every step of the core; `null` where nobody wants to. */
  readonly watcher: StepWatcher | null;
}

/** The longest that Node's timers take; longer ones would fire at once. */
const timerMsMax = 2 ** 31 - 1;

export class NodeRuntime implements Runtime {
  readonly storage: Storage | null;
  readonly transport: Transport;
  readonly watcher: StepWatcher | null;

  constructor(options: NodeRuntimeOptions) {
    this.storage = options.stateFile === null ? null : new StateFile(options.stateFile);
    this.transport = options.transport;
    this.watcher = options.watcher;
  }

  monotonic(): number {
    return performance.now();
  }

  wall(): number {
    return Date.now();
  }

  random(): number {
    return Math.random();
  }

  randomBytes(size: number): Uint8Array {
    return randomBytes(size);
  }

  setTimer(ms: number, callback: () => void): Timer {
    // A wake-up that comes early is harmless: it is set again.
    const timer = setTimeout(callback, Math.min(ms, timerMsMax));
    return { cancel: () => clearTimeout(timer) };
  }

  endOfTurn(callback: () => void): void {
    setImmediate(callback);
  }
}
