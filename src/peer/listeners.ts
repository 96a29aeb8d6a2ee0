/**
 * Those who listen for one event. One that throws, or whose promise rejects, is reported, and
 * disturbs neither the caller nor the others.
 */

import { refuse } from './call-checks.ts';
import { runHoldingNothing } from './reentrancy.ts';

type Listener<Args extends readonly unknown[]> = (...args: Args) => void;

interface Entry<Args extends readonly unknown[]> {
  readonly listener: Listener<Args>;
  readonly once: boolean;
}

export class Listeners<Args extends readonly unknown[]> {
  readonly #event: string;
  readonly #onFault: (error: unknown) => void;
  #entries: readonly Entry<Args>[] = [];

  constructor(event: string, onFault: (error: unknown) => void) {
    this.#event = event;
    this.#onFault = onFault;
  }

  /** @throws `TypeError` for what is no function */
  add(listener: Listener<Args>, once: boolean): void {
    if (typeof listener !== 'function') {
      refuse(`listen for ${this.#event}`, 'the listener must be a function', listener);
    }
    this.#entries = [...this.#entries, { listener, once }];
  }

  /** Removes one, the last added, as Node's emitters do. */
  remove(listener: Listener<Args>): void {
    const index = this.#entries.findLastIndex((entry) => entry.listener === listener);
    if (index >= 0) this.#entries = this.#entries.toSpliced(index, 1);
  }

  call(...args: Args): void {
    for (const { listener, once } of this.#entries) {
      if (once) this.remove(listener);
      try {
        const result: unknown = runHoldingNothing(() => listener(...args));
        // Of an async listener; nobody else awaits it.
        Promise.resolve(result).catch(this.#onFault);
      } catch (error) {
        this.#onFault(error);
      }
    }
  }
}
