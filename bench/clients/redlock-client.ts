/**
 * redlock 5 over three Redis. It keeps no queue: it is asked again until it gives the lock.
 */

import { type Held, type LockClient, leaseMs } from './lock-client.ts';
import { load } from './packages.ts';
import { Polling } from './polling.ts';
import { dialRedis, type Redis } from './redis-client.ts';

interface Redlock {
  acquire(keys: readonly string[], ms: number): Promise<{ release(): Promise<unknown> }>;
  on(event: 'error', listener: () => void): void;
}

interface Settings {
  readonly retryCount: number;
}

interface RedlockPackage {
  readonly default: new (clients: readonly Redis[], settings: Settings) => Redlock;
  /** Too few of the servers gave it. */
  readonly ExecutionError: abstract new (
    ...given: never[]
  ) => Error;
}

/** Redlock's own defaults between two tries. With a few milliseconds, eight who contend starve. */
const pace = { delayMs: 100, jitterMs: 200 };

export async function connectRedlock(ports: readonly number[]): Promise<LockClient> {
  const { default: Redlock, ExecutionError } = await load<RedlockPackage>('redlock');
  const clients = await Promise.all(ports.map(dialRedis));
  const redlock = new Redlock(clients, { retryCount: 0 });
  // It tells here of each server that refused, also when another try follows.
  redlock.on('error', () => {});
  const polling = new Polling(pace);
  const attempt = async (key: string): Promise<Held | null> => {
    try {
      const lock = await redlock.acquire([key], leaseMs);
      return {
        release: async () => {
          await lock.release();
        },
      };
    } catch (error) {
      if (error instanceof ExecutionError) return null;
      throw error;
    }
  };
  return {
    acquire: (key) => polling.until(() => attempt(key)),
    giveUp: () => polling.giveUp(),
    close: async () => {
      for (const client of clients) client.disconnect();
    },
  };
}
