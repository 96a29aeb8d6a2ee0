/**
 * The options under which peers run ws (see src/peer/websocket-transport.ts), for the bare services
 * to run it under the same.
 */

import { once } from 'node:events';
import { type ClientOptions, type ServerOptions, WebSocket, WebSocketServer } from 'ws';

const shared = {
  closeTimeout: 1_000,
  maxBufferedChunks: 4_096,
  maxFragments: 64,
  maxPayload: 1024 * 1024,
  perMessageDeflate: false,
};

const serverOptions: ServerOptions = { ...shared, clientTracking: false };
const clientOptions: ClientOptions = { ...shared, followRedirects: false };

/** Listens on a free port of loopback; returns which. */
export async function serveWs(onSocket: (socket: WebSocket) => void): Promise<number> {
  const server = new WebSocketServer({ ...serverOptions, host: '127.0.0.1', port: 0 });
  server.on('connection', onSocket);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('Listens on no port');
  return address.port;
}

export async function dialWs(port: number): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`, clientOptions);
  await once(socket, 'open');
  return socket;
}
