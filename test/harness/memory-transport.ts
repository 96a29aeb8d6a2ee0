/**
 * A network in memory: transports join it under their url. What is under way waits in one queue, in
 * order, until the test pumps it (`deliverAll`) or, if so asked, until a microtask does. Pairs of
 * transports can be cut, which breaks connections, or silenced, which loses what is sent without a
 * word.
 */

import type {
  Connection,
  ConnectionHandlers,
  Listener,
  Transport,
} from '../../src/peer/transport.ts';

export interface NetworkOptions {
  /** `pumped`: by `deliver` and `deliverAll` only. `microtasks`: by itself. */
  readonly delivery: 'pumped' | 'microtasks';
  /** Bytes of a message. */
  readonly messageBytesMax: number;
  /**
   * Chooses what is delivered next: a whole number below its argument. Whatever it chooses, what one
   * end of a connection sends stays in order. Without it, all is delivered in the order sent.
   */
  readonly choose: (below: number) => number;
}

/** What one end of a connection does, in order. */
type Lane = object;

interface Underway {
  readonly lane: Lane;
  run(): void;
}

/** One message on its way, shown to `NetworkInMemory.onSend`. */
export interface Sent {
  readonly from: string;
  readonly to: string;
  readonly bytes: Uint8Array;
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

interface PairOptions {
  readonly from: string;
  readonly to: string;
  readonly port: number;
  readonly messageBytesMax: number;
  later(lane: Lane, run: () => void): void;
  carry(sent: Sent): Uint8Array | null;
  choose(below: number): number;
  gone(): void;
}

/** Both ends of one connection. */
class Pair {
  readonly from: string;
  readonly to: string;
  readonly dialler: End;
  readonly accepted: End;
  readonly #options: PairOptions;
  isOpen = false;

  constructor(options: PairOptions) {
    const { from, port, to } = options;
    this.#options = options;
    this.from = from;
    this.to = to;
    this.dialler = new End(new URL(to).host, (bytes) => this.#send(this.dialler, bytes), this);
    this.accepted = new End(
      `${new URL(from).hostname}:${40_000 + port}`,
      (bytes) => this.#send(this.accepted, bytes),
      this,
    );
    this.accepted.state = 'unborn';
  }

  open(onConnection: (connection: Connection) => void): void {
    if (this.dialler.state !== 'connecting') return;
    this.isOpen = true;
    this.dialler.state = 'open';
    this.accepted.state = 'open';
    onConnection(this.accepted);
    this.dialler.handlers.onOpen();
  }

  /** Both ends learn that the network broke it. */
  break(reason: string): void {
    this.end(this.dialler, reason);
    this.end(this.accepted, reason);
  }

  /** One end is done; it is told later. */
  end(end: End, reason: string, misused = false): void {
    if (end.state === 'closed' || end.state === 'unborn') return;
    end.state = 'closed';
    this.isOpen = false;
    // A lane of its own: one end learns of its end whatever is still under way from it.
    this.#options.later({}, () => {
      const { handlers } = end;
      handlers.onClose(reason, misused);
      if (this.#isOver) this.#options.gone();
    });
  }

  /** After what `end` has sent, the other end closes too. */
  follow(end: End, reason: string): void {
    this.#options.later(end, () =>
      this.end(this.#otherOf(end), `Closed by the other end: ${reason}`),
    );
  }

  isLostOnDestroy(): boolean {
    return this.#options.choose(2) === 0;
  }

  #send(end: End, bytes: Uint8Array): void {
    const other = this.#otherOf(end);
    const [from, to] = end === this.dialler ? [this.from, this.to] : [this.to, this.from];
    const sent = this.#options.carry({ from, to, bytes: Uint8Array.from(bytes) });
    end.backlog += bytes.length;
    this.#options.later(end, () => {
      end.backlog -= bytes.length;
      if (sent === null || other.state !== 'open' || end.lost) return;
      if (sent.length > this.#options.messageBytesMax) {
        this.end(other, 'Max payload size exceeded', true);
        this.end(end, 'Closed by the other end with code 1009');
        return;
      }
      other.handlers.onMessage(sent);
      // The receiver may not keep the bytes: those who do find out.
      sent.fill(0xc1);
    });
  }

  #otherOf(end: End): End {
    return end === this.dialler ? this.accepted : this.dialler;
  }

  get #isOver(): boolean {
    return [this.dialler, this.accepted].every(({ state }) => {
      return state === 'closed' || state === 'unborn';
    });
  }
}

class End implements Connection {
  readonly remote: string;
  readonly #send: (bytes: Uint8Array) => void;
  readonly #pair: Pair;
  backlog = 0;
  handlers: ConnectionHandlers = { onClose() {}, onMessage() {}, onOpen() {} };
  state: 'unborn' | 'connecting' | 'open' | 'closed' = 'connecting';
  /** Whether what was sent and is still under way is lost. */
  lost = false;

  constructor(remote: string, send: (bytes: Uint8Array) => void, pair: Pair) {
    this.remote = remote;
    this.#send = send;
    this.#pair = pair;
  }

  attach(handlers: ConnectionHandlers): void {
    this.handlers = handlers;
  }

  send(bytes: Uint8Array): void {
    if (this.state === 'open') this.#send(bytes);
  }

  close(reason: string): void {
    if (this.state === 'closed') return;
    this.#pair.follow(this, reason);
    this.#pair.end(this, reason);
  }

  destroy(reason: string): void {
    if (this.state === 'closed') return;
    // What is under way may arrive or not, as on a real network.
    this.lost = this.#pair.isLostOnDestroy();
    this.#pair.follow(this, 'Connection lost');
    this.#pair.end(this, reason);
  }
}
