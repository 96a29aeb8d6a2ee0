/**
 * From what a process is told to be to what it is.
 */

import { serveCentral } from '../servers/central-server.ts';
import { serveEcho } from '../servers/echo-server.ts';
import { connectCentral } from './central-client.ts';
import { connectEtcd } from './etcd-client.ts';
import { connectFloor } from './floor-client.ts';
import type { LockClient } from './lock-client.ts';
import { connectLockmesh } from './lockmesh-client.ts';
import { connectPostgres } from './postgres-client.ts';
import { connectRedis } from './redis-client.ts';
import { connectRedlock } from './redlock-client.ts';
import type { ClientSetup, ProcessSetup } from './setup.ts';

/** A client that locks, or a server on a port. */
export type Role =
  | { readonly role: 'client'; readonly client: LockClient }
  | { readonly role: 'server'; readonly port: number };

export async function takeRole(setup: ProcessSetup): Promise<Role> {
  switch (setup.type) {
    case 'central-server':
      return { role: 'server', port: await serveCentral() };
    case 'echo-server':
      return { role: 'server', port: await serveEcho() };
    default:
      return { role: 'client', client: await connect(setup) };
  }
}

function connect(setup: ClientSetup): Promise<LockClient> {
  switch (setup.type) {
    case 'lockmesh':
      return connectLockmesh(setup);
    case 'central':
      return connectCentral(setup.port);
    case 'floor':
      return connectFloor(setup);
    case 'redis':
      return connectRedis(setup.port);
    case 'redlock':
      return connectRedlock(setup.ports);
    case 'etcd':
      return connectEtcd(setup.ports);
    case 'postgres':
      return connectPostgres(setup.port);
  }
}
