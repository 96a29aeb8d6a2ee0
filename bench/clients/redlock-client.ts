/**
 * redlock 5 over three Redis. It keeps no queue: it is told to ask again until it gets the lock.
 */

import { type LockClient, leaseMs, pollMs } from './lock-client.ts';
import { load } from './packages.ts';
import { dialRedis, type Redis } from './redis-client.ts';

interface Redlock {
  acquire(keys: readonly string[], ms: number): Promise<{ release(): Promise<unknown> }>;
  on(event: 'error', listener: () => void): void;
}

interface Settings {
  /** -1 is for ever. */
  readonly retryCount: number;
  readonly retryDelay: number;
  readonly retryJitter: number;
}

interface RedlockPackage {
  readonly default: new (clients: readonly Redis[], settings: Settings) => Redlock;
}

export async function connectRedlock(ports: readonly number[]): Promise<LockClient> {
  const { default: Redlock } = await load<RedlockPackage>('redlock');
  const clients = await Promise.all(ports.map(dialRedis));
  // With less, eight who ask three servers split their votes again and again.
  const settings = { retryCount: -1, retryDelay: 5 * pollMs, retryJitter: 5 * pollMs };
  const redlock = new Redlock(clients, settings);
  // It tells here of each try that found the key taken.
  redlock.on('error', () => {});
  return {
    acquire: async (key) => {
      const lock = await redlock.acquire([key], leaseMs);
      return {
        release: async () => {
          await lock.release();
        },
      };
    },
    close: async () => {
      for (const client of clients) client.disconnect();
    },
  };
}
