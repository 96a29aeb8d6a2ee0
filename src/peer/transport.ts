/**
 * What the links need of a network: connections that carry whole messages in order, or break. The
 * WebSocket transport implements it for production; an in-memory one for tests and simulation.
 * Handshake, redial and authentication sit above it (handshake.ts, links.ts).
 */

/** Opens and accepts connections. */
export interface Transport {
  /**
   * Starts accepting connections.
   *
   * @param onConnection called with each accepted connection, already open; attach handlers before
   * returning
   * @throws {ConfigError} when the address cannot be listened on, saying why and what to do
   */
  listen(onConnection: (connection: Connection) => void): Promise<Listener>;
  /**
   * Begins to open a connection; the outcome comes as `onOpen` or `onClose`, never synchronously.
   */
  dial(url: string): Connection;
}

export interface Listener {
  /**
   * Where peers may dial, e.g. `ws://127.0.0.1:7400`; `''` while a shared server does not listen.
   */
  readonly url: string;
  /** Stops accepting; connections that stand are left alone. */
  close(): Promise<void>;
}

/**
 * One connection. Messages arrive whole, in order, once; or it closes. Handlers are never called
 * from within one of its methods, and after `close` or `destroy` only `onClose` is.
 */
export interface Connection {
  /** The other end, for people: `10.0.0.2:51234`. */
  readonly remote: string;
  /** Bytes accepted by `send` that have not left yet. */
  readonly backlog: number;
  /** Takes the place of any handlers attached before. */
  attach(handlers: ConnectionHandlers): void;
  /**
   * Never throws; on a connection that is not open the bytes are lost. They are given away: nobody
   * may change them any more, neither who sends them nor the connection.
   */
  send(bytes: Uint8Array): void;
  /**
   * Closes after what was sent; `onClose` follows, within a bounded time. The other end is told
   * why.
   */
  close(reason: string): void;
  /** Closes at once; what was not sent is lost. `onClose` follows. */
  destroy(reason: string): void;
}

export interface ConnectionHandlers {
  /** A dialled connection stands. Not called for accepted ones. */
  onOpen(): void;
  /** The bytes are the receiver's to keep until it returns. */
  onMessage(bytes: Uint8Array): void;
  /**
   * The connection is gone, or never stood; called once, last. The reason is for people: what
   * `close` or `destroy` was given here, or what came from the other end or the network.
   *
   * @param misused whether it was closed because the other end broke the rules of the transport:
   * sent a message that is too large, or of another kind
   */
  onClose(reason: string, misused: boolean): void;
}
