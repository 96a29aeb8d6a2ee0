/**
 * One program of a node over all starts of its process: started with each, told to end with each
 * proper stop, and gone with each crash.
 */

import { PeerClosedError } from '../peer/errors.ts';
import type { Host } from './host.ts';
import { createSimProcess, type SimProcess } from './sim-process.ts';
import type { Stage } from './stage.ts';

export class Program {
  readonly #stage: Stage;
  readonly #host: Host;
  readonly #name: string;
  readonly #body: (process: SimProcess) => Promise<void>;
  #ending = new AbortController();
  #starts = 0;

  /** @param body what runs; how the host's programs are told apart */
  constructor(
    stage: Stage,
    host: Host,
    {
      body,
      name,
    }: { readonly body: (process: SimProcess) => Promise<void>; readonly name: string },
  ) {
    this.#stage = stage;
    this.#host = host;
    this.#body = body;
    this.#name = name;
  }

  /** Runs it from its beginning, on the process that lives now. */
  start(): void {
    const { process, peer, name } = this.#host;
    if (peer === null) return;
    const { kernel } = this.#stage.world;
    const ending = new AbortController();
    this.#ending = ending;
    this.#starts += 1;
    const stream = `program/${name}/${this.#name}/${this.#starts}`;
    const given = createSimProcess(this.#stage, this.#host, {
      peer,
      signal: ending.signal,
      stream,
    });
    const run = (): void => {
      kernel.noteMicrotasks();
      this.#body(given).catch((error: unknown) => {
        if (process.isAlive && !isFarewell(error, ending.signal)) {
          this.#stage.fail(`node ${name}`, error);
        }
      });
    };
    kernel.after(0, { kind: 'operation', actor: process, detail: this.#name, run });
  }

  /** Tells it that its process is about to end. */
  stop(): void {
    this.#ending.abort();
  }
}

/** What a program that is told to end may well end with. */
function isFarewell(error: unknown, signal: AbortSignal): boolean {
  return signal.aborted && (error === signal.reason || error instanceof PeerClosedError);
}
