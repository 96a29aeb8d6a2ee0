/**
 * The processes of a mesh of real peers: started, told what to do, stopped and killed. None
 * outlives whoever started it.
 */

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ActName, Acts, Answer, Opening, Order } from './acts.ts';

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

export class Host {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  #orders = 0;

  private constructor() {
    const file = fileURLToPath(new URL('./host.js', import.meta.url));
    this.#process = fork(file, { execArgv: ['--expose-gc'] });
    this.#process.on('message', (answer: Answer) => this.#onAnswer(answer));
    this.#process.once('exit', (code, signal) => {
      const error = new Error(`A process ended with ${signal ?? `code ${code}`}`);
      for (const { reject } of this.#waiting.values()) reject(error);
      this.#waiting.clear();
    });
  }

  /** Starts a process, and opens peers in it. */
  static async start(openings: readonly Opening[]): Promise<Host> {
    const host = new Host();
    await host.tell('open', openings);
    return host;
  }

  /** @throws {Error} what it threw there, or that the process has ended */
  tell<Name extends ActName>(act: Name, given: Acts[Name]['given']): Promise<Acts[Name]['answer']> {
    this.#orders += 1;
    const order: Order<Name> = { number: this.#orders, act, given };
    const told = new Promise<unknown>((resolve, reject) => {
      this.#waiting.set(order.number, { resolve, reject });
    });
    this.#process.send(order);
    return told as Promise<Acts[Name]['answer']>;
  }

  /** It stands still, as a whole. */
  pause(): void {
    this.#process.kill('SIGSTOP');
  }

  resume(): void {
    this.#process.kill('SIGCONT');
  }

  async kill(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    this.#process.kill('SIGKILL');
    await once(this.#process, 'exit');
  }

  #onAnswer({ number, answer, error }: Answer): void {
    const waiting = this.#waiting.get(number);
    this.#waiting.delete(number);
    if (error === null) waiting?.resolve(answer);
    else waiting?.reject(new Error(error));
  }
}
