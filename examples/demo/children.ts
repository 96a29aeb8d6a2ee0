/**
 * The processes that the demo starts. None of them outlives it: each is killed by its own pid,
 * whatever ends the demo, Ctrl-C included.
 */

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

/** A process, with the news that it sends and the orders that it takes. */
export class Child<News, Order extends object> {
  readonly #process: ChildProcess;
  #mayExit = false;

  constructor(script: string, argument: string, onNews: (news: News) => void) {
    const file = fileURLToPath(new URL(`./${script}.js`, import.meta.url));
    this.#process = fork(file, [argument]);
    this.#process.on('message', (news) => onNews(news as News));
    this.#process.once('exit', (code, signal) => {
      running.delete(this.#process);
      if (!this.#mayExit) fail(new Error(`${script} ended with ${signal ?? `code ${code}`}`));
    });
    this.#process.once('error', fail);
    running.add(this.#process);
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  order(order: Order): void {
    this.#process.send(order);
  }

  pause(): void {
    this.#process.kill('SIGSTOP');
  }

  resume(): void {
    this.#process.kill('SIGCONT');
  }

  /** Ends the process, and waits until it is gone. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    this.#mayExit = true;
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    this.#process.kill(signal);
    await once(this.#process, 'exit');
  }
}

const running = new Set<ChildProcess>();
let fail: (error: Error) => void = () => {};

/** Rejects when a process ends that should not. */
export const trouble: Promise<never> = new Promise((_, reject) => {
  fail = reject;
});
trouble.catch(() => {}); // whoever waits for it hears of it

/** Kills what is still running. SIGKILL ends a stopped process too. */
export function killAll(): void {
  for (const child of running) child.kill('SIGKILL');
}

/**
 * Ports of this machine that are free, below those that it gives to outgoing connections: one of
 * these, such as that of a peer which dials the others, would else take a port now and then before
 * its listener is there.
 */
export async function freePorts(count: number): Promise<readonly number[]> {
  const ports: number[] = [];
  for (let port = 10_000 + Math.floor(Math.random() * 20_000); ports.length < count; port += 1) {
    if (await isFree(port)) ports.push(port);
  }
  return ports;
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen({ host: '127.0.0.1', port }, () => server.close(() => resolve(true)));
  });
}
