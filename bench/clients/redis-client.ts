/**
 * A lock in one Redis: `SET key id NX PX`, and a script that deletes the key if it is still ours.
 * Whoever finds the key taken asks again after a while.
 */

import { type Held, type LockClient, leaseMs } from './lock-client.ts';
import { load } from './packages.ts';
import { Polling } from './polling.ts';

/** What is used of ioredis. */
export interface Redis {
  set(key: string, value: string, px: 'PX', ms: number, nx: 'NX'): Promise<'OK' | null>;
  connect(): Promise<void>;
  disconnect(): void;
}

interface RedisWithScript extends Redis {
  deleteIfOurs(key: string, value: string): Promise<number>;
}

interface RedisOptions {
  readonly host: string;
  readonly lazyConnect: boolean;
  readonly port: number;
  readonly scripts?: Readonly<Record<string, { readonly lua: string; readonly numberOfKeys: 1 }>>;
}

interface IoRedis {
  readonly Redis: new (options: RedisOptions) => RedisWithScript;
}

const deleteIfOurs = {
  lua: `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end
    return 0`,
  numberOfKeys: 1,
} as const;

/** With the client's own defaults: automatic pipelining makes one pair slower, and 64 no faster. */
export async function dialRedis(port: number): Promise<RedisWithScript> {
  const { Redis } = await load<IoRedis>('ioredis');
  const redis = new Redis({
    host: '127.0.0.1',
    lazyConnect: true,
    port,
    scripts: { deleteIfOurs },
  });
  await redis.connect();
  return redis;
}

export async function connectRedis(port: number): Promise<LockClient> {
  const redis = await dialRedis(port);
  const polling = new Polling({ delayMs: 1, jitterMs: 0 });
  let count = 0;
  const attempt = async (key: string, value: string): Promise<Held | null> => {
    if ((await redis.set(key, value, 'PX', leaseMs, 'NX')) === null) return null;
    return {
      release: async () => {
        await redis.deleteIfOurs(key, value);
      },
    };
  };
  return {
    acquire: (key) => {
      count += 1;
      const value = `${process.pid}:${count}`;
      return polling.until(() => attempt(key, value));
    },
    giveUp: () => polling.giveUp(),
    close: async () => redis.disconnect(),
  };
}
