/**
 * A worker's connection to the register: asks one thing at a time, each answered by yes or no.
 */

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { RegisterRequest } from './messages.ts';

export class RegisterClient {
  readonly #socket: Socket;
  readonly #waiting: ((answer: boolean) => void)[] = [];

  private constructor(socket: Socket) {
    this.#socket = socket.setNoDelay(true);
    createInterface({ input: socket }).on('line', (line) => {
      this.#waiting.shift()?.(line === 'true');
    });
  }

  static async connect(port: number, who: string): Promise<RegisterClient> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    const client = new RegisterClient(socket);
    await client.ask({ type: 'hello', who, pid: process.pid });
    return client;
  }

  ask(request: RegisterRequest): Promise<boolean> {
    this.#socket.write(`${JSON.stringify(request)}\n`);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  close(): void {
    this.#socket.end();
  }
}
