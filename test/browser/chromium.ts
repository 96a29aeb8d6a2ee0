/**
 * A headless Chromium, driven over its own protocol; no package is needed for that.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { WebSocket } from 'ws';

/** How long to wait for it to start, and for each answer. */
const patienceMs = 30_000;

const flags: readonly string[] = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--mute-audio'],
  ...['--no-first-run', '--remote-debugging-port=0', '--window-size=1440,860'],
];

interface Answer {
  readonly id?: number;
  readonly sessionId?: string;
  readonly error?: { readonly message: string };
  readonly result?: unknown;
}

/** One page of a browser of its own. */
export class Page {
  readonly #process: ChildProcess;
  readonly #profile: string;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #session: string | undefined;
  #count = 0;

  private constructor(process: ChildProcess, profile: string, socket: WebSocket) {
    this.#process = process;
    this.#profile = profile;
    this.#socket = socket;
    socket.on('message', (data) => {
      const answer = JSON.parse(String(data)) as Answer;
      if (answer.id === undefined) return;
      this.#waiting.get(answer.id)?.(answer);
      this.#waiting.delete(answer.id);
    });
  }

  /** @throws when there is no such program, or it does not start */
  static async open(program: string): Promise<Page> {
    const profile = mkdtempSync(join(tmpdir(), 'lockmesh-chromium-'));
    const started = spawn(program, [...flags, `--user-data-dir=${profile}`, 'about:blank'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const socket = new WebSocket(await urlOf(started));
    await once(socket, 'open');
    const page = new Page(started, profile, socket);
    const { targetInfos } = (await page.send('Target.getTargets')) as {
      targetInfos: readonly { readonly type: string; readonly targetId: string }[];
    };
    const target = targetInfos.find(({ type }) => type === 'page');
    const attached = await page.send('Target.attachToTarget', {
      ...{ targetId: target?.targetId, flatten: true },
    });
    page.#session = (attached as { readonly sessionId: string }).sessionId;
    await page.send('Page.enable');
    return page;
  }

  /** @throws with what the browser says */
  async send(method: string, params: object = {}): Promise<unknown> {
    this.#count += 1;
    const id = this.#count;
    const answered = new Promise<Answer>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${method}: no answer`)), patienceMs);
      this.#waiting.set(id, (answer) => {
        clearTimeout(timer);
        resolve(answer);
      });
    });
    const session = this.#session === undefined ? {} : { sessionId: this.#session };
    this.#socket.send(JSON.stringify({ id, method, params, ...session }));
    const { error, result } = await answered;
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result;
  }

  /** The value of an expression in the page. */
  async evaluate(expression: string): Promise<unknown> {
    const { result, exceptionDetails } = (await this.send('Runtime.evaluate', {
      ...{ expression, awaitPromise: true, returnByValue: true },
    })) as { result: { value?: unknown }; exceptionDetails?: { text: string } };
    if (exceptionDetails !== undefined) throw new Error(`${expression}: ${exceptionDetails.text}`);
    return result.value;
  }

  async press(key: string): Promise<void> {
    const text = key.length === 1 ? { text: key } : {};
    await this.send('Input.dispatchKeyEvent', { type: 'keyDown', key, ...text });
    await this.send('Input.dispatchKeyEvent', { type: 'keyUp', key });
  }

  /** A PNG of what is to be seen. */
  async screenshot(): Promise<Buffer> {
    const { data } = (await this.send('Page.captureScreenshot')) as { readonly data: string };
    return Buffer.from(data, 'base64');
  }

  async close(): Promise<void> {
    this.#socket.close();
    if (this.#process.exitCode === null) {
      this.#process.kill();
      await once(this.#process, 'exit');
    }
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** It says on stderr where it listens. */
async function urlOf(started: ChildProcess): Promise<string> {
  const said: string[] = [];
  const timer = setTimeout(() => started.kill(), patienceMs);
  started.on('error', (error) => said.push(error.message));
  try {
    if (started.stderr !== null) {
      for await (const line of createInterface({ input: started.stderr })) {
        said.push(line);
        const url = /listening on (ws:\S+)/.exec(line)?.[1];
        if (url !== undefined) return url;
      }
    }
    throw new Error(`The browser did not start: ${said.slice(-3).join('; ')}`);
  } finally {
    clearTimeout(timer);
    // Nobody reads on: what it says must not fill the pipe.
    started.stderr?.resume();
  }
}
