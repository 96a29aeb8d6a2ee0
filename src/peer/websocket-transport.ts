/**
 * Transport over WebSockets: one binary WebSocket message is one message. The only file that knows
 * ws.
 *
 * Every listener on a socket lives here, and none throws: what goes wrong becomes the reason of
 * `onClose`.
 */

import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ClientOptions, type ServerOptions, WebSocket, WebSocketServer } from 'ws';
import type { TlsOptions } from './options.ts';
import type { Connection, ConnectionHandlers, Listener, Transport } from './transport.ts';
import {
  authorityOf,
  copied,
  listenOnPort,
  listenOnServer,
  type OnUpgrade,
  type SharedServer,
} from './upgrade-listener.ts';

export interface WebSocketTransportOptions {
  /** Where to listen; absent for a peer that only dials. */
  readonly listen?: { readonly host?: string; readonly port: number } | SharedServer;
  /** For `wss`: shown to whom we dial, and to who dials our own port. */
  readonly tls?: TlsOptions;
  readonly limits?: Partial<WebSocketLimits>;
}

/** A bound for everything that the other end could make grow. */
export interface WebSocketLimits {
  /** How long the closing handshake may take before the socket is destroyed. */
  readonly closeTimeoutMs: number;
  /** How long TCP, TLS and the upgrade may take together. */
  readonly handshakeTimeoutMs: number;
  /** Bytes of a message. */
  readonly messageBytesMax: number;
  /** Accepted sockets that have not asked for their upgrade. */
  readonly strangersMax: number;
}

export const defaultWebSocketLimits: WebSocketLimits = Object.freeze({
  closeTimeoutMs: 1_000,
  handshakeTimeoutMs: 5_000,
  messageBytesMax: 1024 * 1024,
  strangersMax: 256,
});

/** The types of ws do not know `closeTimeout` yet. */
interface CloseTimeout {
  readonly closeTimeout: number;
}

export class WebSocketTransport implements Transport {
  readonly #listen: WebSocketTransportOptions['listen'];
  readonly #tls: TlsOptions | undefined;
  readonly #limits: WebSocketLimits;

  constructor(options: WebSocketTransportOptions) {
    this.#listen = options.listen;
    this.#tls = options.tls;
    this.#limits = { ...defaultWebSocketLimits, ...options.limits };
  }

  async listen(onConnection: (connection: Connection) => void): Promise<Listener> {
    const address = this.#listen;
    if (address === undefined) throw new TypeError('Cannot listen: no listen address was given');
    const serverOptions: ServerOptions & CloseTimeout = {
      ...this.#shared(),
      clientTracking: false,
      noServer: true,
    };
    const upgrader = new WebSocketServer(serverOptions);
    const onUpgrade: OnUpgrade = (request, socket, head) => {
      acceptUpgrade(upgrader, { request, socket, head }, onConnection);
    };
    if ('server' in address) return listenOnServer(address, onUpgrade);
    const { handshakeTimeoutMs, strangersMax } = this.#limits;
    const tls = this.#tls === undefined ? {} : { tls: this.#tls };
    return listenOnPort({ ...address, ...tls, handshakeTimeoutMs, strangersMax }, onUpgrade);
  }

  dial(url: string): Connection {
    const { ca, cert, key } = this.#tls ?? {};
    const options: ClientOptions & CloseTimeout = {
      ...this.#shared(),
      ...(ca === undefined ? {} : { ca: copied(ca) }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
      followRedirects: false,
      handshakeTimeout: this.#limits.handshakeTimeoutMs,
    };
    try {
      return new WebSocketConnection(new WebSocket(url, options), new URL(url).host);
    } catch (error) {
      return new FailedConnection(url, `Cannot dial ${url}: ${messageOf(error)}`);
    }
  }

  #shared(): Pick<
    ServerOptions,
    'maxBufferedChunks' | 'maxFragments' | 'maxPayload' | 'perMessageDeflate'
  > &
    CloseTimeout {
    return {
      closeTimeout: this.#limits.closeTimeoutMs,
      // We never send fragments; a few are tolerated for the sake of proxies.
      maxBufferedChunks: 4_096,
      maxFragments: 64,
      maxPayload: this.#limits.messageBytesMax,
      perMessageDeflate: false,
    };
  }
}

interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}

