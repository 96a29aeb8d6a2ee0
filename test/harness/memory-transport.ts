/**
 * A network in memory: transports join it under their url. What is under way waits in one queue, in
 * order, until the test pumps it (`deliverAll`) or, if so asked, until a microtask does. Pairs of
 * transports can be cut, which breaks connections, or silenced, which loses what is sent without a
 * word.
 */

import type { Connection, Listener, Transport } from '../../src/peer/transport.ts';
import { type Lane, Pair, type Sent } from './memory-connection.ts';

export interface NetworkOptions {
  /** `pumped`: by `deliver` and `deliverAll` only. `microtasks`: by itself. */
  readonly delivery: 'pumped' | 'microtasks';
  /** Bytes of a message. */
  readonly messageBytesMax: number;
  /**
   * Chooses what is delivered next: a whole number below its argument. Whatever it chooses, what
   * one end of a connection sends stays in order. Without it, all is delivered in the order sent.
   */
  readonly choose: (below: number) => number;
}

interface Underway {
  readonly lane: Lane;
  run(): void;
}

export class NetworkInMemory {
  readonly #options: NetworkOptions;
  readonly #queue: Underway[] = [];
  readonly #listeners = new Map<string, (connection: Connection) => void>();
  readonly #connections = new Set<Pair>();
  readonly #cut = new Set<string>();
  readonly #silent = new Set<string>();
  #ports = 0;
  /** Sees every message, and may change it or, with `null`, lose it. */
  onSend: (sent: Sent) => Uint8Array | null = ({ bytes }) => bytes;

  constructor(options: Partial<NetworkOptions> = {}) {
    this.#options = {
      choose: () => 0,
      delivery: 'pumped',
      messageBytesMax: 1024 * 1024,
      ...options,
    };
  }

  /** A transport that listens at, and dials from, `url`. */
  transport(url: string): Transport {
    return {
      dial: (to) => this.#dial(url, to),
      listen: async (onConnection): Promise<Listener> => {
        this.#listeners.set(url, onConnection);
        return {
          url,
          close: async () => {
            this.#listeners.delete(url);
          },
        };
      },
    };
  }

  /** Breaks the connections between two transports, and lets none be made. */
  cut(one: string, other: string): void {
    this.#cut.add(pairKey(one, other));
    for (const pair of this.#connections) {
      if (pairKey(pair.from, pair.to) === pairKey(one, other)) pair.break('Connection lost');
    }
  }

  /** Loses what is sent between two transports, dials included; nobody is told. */
  silence(one: string, other: string): void {
    this.#silent.add(pairKey(one, other));
  }

  /** Undoes `cut` and `silence`. */
  mend(one: string, other: string): void {
    this.#cut.delete(pairKey(one, other));
    this.#silent.delete(pairKey(one, other));
  }

  /** Nobody listens at `url` any more. */
  shut(url: string): void {
    this.#listeners.delete(url);
  }

  /** How many connections stand between two transports. */
  connectionCount(one: string, other: string): number {
    const key = pairKey(one, other);
    return [...this.#connections].filter(({ from, to, isOpen }) => {
      return isOpen && pairKey(from, to) === key;
    }).length;
  }

  /** Does the next thing under way; `false` when there is none. */
  deliver(): boolean {
    if (this.#queue.length === 0) return false;
    const chosen = this.#queue[this.#options.choose(this.#queue.length)];
    const first = this.#queue.findIndex(({ lane }) => lane === chosen?.lane);
    for (const { run } of this.#queue.splice(first, 1)) run();
    return true;
  }

  /** Does all that is under way, and what it leads to. */
  deliverAll(): void {
    for (let count = 0; this.deliver(); count++) {
      if (count === 100_000) throw new Error('The network does not come to rest');
    }
  }

  #later(lane: Lane, run: () => void): void {
    this.#queue.push({ lane, run });
    if (this.#options.delivery === 'microtasks') queueMicrotask(() => this.deliver());
  }

  #dial(from: string, to: string): Connection {
    const pair = new Pair({
      from,
      to,
      port: ++this.#ports,
      messageBytesMax: this.#options.messageBytesMax,
      later: (lane, run) => this.#later(lane, run),
      carry: (sent) => (this.#isSilent(from, to) ? null : this.onSend(sent)),
      choose: this.#options.choose,
      gone: () => this.#connections.delete(pair),
    });
    this.#connections.add(pair);
    this.#later(pair.dialler, () => this.#open(pair));
    return pair.dialler;
  }

  #open(pair: Pair): void {
    if (this.#isSilent(pair.from, pair.to)) return;
    const onConnection = this.#listeners.get(pair.to);
    if (onConnection === undefined || this.#cut.has(pairKey(pair.from, pair.to))) {
      pair.break(`connect ECONNREFUSED ${pair.to}`);
    } else {
      pair.open(onConnection);
    }
  }

  #isSilent(one: string, other: string): boolean {
    return this.#silent.has(pairKey(one, other));
  }
}

function pairKey(one: string, other: string): string {
  return [one, other].sort().join(' ');
}
