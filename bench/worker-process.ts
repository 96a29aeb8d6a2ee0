/**
 * A process of the benchmark as its conductor sees it: calls go in, answers come back.
 */

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { AnswerOf, CallName, News, Order, OrderOf } from './calls.ts';
import { type Children, hasEnded } from './children.ts';
import type { ProcessSetup } from './clients/setup.ts';

interface Pending {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

const file = fileURLToPath(new URL('./worker.js', import.meta.url));

export class WorkerProcess {
  readonly pid: number;
  /** Where a bare server listens; 0 for a client. */
  readonly port: number;
  readonly #child: ChildProcess;
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;

  constructor(child: ChildProcess, port: number) {
    this.pid = child.pid ?? 0;
    this.port = port;
    this.#child = child;
    child.on('message', (news: News) => this.#onNews(news));
    child.once('exit', () => this.#onExit());
  }

  call<Name extends CallName>(name: Name, order: OrderOf<Name>): Promise<AnswerOf<Name>> {
    return new Promise((resolve, reject) => {
      const id = this.#nextId;
      this.#nextId += 1;
      this.#pending.set(id, { resolve: (answer) => resolve(answer as AnswerOf<Name>), reject });
      const message: Order = { id, name, order };
      this.#child.send(message);
    });
  }

  /** Has it leave, and waits until the process has ended. */
  async close(): Promise<void> {
    void this.call('close', null).catch(() => {});
    await this.ended();
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.ended();
  }

  async ended(): Promise<void> {
    if (!hasEnded(this.#child)) await once(this.#child, 'exit');
  }

  #onNews(news: News): void {
    if (news.type === 'ready') return;
    const pending = this.#pending.get(news.id);
    this.#pending.delete(news.id);
    if (news.type === 'answer') pending?.resolve(news.answer);
    else pending?.reject(new Error(news.reason));
  }

  #onExit(): void {
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of pending) reject(new Error('A process of the benchmark has ended'));
  }
}

/** Starts a process, with these flags of Node; until it is ready for calls. */
export async function startProcess(
  setup: ProcessSetup,
  children: Children,
  nodeFlags: readonly string[] = [],
): Promise<WorkerProcess> {
  const child = fork(file, [JSON.stringify(setup)], {
    execArgv: ['--expose-gc', ...nodeFlags],
    serialization: 'advanced',
  });
  children.add(child, 'SIGKILL');
  const news = await firstNews(child, setup);
  return new WorkerProcess(child, news.type === 'ready' ? news.port : 0);
}

async function firstNews(child: ChildProcess, setup: ProcessSetup): Promise<News> {
  const ended = once(child, 'exit').then(() => {
    throw new Error(`A process of the benchmark ended before it was ready: ${setup.type}`);
  });
  const [news] = await Promise.race([once(child, 'message'), ended]);
  ended.catch(() => {});
  return news;
}
