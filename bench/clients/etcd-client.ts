/**
 * The lock of the etcd3 package over an etcd cluster: a lease, and a key that must not exist yet.
 * It keeps no queue: it is asked again after a while.
 */

import { type Held, type LockClient, leaseMs } from './lock-client.ts';
import { load } from './packages.ts';
import { Polling } from './polling.ts';

interface EtcdLock {
  ttl(seconds: number): EtcdLock;
  acquire(): Promise<EtcdLock>;
  release(): Promise<void>;
}

interface Etcd {
  lock(key: string): EtcdLock;
  close(): void;
}

interface Etcd3Package {
  readonly Etcd3: new (options: { readonly hosts: readonly string[] }) => Etcd;
  readonly EtcdLockFailedError: new () => Error;
}

export async function connectEtcd(ports: readonly number[]): Promise<LockClient> {
  const { Etcd3, EtcdLockFailedError } = await load<Etcd3Package>('etcd3');
  const etcd = new Etcd3({ hosts: ports.map((port) => `http://127.0.0.1:${port}`) });
  const polling = new Polling({ delayMs: 1, jitterMs: 0 });
  const attempt = async (key: string): Promise<Held | null> => {
    const lock = etcd.lock(key).ttl(leaseMs / 1_000);
    try {
      return await lock.acquire();
    } catch (error) {
      if (error instanceof EtcdLockFailedError) return null;
      throw error;
    }
  };
  return {
    acquire: (key) => polling.until(() => attempt(key)),
    giveUp: () => polling.giveUp(),
    close: async () => etcd.close(),
  };
}
