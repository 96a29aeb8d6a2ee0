/**
 * A mesh of three peers in three processes on loopback: one here, two in processes of their own.
 */

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createPeer, type Peer } from 'lockmesh';
import { type MemberNews, type MemberOrder, type MemberSetup, optionsOf } from './messages.ts';

/** `peer` runs in this process; each of `members` in one of its own. */
export interface Mesh {
  readonly peer: Peer;
  readonly members: readonly [Member, Member];
}

/** Another process, with a peer and an echo server. */
export class Member {
  readonly #setup: MemberSetup;
  readonly #process: ChildProcess;
  readonly echoPort: number;

  private constructor(setup: MemberSetup, process: ChildProcess, echoPort: number) {
    this.#setup = setup;
    this.#process = process;
    this.echoPort = echoPort;
  }

  /** Starts the process; until its peer is ready. */
  static async start(setup: MemberSetup): Promise<Member> {
    const file = fileURLToPath(new URL('./member.js', import.meta.url));
    const child = fork(file, [JSON.stringify(setup)]);
    running.add(child);
    child.once('exit', () => running.delete(child));
    const { echoPort } = await newsOf(child, 'ready');
    return new Member(setup, child, echoPort);
  }

  /** Starts it anew after it has ended. */
  again(): Promise<Member> {
    return Member.start(this.#setup);
  }

  async hold(name: string): Promise<void> {
    const holding = newsOf(this.#process, 'holding');
    this.#order({ type: 'hold', name });
    await holding;
  }

  async cpuUsedMs(): Promise<number> {
    const cpu = newsOf(this.#process, 'cpu');
    this.#order({ type: 'cpu' });
    return (await cpu).usedMs;
  }

  /** Has the peer close, and waits until the process has ended. */
  async close(): Promise<void> {
    this.#order({ type: 'close' });
    await this.#ended();
  }

  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#ended();
  }

  #order(order: MemberOrder): void {
    this.#process.send(order);
  }

  async #ended(): Promise<void> {
    const { exitCode, signalCode } = this.#process;
    if (exitCode === null && signalCode === null) await once(this.#process, 'exit');
  }
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export async function startMesh(lease: number): Promise<Mesh> {
  const [a, b, c] = await freePorts();
  const setup = { lease, ports: { a, b, c } };
  const [peer, ...members] = await Promise.all([
    createPeer(optionsOf({ ...setup, id: 'a' })),
    Member.start({ ...setup, id: 'b' }),
    Member.start({ ...setup, id: 'c' }),
  ]);
  await peer.ready();
  return { peer, members };
}

async function newsOf<Type extends MemberNews['type']>(
  child: ChildProcess,
  type: Type,
): Promise<Extract<MemberNews, { readonly type: Type }>> {
  return new Promise((resolve, reject) => {
    const onExit = (): void => reject(new Error(`A process of the benchmark ended early: ${type}`));
    const onMessage = (message: unknown): void => {
      const news = message as MemberNews;
      if (!isOfType(news, type)) return;
      child.off('message', onMessage);
      child.off('exit', onExit);
      resolve(news);
    };
    child.on('message', onMessage);
    child.once('exit', onExit);
  });
}

function isOfType<Type extends MemberNews['type']>(
  news: MemberNews,
  type: Type,
): news is Extract<MemberNews, { readonly type: Type }> {
  return news.type === type;
}

async function freePorts(): Promise<readonly [number, number, number]> {
  const servers = [createServer(), createServer(), createServer()] as const;
  const ports = servers.map(async (server) => {
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const address = server.address();
    return address !== null && typeof address === 'object' ? address.port : 0;
  });
  const [a = 0, b = 0, c = 0] = await Promise.all(ports);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return [a, b, c];
}
