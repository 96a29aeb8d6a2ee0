/**
 * Listens for HTTP upgrades: on a port of its own, or on a server of the application's. What they
 * become is websocket-transport.ts's.
 *
 * Until a connection has asked for its upgrade it is a stranger's: bounded in number and time, and
 * cut when the listener closes.
 */

import { createServer, type Server as HttpServer, type IncomingMessage } from 'node:http';
import { createServer as createSecureServer, type Server as HttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { ConfigError } from './errors.ts';
import type { TlsOptions } from './options.ts';
import type { Listener } from './transport.ts';

export type OnUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** A port of our own. */
export interface OwnPort {
  readonly host?: string;
  /** 0 takes any free one. */
  readonly port: number;
  readonly tls?: TlsOptions;
  /** How long a connection may take until it asks for its upgrade, in milliseconds. */
  readonly handshakeTimeoutMs: number;
  /** How many connections may be on their way there; beyond it the oldest is cut. */
  readonly strangersMax: number;
}

/** A server that the application made, makes listen, and closes. */
export interface SharedServer {
  readonly server: HttpServer | HttpsServer;
  /** Upgrades to other paths are left to the application. */
  readonly path: string;
}

/** Begins to listen on a port of our own. */
export async function listenOnPort(options: OwnPort, onUpgrade: OnUpgrade): Promise<Listener> {
  const server = createOwnServer(options);
  const strangers = new Strangers(options.strangersMax);
  server.on('connection', (socket: Socket) => strangers.add(socket));
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    strangers.delete(request.socket);
    onUpgrade(request, socket, head);
  });
  // Plain requests keep their connection from counting as a stranger's no longer than others.
  server.on('request', (_request, response) => {
    response.writeHead(426, { Connection: 'close', 'Content-Type': 'text/plain' });
    response.end('Upgrade Required\n');
  });
  await open(server, options);
  // What fails later is one connection that could not be accepted (too many open files, say): it is
  // the dialling side that learns of it.
  server.on('error', () => {});
  return {
    url: urlOf(server, options.tls !== undefined, '/'),
    async close(): Promise<void> {
      server.close();
      strangers.destroy();
    },
  };
}

/** Takes upgrades from a server of the application's, whether it listens yet or not. */
export function listenOnServer(options: SharedServer, onUpgrade: OnUpgrade): Listener {
  const { server, path } = options;
  const listener = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    if (pathOf(request) === path) {
      onUpgrade(request, socket, head);
      return;
    }
    // With nobody else listening for upgrades, the connection would hang for ever.
    if (server.listenerCount('upgrade') > 1) return;
    socket.on('error', () => {});
    socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n', () =>
      socket.destroy(),
    );
  };
  server.on('upgrade', listener);
  return {
    get url(): string {
      return urlOf(server, 'setSecureContext' in server, path);
    },
    async close(): Promise<void> {
      server.off('upgrade', listener);
    },
  };
}

function createOwnServer(options: OwnPort): HttpServer | HttpsServer {
  const limits = {
    connectionsCheckingInterval: Math.min(1_000, options.handshakeTimeoutMs),
    headersTimeout: options.handshakeTimeoutMs,
    keepAliveTimeout: 1,
    maxHeaderSize: 8 * 1024,
    requestTimeout: options.handshakeTimeoutMs,
  };
  if (options.tls === undefined) return createServer(limits);
  const { ca, cert, key } = options.tls;
  try {
    return createSecureServer({
      ...limits,
      ...(ca === undefined ? {} : { ca: copied(ca), requestCert: true, rejectUnauthorized: true }),
      cert,
      key,
      handshakeTimeout: options.handshakeTimeoutMs,
    });
  } catch (error) {
    throw new ConfigError(
      `Cannot use tls: cert, key and ca must be PEM and match, received ${messageOf(error)}`,
      { field: 'tls', cause: error },
    );
  }
}

/** Node's types want a mutable list. */
export function copied(
  ca: string | Buffer | readonly (string | Buffer)[],
): string | Buffer | (string | Buffer)[] {
  return typeof ca === 'string' || Buffer.isBuffer(ca) ? ca : [...ca];
}

function open(server: HttpServer | HttpsServer, options: OwnPort): Promise<void> {
  const { host, port } = options;
  return new Promise((resolve, reject) => {
    const onError = (error: Error): void => reject(describeListenError(error, options));
    server.once('error', onError);
    // Without `exclusive` the workers of node:cluster would share one port, and so be one peer.
    server.listen({ ...(host === undefined ? {} : { host }), port, exclusive: true }, () => {
      server.off('error', onError);
      resolve();
    });
  });
}

function describeListenError(error: NodeJS.ErrnoException, options: OwnPort): ConfigError {
  const { host, port } = options;
  const where = host === undefined ? `port ${port}` : authorityOf(host, port);
  const field = error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND' ? 'host' : 'port';
  return new ConfigError(`Cannot listen on ${where}: ${explainListenError(error, options)}`, {
    field: `listen.${field}`,
    cause: error,
  });
}

function explainListenError(error: NodeJS.ErrnoException, options: OwnPort): string {
  switch (error.code) {
    case 'EADDRINUSE':
      return (
        'the port is in use; stop the other program or choose another port ' +
        '(0 picks a free one)'
      );
    case 'EACCES':
      return 'permission was denied; choose a port above 1023 or grant the right to bind this one';
    case 'EADDRNOTAVAIL':
      return `no interface of this machine has the address ${options.host}; choose one that it has`;
    case 'ENOTFOUND':
      return `the host name ${options.host} does not resolve; give an address of this machine`;
    default:
      return messageOf(error);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Where the server listens; `''` before it does. */
function urlOf(server: HttpServer | HttpsServer, secure: boolean, path: string): string {
  const address = server.address();
  if (address === null || typeof address === 'string') return '';
  const authority = authorityOf(dialableHost(address), address.port);
  return `${secure ? 'wss' : 'ws'}://${authority}${path === '/' ? '' : path}`;
}

/** Nobody can dial the address that stands for all addresses. */
function dialableHost(address: AddressInfo): string {
  return address.address === '::' || address.address === '0.0.0.0' ? 'localhost' : address.address;
}

/** `host:port`, as in urls. */
export function authorityOf(host: string, port: number): string {
  if (host.startsWith('::ffff:')) return `${host.slice('::ffff:'.length)}:${port}`;
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

function pathOf(request: IncomingMessage): string {
  const url = request.url ?? '/';
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
}

/**
 * Connections that have not asked for their upgrade. Known by the other end's address, since with
 * TLS the socket that asks is not the one that was accepted.
 */
class Strangers {
  readonly #max: number;
  readonly #sockets = new Map<string, Socket>();

  constructor(max: number) {
    this.#max = max;
  }

  add(socket: Socket): void {
    const key = keyOf(socket);
    this.#sockets.set(key, socket);
    socket.once('close', () => {
      if (this.#sockets.get(key) === socket) this.#sockets.delete(key);
    });
    if (this.#sockets.size <= this.#max) return;
    const [oldest] = this.#sockets;
    oldest?.[1].destroy();
    if (oldest !== undefined) this.#sockets.delete(oldest[0]);
  }

  delete(socket: Socket): void {
    this.#sockets.delete(keyOf(socket));
  }

  destroy(): void {
    for (const socket of this.#sockets.values()) socket.destroy();
    this.#sockets.clear();
  }
}

function keyOf(socket: Socket): string {
  return `${socket.remoteAddress} ${socket.remotePort}`;
}
