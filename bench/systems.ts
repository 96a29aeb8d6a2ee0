/**
 * The systems that are measured: what each needs, how it is started, and what can be asked of it.
 *
 * Contenders run in three client processes, of which the first is also the one that is measured
 * alone. Where a peer votes and locks, the client processes are the voters; where servers do, they
 * are processes of their own. Nobody is bound to a core.
 */

import type { Children } from './children.ts';
import { isInstalled } from './clients/packages.ts';
import type { ClientSetup } from './clients/setup.ts';
import { clientProcesses, startMesh } from './mesh.ts';
import type { Running } from './running.ts';
import { postgresProgramAt, programAt } from './servers/programs.ts';
import { startEtcd, startPostgres, startRedis } from './servers/services.ts';
import type { SystemName } from './system-names.ts';
import { startProcess } from './worker-process.ts';

export interface System {
  readonly name: SystemName;
  /** What must be installed. */
  readonly needs: readonly Need[];
  /** Whether it excludes; a floor does not. */
  readonly locks: boolean;
  /** How many locks one client holds at once to see what they weigh; 0 where nobody looks. */
  readonly heldMax: number;
  /** How many claims wait for a key to see what it costs, in a queue that the system keeps. */
  readonly waitersMax: number;
  readonly start: (children: Children) => Promise<Running>;
}

export type Need = 'redis-server' | 'etcd' | 'postgres' | 'ioredis' | 'redlock' | 'etcd3' | 'pg';

const many = 10_000;

const services = { locks: true, heldMax: many, waitersMax: 0 };
const queues = { needs: [], locks: true, heldMax: many, waitersMax: many };
const mesh = { needs: [], locks: true, heldMax: 0, waitersMax: 0 };
const floor = { needs: [], locks: false, heldMax: 0, waitersMax: 0 };

const catalogue: Readonly<Record<SystemName, Omit<System, 'name'>>> = {
  'floor-one': { ...floor, start: (children) => startFloor(children, 1, false) },
  'floor-two': { ...floor, start: (children) => startFloor(children, 2, false) },
  'floor-batched': { ...floor, start: (children) => startFloor(children, 2, true) },
  central: { ...queues, start: startCentral },
  'lockmesh-1': {
    ...mesh,
    start: (children) => startMesh(children, { voters: 1, members: clientProcesses }),
  },
  'lockmesh-3': { ...queues, start: (children) => startMesh(children, { voters: 3 }) },
  'lockmesh-5': { ...mesh, start: (children) => startMesh(children, { voters: 5 }) },
  'lockmesh-7': { ...mesh, start: (children) => startMesh(children, { voters: 7 }) },
  'lockmesh-member': {
    ...mesh,
    start: (children) => startMesh(children, { voters: 3, members: clientProcesses }),
  },
  redis: {
    ...services,
    needs: ['redis-server', 'ioredis'],
    start: async (children) => {
      const [server] = await startRedis(children, 1);
      const { pid, port } = server ?? { pid: 0, port: 0 };
      return startClients(children, { type: 'redis', port }, [pid]);
    },
  },
  'redlock-3': {
    ...services,
    needs: ['redis-server', 'ioredis', 'redlock'],
    start: async (children) => {
      const servers = await startRedis(children, 3);
      const ports = servers.map(({ port }) => port);
      const pids = servers.map(({ pid }) => pid);
      return startClients(children, { type: 'redlock', ports }, pids);
    },
  },
  'etcd-3': {
    ...services,
    needs: ['etcd', 'etcd3'],
    heldMax: 1_000,
    start: async (children) => {
      const servers = await startEtcd(children, 3);
      const ports = servers.map(({ port }) => port);
      const pids = servers.map(({ pid }) => pid);
      return startClients(children, { type: 'etcd', ports }, pids);
    },
  },
  postgres: {
    ...services,
    needs: ['postgres', 'pg'],
    // A lock weighs a session, and those are there already.
    heldMax: 0,
    start: async (children) => {
      const { pid, port } = await startPostgres(children);
      return startClients(children, { type: 'postgres', port }, [pid]);
    },
  },
};

export function systemOf(name: SystemName): System {
  return { name, ...catalogue[name] };
}

/** What the system needs and is not there. */
export function missingFor({ needs }: System): readonly Need[] {
  return needs.filter((need) => !isThere(need));
}

function isThere(need: Need): boolean {
  switch (need) {
    case 'redis-server':
    case 'etcd':
      return programAt(need) !== null;
    case 'postgres':
      return postgresProgramAt('initdb') !== null && postgresProgramAt('postgres') !== null;
    default:
      return isInstalled(need);
  }
}

async function startClients(
  children: Children,
  setup: ClientSetup,
  pids: readonly number[],
): Promise<Running> {
  const starts = Array.from({ length: clientProcesses }, () => startProcess(setup, children));
  return { clients: await Promise.all(starts), others: [], services: pids };
}

/** With two servers there are as many processes as with three peers. One is sent no releases. */
async function startFloor(
  children: Children,
  serverCount: number,
  batched: boolean,
): Promise<Running> {
  const others = await Promise.all(
    Array.from({ length: serverCount }, () => startProcess({ type: 'echo-server' }, children)),
  );
  const ports = others.map(({ port }) => port);
  const setup: ClientSetup = { type: 'floor', ports, batched, releases: serverCount > 1 };
  return { clients: [await startProcess(setup, children)], others, services: [] };
}

async function startCentral(children: Children): Promise<Running> {
  const server = await startProcess({ type: 'central-server' }, children);
  const running = await startClients(children, { type: 'central', port: server.port }, []);
  return { ...running, others: [server] };
}
