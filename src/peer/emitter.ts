/**
 * The events of a peer. A listener that throws, or whose promise rejects, is reported and disturbs
 * neither the peer nor the other listeners.
 */

import type { PeerEvents, PeerListener } from './events.ts';
import { runHoldingNothing } from './reentrancy.ts';

type Name = keyof PeerEvents;

interface Entry<N extends Name> {
  readonly listener: PeerListener<N>;
  readonly once: boolean;
}

type Entries = { [N in Name]: readonly Entry<N>[] };

/** What is told of a listener's fault. */
export type OnListenerFault = (name: Name, error: unknown) => void;

export class Emitter {
  readonly #entries: Entries = {
    close: [],
    lost: [],
    ready: [],
    unready: [],
    voter: [],
    warning: [],
  };
  readonly #onFault: OnListenerFault;
  /** What happened before anybody could listen, in order; `null` once somebody can. */
  #early: (() => void)[] | null = [];

  constructor(onFault: OnListenerFault) {
    this.#onFault = onFault;
  }

  add<N extends Name>(name: N, listener: PeerListener<N>, once: boolean): void {
    if (!Object.hasOwn(this.#entries, name)) {
      throw new TypeError(`Cannot listen: there is no event ${JSON.stringify(name)}`);
    }
    if (typeof listener !== 'function') {
      throw new TypeError(`Cannot listen for ${name}: the listener must be a function`);
    }
    const entries: readonly Entry<N>[] = this.#entries[name];
    this.#replace(name, [...entries, { listener, once }]);
  }

  /** Removes one, the last added, as Node's emitters do. */
  remove<N extends Name>(name: N, listener: PeerListener<N>): void {
    const entries: readonly Entry<N>[] = this.#entries[name] ?? [];
    const index = entries.findLastIndex((entry) => entry.listener === listener);
    if (index >= 0) this.#replace(name, entries.toSpliced(index, 1));
  }

  emit<N extends Name>(name: N, ...args: PeerEvents[N]): void {
    if (this.#early === null) this.#call(name, args);
    else this.#early.push(() => this.#call(name, args));
  }

  /** From now on events are told as they happen; those that waited are told first. */
  open(): void {
    const early = this.#early ?? [];
    this.#early = null;
    for (const tell of early) tell();
  }

  #call<N extends Name>(name: N, args: PeerEvents[N]): void {
    const entries: readonly Entry<N>[] = this.#entries[name];
    for (const { listener, once } of entries) {
      if (once) this.remove(name, listener);
      try {
        const result: unknown = runHoldingNothing(() => listener(...args));
        // Of an async listener; nobody else awaits it.
        Promise.resolve(result).catch((error) => this.#onFault(name, error));
      } catch (error) {
        this.#onFault(name, error);
      }
    }
  }

  #replace<N extends Name>(name: N, entries: readonly Entry<N>[]): void {
    const all: { [M in N]: readonly Entry<M>[] } = this.#entries;
    all[name] = entries;
  }
}