function acceptUpgrade(
  upgrader: WebSocketServer,
  upgrade: Upgrade,
  onConnection: (connection: Connection) => void,
): void {
  const { remoteAddress, remotePort } = upgrade.request.socket;
  const remote = authorityOf(remoteAddress ?? 'unknown', remotePort ?? 0);
  try {
    upgrader.handleUpgrade(upgrade.request, upgrade.socket, upgrade.head, (socket) => {
      const connection = new WebSocketConnection(socket, remote);
      try {
        onConnection(connection);
      } catch (error) {
        connection.destroy(messageOf(error));
      }
    });
  } catch {
    // The application handed the same socket to two upgraders: it is of no use to either.
    upgrade.socket.destroy();
  }
}

class WebSocketConnection implements Connection {
  readonly remote: string;
  readonly #socket: WebSocket;
  #handlers: ConnectionHandlers = noHandlers;
  /** Why it closes, once somebody knows; what is learned first is the cause of what follows. */
  #reason: string | undefined;
  /** Whether our side has asked to close: nothing that comes later is of interest. */
  #closing = false;
  #misused = false;

  constructor(socket: WebSocket, remote: string) {
    this.remote = remote;
    this.#socket = socket;
    socket.on('open', () => this.#guard(() => this.#handlers.onOpen()));
    socket.on('message', (data, isBinary) => this.#onMessage(data, isBinary));
    socket.on('error', (error) => {
      this.#misused ||= isMisuse(error);
      this.#reason ??= messageOf(error);
    });
    socket.on('close', (code, reason) => this.#onClose(code, reason));
  }

  get backlog(): number {
    return this.#socket.bufferedAmount;
  }

  attach(handlers: ConnectionHandlers): void {
    this.#handlers = handlers;
  }

  send(bytes: Uint8Array): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    // Without a copy or a callback: ws may keep the bytes until the socket drains, and a failure
    // closes the socket, which tells.
    this.#socket.send(bytes);
  }

  close(reason: string): void {
    if (this.#closing) return;
    this.#closing = true;
    this.#reason ??= reason;
    this.#socket.close(1000, closeReason(reason));
  }

  destroy(reason: string): void {
    this.#closing = true;
    this.#reason ??= reason;
    this.#socket.terminate();
  }

  #onMessage(data: unknown, isBinary: boolean): void {
    if (this.#closing) return;
    if (isBinary && Buffer.isBuffer(data)) this.#guard(() => this.#handlers.onMessage(data));
    else this.#refuseText();
  }

  #refuseText(): void {
    this.#misused = true;
    this.destroy('The other end sent text');
  }

  #onClose(code: number, reason: Buffer): void {
    this.#closing = true;
    const handlers = this.#handlers;
    this.#handlers = noHandlers;
    try {
      handlers.onClose(this.#reason ?? describeClose(code, reason), this.#misused);
    } catch {
      // The connection is gone already; whoever threw has had its chance to report.
    }
  }

  /** An exception in a handler ends this connection, and not the process. */
  #guard(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.destroy(messageOf(error));
    }
  }
}

/** A dial that failed before there was a socket. */
class FailedConnection implements Connection {
  readonly backlog = 0;
  readonly remote: string;
  #handlers: ConnectionHandlers = noHandlers;

  constructor(remote: string, reason: string) {
    this.remote = remote;
    queueMicrotask(() => this.#handlers.onClose(reason, false));
  }

  attach(handlers: ConnectionHandlers): void {
    this.#handlers = handlers;
  }

  send(): void {}
  close(): void {}
  destroy(): void {}
}

/** The codes that ws gives to what its receiver refuses: too large, malformed, too many parts. */
function isMisuse(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return typeof error.code === 'string' && error.code.startsWith('WS_ERR_');
}

const noHandlers: ConnectionHandlers = { onClose() {}, onMessage() {}, onOpen() {} };

function describeClose(code: number, reason: Buffer): string {
  if (reason.length > 0) return `Closed by the other end: ${reason.toString()}`;
  return code === 1006 ? 'Connection lost' : `Closed by the other end with code ${code}`;
}

/** At most 123 bytes of UTF-8, as WebSocket takes. */
function closeReason(reason: string): string {
  let short = reason.slice(0, 123);
  while (Buffer.byteLength(short) > 123) short = short.slice(0, -1);
  return short;
}

/** A dial to several addresses fails with several errors and no message of its own. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') {
    return error.errors.map(messageOf).join('; ');
  }
  return error instanceof Error ? error.message : String(error);
}
