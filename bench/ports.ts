/**
 * Ports of loopback that nobody uses.
 */

import { createConnection } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export { freePorts } from '../test/harness/free-ports.ts';

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
