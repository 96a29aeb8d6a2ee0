/**
 * Starts the servers that lockmesh is compared with: on free ports of loopback, with their data in
 * the folder of the run, and waits until they serve.
 */

import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { get } from 'node:http';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Children } from '../children.ts';
import { freePorts, untilReady } from '../ports.ts';
import {
  areRoot,
  commandOf,
  giveTo,
  postgresProgramAt,
  programAt,
  startProgram,
} from './programs.ts';

const run = promisify(execFile);

/** A server that runs. */
export interface Service {
  readonly pid: number;
  readonly port: number;
}

/** So many Redis, each by itself, that write nothing to disk. */
export async function startRedis(children: Children, count: number): Promise<readonly Service[]> {
  const ports = await freePorts(count);
  return Promise.all(ports.map((port) => startOneRedis(children, port)));
}

async function startOneRedis(children: Children, port: number): Promise<Service> {
  const path = programAt('redis-server') ?? '';
  const settings = { port, bind: '127.0.0.1', save: '', appendonly: 'no', daemonize: 'no' };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, `${value}`]);
  const pid = startProgram({ path, args, signal: 'SIGKILL' }, children);
  await untilReady('Redis', () => answers(port, 'PING\r\n', '+PONG'));
  return { pid, port };
}

/** An etcd cluster of so many; the port is where its clients connect. */
export async function startEtcd(children: Children, count: number): Promise<readonly Service[]> {
  const path = programAt('etcd') ?? '';
  const clientPorts = await freePorts(2 * count);
  const peerPorts = clientPorts.slice(count);
  const cluster = peerPorts.map((port, at) => `n${at}=http://127.0.0.1:${port}`).join(',');
  const starts = peerPorts.map(async (peerPort, at): Promise<Service> => {
    const port = clientPorts[at] ?? 0;
    const args = [
      ...['--name', `n${at}`, '--data-dir', join(children.folder, `etcd-${port}`)],
      ...['--listen-client-urls', `http://127.0.0.1:${port}`],
      ...['--advertise-client-urls', `http://127.0.0.1:${port}`],
      ...['--listen-peer-urls', `http://127.0.0.1:${peerPort}`],
      ...['--initial-advertise-peer-urls', `http://127.0.0.1:${peerPort}`],
      ...['--initial-cluster', cluster, '--initial-cluster-token', `bench-${peerPorts[0]}`],
      ...['--log-level', 'error'],
    ];
    const pid = startProgram({ path, args, signal: 'SIGKILL' }, children);
    await untilReady('etcd', () => isHealthy(port));
    return { pid, port };
  });
  return Promise.all(starts);
}

/** A PostgreSQL that trusts whoever reaches it. */
export async function startPostgres(children: Children): Promise<Service> {
  const [port = 0] = await freePorts(1);
  const folder = join(children.folder, `postgres-${port}`);
  mkdirSync(folder);
  const user = areRoot() ? { user: 'postgres' } : {};
  if (areRoot()) await giveToPostgres(children.folder, folder);
  const initdb = {
    path: postgresProgramAt('initdb') ?? '',
    args: ['-D', folder, '-U', 'postgres', '--auth=trust', '--no-sync'],
    signal: 'SIGKILL' as const,
    ...user,
  };
  const [command = '', ...initArgs] = commandOf(initdb);
  await run(command, initArgs, { cwd: folder });
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 400,
    jit: 'off',
  };
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const path = postgresProgramAt('postgres') ?? '';
  // Upon this signal it ends its sessions, and gives back its shared memory, at once.
  const server = { path, args: ['-D', folder, ...args], signal: 'SIGQUIT' as const, ...user };
  const pid = startProgram(server, children);
  await untilReady('PostgreSQL', () => takesSessions(port));
  return { pid, port };
}

/** The data, and the way to it. */
async function giveToPostgres(...folders: readonly string[]): Promise<void> {
  const idOf = async (flag: string): Promise<number> =>
    Number((await run('id', [flag, 'postgres'])).stdout);
  const [uid, gid] = await Promise.all([idOf('-u'), idOf('-g')]);
  for (const folder of folders) giveTo(folder, uid, gid);
}

/** Whether the one who listens there answers `question` with `answer`. */
function answers(port: number, question: string | Uint8Array, answer: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port }, () => socket.write(question));
    const end = (is: boolean): void => {
      socket.destroy();
      resolve(is);
    };
    socket.once('data', (data) => end(data.toString('latin1').startsWith(answer)));
    socket.once('error', () => end(false));
    socket.once('close', () => end(false));
    socket.setTimeout(1_000, () => end(false));
  });
}

/** Asks to begin a session: while the server starts, it answers that with an error. */
function takesSessions(port: number): Promise<boolean> {
  const body = Buffer.from('\0\x03\0\0user\0postgres\0database\0postgres\0\0', 'latin1');
  const startup = Buffer.alloc(4 + body.length);
  startup.writeInt32BE(startup.length);
  body.copy(startup, 4);
  return answers(port, startup, 'R');
}

function isHealthy(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path: '/health' }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.once('error', () => resolve(false));
    request.setTimeout(1_000, () => request.destroy(new Error('No answer')));
  });
}
