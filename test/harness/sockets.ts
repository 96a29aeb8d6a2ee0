/**
 * Real listeners and raw sockets for the tests of the WebSocket transport.
 */

import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import type { Connection, Listener } from '../../src/peer/transport.ts';
import type { WebSocketTransport } from '../../src/peer/websocket-transport.ts';
import { Recorder } from './transport-suite.ts';

export const loopback: { readonly host: string; readonly port: number } = {
  host: '127.0.0.1',
  port: 0,
};

/** A listener of the test's, and what it has accepted. */
export interface Listening {
  readonly listener: Listener;
  readonly accepted: readonly { readonly connection: Connection; readonly events: Recorder }[];
}

/** What a test has opened, to be closed after it. */
export class Cleanups {
  readonly #cleanups: (() => unknown)[] = [];

  add(cleanup: () => unknown): void {
    this.#cleanups.push(cleanup);
  }

  async run(): Promise<void> {
    for (const cleanup of this.#cleanups.splice(0)) await cleanup();
  }

  async listen(transport: WebSocketTransport): Promise<Listening> {
    const accepted: { connection: Connection; events: Recorder }[] = [];
    const listener = await transport.listen((connection) => {
      const events = new Recorder();
      connection.attach(events);
      accepted.push({ connection, events });
    });
    this.add(async () => {
      await listener.close();
      for (const { connection } of accepted) connection.destroy('Test over');
    });
    return { listener, accepted };
  }
}

/** What `promise` rejects with; `undefined` when it does not. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

/** Waits for the event loop, not for time. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await setImmediate();
}

/** A raw socket on which the WebSocket handshake is done. */
export async function upgraded(listenerUrl: string): Promise<Socket> {
  const url = new URL(listenerUrl);
  const socket = connect(Number(url.port), url.hostname);
  socket.on('error', () => {});
  socket.write(
    'GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
  );
  await once(socket, 'data');
  socket.resume();
  return socket;
}

/** A url where nobody listens. */
export async function deadUrl(): Promise<string> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = portOf(server.address());
  server.close();
  await once(server, 'close');
  return `ws://127.0.0.1:${port}`;
}

/** The port that a server listens on. */
export function portOf(address: AddressInfo | string | null): number {
  return address === null || typeof address === 'string' ? 0 : address.port;
}
