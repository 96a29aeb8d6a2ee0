/**
 * The events of a peer. A listener that throws, or whose promise rejects, is reported and disturbs
 * neither the peer nor the other listeners.
 */

import type { PeerEvents, PeerListener } from './events.ts';
import { Listeners } from './listeners.ts';

type Name = keyof PeerEvents;

type All = { readonly [N in Name]: Listeners<PeerEvents[N]> };

/** What is told of a listener's fault. */
export type OnListenerFault = (name: Name, error: unknown) => void;

export class Emitter {
  readonly #listeners: All;
  /** What happened before anybody could listen, in order; `null` once somebody can. */
  #early: (() => void)[] | null = [];

  constructor(onFault: OnListenerFault) {
    const of = <N extends Name>(name: N): Listeners<PeerEvents[N]> => {
      return new Listeners(name, (error) => onFault(name, error));
    };
    this.#listeners = {
      close: of('close'),
      lost: of('lost'),
      ready: of('ready'),
      unready: of('unready'),
      voter: of('voter'),
      warning: of('warning'),
    };
  }

  add<N extends Name>(name: N, listener: PeerListener<N>, once: boolean): void {
    if (!Object.hasOwn(this.#listeners, name)) {
      throw new TypeError(`Cannot listen: there is no event ${JSON.stringify(name)}`);
    }
    this.#of(name).add(listener, once);
  }

  remove<N extends Name>(name: N, listener: PeerListener<N>): void {
    if (Object.hasOwn(this.#listeners, name)) this.#of(name).remove(listener);
  }

  emit<N extends Name>(name: N, ...args: PeerEvents[N]): void {
    if (this.#early === null) this.#of(name).call(...args);
    else this.#early.push(() => this.#of(name).call(...args));
  }

  /** From now on events are told as they happen; those that waited are told first. */
  open(): void {
    const early = this.#early ?? [];
    this.#early = null;
    for (const tell of early) tell();
  }

  #of<N extends Name>(name: N): Listeners<PeerEvents[N]> {
    const all: All = this.#listeners;
    return all[name];
  }
}
