/**
 * Starts the peers of a mesh, each in a process of its own.
 */

import type { Children } from './children.ts';
import { leaseMs } from './clients/lock-client.ts';
import type { LockmeshSetup } from './clients/setup.ts';
import { freePorts } from './ports.ts';
import type { Running } from './running.ts';
import { startProcess, type WorkerProcess } from './worker-process.ts';

/** How many processes take locks, of any system. */
export const clientProcesses = 3;

export interface MeshSpec {
  readonly voters: number;
  /** So many peers without a vote, which then are the clients: 0, unless given. */
  readonly members?: number;
  /** So many of the voters for each name; all of them, unless given. */
  readonly replicas?: number;
  /** The default, unless given. */
  readonly leaseMs?: number;
  /** Whether all clients but the first keep what they release, until others want it. */
  readonly lingers?: boolean;
  /** Whether all count the messages that they send and hear. */
  readonly counts?: boolean;
  /** Flags of Node for the first client. */
  readonly nodeFlags?: readonly string[];
  /** Whether engines leave their heaps as they are while there is nothing to do. */
  readonly calm?: boolean;
}

/** The clients are the members, or three of the voters where there are none. */
export async function startMesh(children: Children, spec: MeshSpec): Promise<Running> {
  const {
    members = 0,
    replicas = null,
    lingers = false,
    counts = false,
    nodeFlags = [],
    calm = false,
  } = spec;
  const ports = await freePorts(spec.voters);
  const voters = Object.fromEntries(ports.map((port, at) => [`v${at}`, port]));
  const voterIds = Object.keys(voters);
  const memberIds = Array.from({ length: members }, (_, at) => `m${at}`);
  const clientIds = members > 0 ? memberIds : voterIds.slice(0, clientProcesses);
  const start = (id: string): Promise<WorkerProcess> => {
    const isFirst = id === clientIds[0];
    const setup: LockmeshSetup = {
      type: 'lockmesh',
      id,
      voters,
      leaseMs: spec.leaseMs ?? leaseMs,
      members: members > 0,
      replicas,
      locks: clientIds.includes(id),
      lingers: lingers && clientIds.includes(id) && !isFirst,
      counts,
    };
    const calmly = calm ? ['--no-memory-reducer'] : [];
    return startProcess(setup, children, isFirst ? [...nodeFlags, ...calmly] : calmly);
  };
  const [clients, others] = await Promise.all([
    Promise.all(clientIds.map(start)),
    Promise.all(voterIds.filter((id) => !clientIds.includes(id)).map(start)),
  ]);
  return { clients, others, services: [] };
}
