/**
 * A transport that knows which of its connections are not closed yet, so that closing can wait for
 * them, and be cut short.
 */

import type { Connection, ConnectionHandlers, Listener, Transport } from './transport.ts';

export class TrackedTransport implements Transport {
  readonly #inner: Transport;
  readonly #open = new Set<Connection>();
  readonly #onIdle: (() => void)[] = [];

  constructor(inner: Transport) {
    this.#inner = inner;
  }

  listen(onConnection: (connection: Connection) => void): Promise<Listener> {
    return this.#inner.listen((connection) => onConnection(this.#track(connection)));
  }

  dial(url: string): Connection {
    return this.#track(this.#inner.dial(url));
  }

  get isIdle(): boolean {
    return this.#open.size === 0;
  }

  /** Resolves once no connection is open. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      if (this.isIdle) resolve();
      else this.#onIdle.push(resolve);
    });
  }

  destroyAll(reason: string): void {
    for (const connection of this.#open) connection.destroy(reason);
  }

  #track(inner: Connection): Connection {
    const connection = new TrackedConnection(inner, () => {
      this.#open.delete(connection);
      if (this.#open.size > 0) return;
      for (const resolve of this.#onIdle.splice(0)) resolve();
    });
    this.#open.add(connection);
    return connection;
  }
}

class TrackedConnection implements Connection {
  readonly remote: string;
  readonly #inner: Connection;
  readonly #onGone: () => void;

  constructor(inner: Connection, onGone: () => void) {
    this.remote = inner.remote;
    this.#inner = inner;
    this.#onGone = onGone;
    this.attach({ onClose() {}, onMessage() {}, onOpen() {} });
  }

  get backlog(): number {
    return this.#inner.backlog;
  }

  attach(handlers: ConnectionHandlers): void {
    this.#inner.attach({
      onOpen: () => handlers.onOpen(),
      onMessage: (bytes) => handlers.onMessage(bytes),
      onClose: (reason, misused) => {
        this.#onGone();
        handlers.onClose(reason, misused);
      },
    });
  }

  send(bytes: Uint8Array): void {
    this.#inner.send(bytes);
  }

  close(reason: string): void {
    this.#inner.close(reason);
  }

  destroy(reason: string): void {
    this.#inner.destroy(reason);
  }
}
