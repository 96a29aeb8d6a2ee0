/**
 * The two ends of one connection of the network in memory (memory-transport.ts).
 */

import type { Connection, ConnectionHandlers } from '../../src/peer/transport.ts';

/** What one end of a connection does, in order. */
export type Lane = object;

/** One message on its way, shown to `NetworkInMemory.onSend`. */
export interface Sent {
  readonly from: string;
  readonly to: string;
  readonly bytes: Uint8Array;
}

export interface PairOptions {
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
export class Pair {
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
