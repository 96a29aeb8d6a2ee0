/**
 * Ports of loopback that nobody uses.
 */

import { createConnection, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * So many of them, all different, and below those that the machine gives to outgoing connections:
 * one of these would else take a port now and then before its listener is there.
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

/** Whether somebody accepts connections there. */
export function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port });
    const answer = (is: boolean): void => {
      socket.destroy();
      resolve(is);
    };
    socket.once('connect', () => answer(true));
    socket.once('error', () => answer(false));
  });
}

/** Asks again and again until `isReady`; an error after `withinMs`. */
export async function untilReady(
  what: string,
  isReady: () => Promise<boolean>,
  withinMs = 20_000,
): Promise<void> {
  const endMs = performance.now() + withinMs;
  while (!(await isReady())) {
    if (performance.now() > endMs) throw new Error(`${what} was not ready within ${withinMs} ms`);
    await sleep(50);
  }
}
