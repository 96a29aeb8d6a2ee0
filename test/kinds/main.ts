/**
 * `npm run kinds`: every kind of lock, over real sockets between three processes, one scripted
 * check each. Prints a table, and exits with 1 if any fails.
 */

import { type ChildProcess, fork } from 'node:child_process';
import { freePorts } from '../harness/free-ports.ts';
import type { Answer, Call } from './calls.ts';
import { type Check, checks, type Instance, type Three } from './rows.ts';

/** A check that has not ended by then has failed. */
const checkMsMax = 15_000;

class Child implements Instance {
  readonly #process: ChildProcess;
  readonly #open = new Map<
    number,
    { resolve: (value: never) => void; reject: (e: Error) => void }
  >();
  readonly ready: Promise<void>;
  #asked = 0;

  constructor(id: string, ports: string) {
    this.#process = fork(new URL('./instance.js', import.meta.url), [id, ports]);
    this.ready = new Promise((resolve, reject) => {
      this.#process.once('exit', (code) => reject(new Error(`${id} ended with code ${code}`)));
      this.#process.on('message', (answer: Answer) => {
        if ('ready' in answer) resolve();
        else this.#onAnswer(answer);
      });
    });
  }

  tell<Value>(what: Call): Promise<Value> {
    this.#asked += 1;
    const asked = this.#asked;
    return new Promise<Value>((resolve, reject) => {
      this.#open.set(asked, { resolve, reject });
      this.#process.send({ asked, what });
    });
  }

  end(): void {
    this.#process.removeAllListeners('exit');
    this.#process.kill();
  }

  #onAnswer(answer: Exclude<Answer, { readonly ready: true }>): void {
    const call = this.#open.get(answer.asked);
    this.#open.delete(answer.asked);
    if ('error' in answer) call?.reject(new Error(answer.error.code ?? answer.error.name));
    else call?.resolve(answer.value as never);
  }
}

const ports = (await freePorts(3)).join(',');
const [a, b, c] = ['a', 'b', 'c'].map((id) => new Child(id, ports));
if (a === undefined || b === undefined || c === undefined) throw new Error('There are three');
await Promise.all([a.ready, b.ready, c.ready]);
let failed = 0;
for (const [name, check] of Object.entries(checks)) {
  const failure = await failureOf(check, [a, b, c]);
  if (failure !== null) failed += 1;
  console.log(
    `${failure === null ? 'ok  ' : 'FAIL'}  ${name}${failure === null ? '' : `: ${failure}`}`,
  );
}
console.log(`\n${Object.keys(checks).length - failed} of ${Object.keys(checks).length} kinds work`);
for (const child of [a, b, c]) child.end();
process.exitCode = failed === 0 ? 0 : 1;

async function failureOf(check: Check, three: Three): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not over after ${checkMsMax} ms`)), checkMsMax);
  });
  try {
    await Promise.race([check(three), late]);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    clearTimeout(timer);
  }
}
