/** Ports for listeners in other processes. */

import { createServer } from 'node:net';

/**
 * Ports of this machine that are free, below those that it gives to outgoing connections: one of
 * these, such as that of a peer which dials the others, would else take a port now and then before
 * its listener is there.
 */
export async function freePorts(count: number): Promise<readonly number[]> {
  const ports: number[] = [];
  for (let port = 10_000 + Math.floor(Math.random() * 20_000); ports.length < count; port += 1) {
    if (await isFree(port)) ports.push(port);
  }
  return ports;
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen({ host: '127.0.0.1', port }, () => server.close(() => resolve(true)));
  });
}
