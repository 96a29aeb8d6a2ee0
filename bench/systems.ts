/**
 * The systems that are measured: what each needs, how it is started, and what can be asked of it.
 *
 * Contenders run in three client processes, of which the first is also the one that is measured
 * alone. Where a peer votes and locks, the client processes are the voters; where servers do, they
 * are processes of their own. Nobody is bound to a core.
 */

import type { Children } from './children.ts';
import { isInstalled } from './clients/packages.ts';
import type { ClientSetup, LockmeshSetup } from './clients/setup.ts';
import { freePorts } from './ports.ts';
import { postgresProgramAt, programAt } from './servers/programs.ts';
import { startEtcd, startPostgres, startRedis } from './servers/services.ts';
import type { SystemName } from './system-names.ts';
import { startProcess, type WorkerProcess } from './worker-process.ts';

/** A system that runs. */
export interface Running {
  /** Those that take locks; the first is the one that is measured alone. */
  readonly clients: readonly WorkerProcess[];
  /** Peers that only vote, and bare servers. */
  readonly others: readonly WorkerProcess[];
  /** Servers that are not ours. */
  readonly services: readonly number[];
}

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

const clientProcesses = 3;
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
  'lockmesh-1': { ...mesh, start: (children) => startMesh(children, 1, 'members') },
  'lockmesh-3': { ...queues, start: (children) => startMesh(children, 3, 'voters') },
  'lockmesh-5': { ...mesh, start: (children) => startMesh(children, 5, 'voters') },
  'lockmesh-7': { ...mesh, start: (children) => startMesh(children, 7, 'voters') },
  'lockmesh-member': { ...mesh, start: (children) => startMesh(children, 3, 'members') },
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

/** The ids of all processes that a system keeps busy, but for those that they start. */
export function pidsOf({ clients, others, services: pids }: Running): readonly number[] {
  return [...clients, ...others].map(({ pid }) => pid).concat(pids);
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

/**
 * The clients are three of the voters, or members. The first of them is started with these flags
 * of Node.
 */
export async function startMesh(
  children: Children,
  voterCount: number,
  clientsAre: 'voters' | 'members',
  nodeFlags: readonly string[] = [],
): Promise<Running> {
  const ports = await freePorts(voterCount);
  const voters = Object.fromEntries(ports.map((port, at) => [`v${at}`, port]));
  const members = clientsAre === 'members';
  const voterIds = Object.keys(voters);
  const memberIds = members ? Array.from({ length: clientProcesses }, (_, at) => `m${at}`) : [];
  const clientIds = members ? memberIds : voterIds.slice(0, clientProcesses);
  const start = (id: string): Promise<WorkerProcess> => {
    const locks = clientIds.includes(id);
    const setup: LockmeshSetup = { type: 'lockmesh', id, voters, members, locks };
    return startProcess(setup, children, id === clientIds[0] ? nodeFlags : []);
  };
  const [clients, others] = await Promise.all([
    Promise.all(clientIds.map(start)),
    Promise.all(voterIds.filter((id) => !clientIds.includes(id)).map(start)),
  ]);
  return { clients, others, services: [] };
}
