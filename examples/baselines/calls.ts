/**
 * Calls over the simulated network, as a Redis client makes them: one connection, made again when
 * it breaks, and a call that is not answered in time gives the connection up. What was sent on it
 * may still arrive.
 */

import type { SimChannel, SimProcess } from 'lockmesh/sim';
import { server, type Traffic } from './lock-service.ts';

/** A command or an answer. */
export type Words = readonly string[];

const service = 'calls';
/** How long an answer may take, at most; a connection that is silent for longer is given up. */
const patienceMs = 400;
/** As the backoff of a client that polls: short at first, and never in step with the others. */
const pollMs = { least: 10, most: 160 };

export function answerCalls(
  { listen }: SimProcess,
  traffic: Traffic,
  answer: (command: Words) => Words,
): void {
  listen(service, async (channel) => {
    for await (const command of channel) {
      traffic.messages += 1;
      channel.send(answer(wordsOf(command)));
    }
  });
}

export class Caller {
  readonly #process: SimProcess;
  readonly #traffic: Traffic;
  #channel: SimChannel | null = null;
  /** When the command that is under way was sent; `null` while there is none. */
  #askedAt: number | null = null;

  constructor(process: SimProcess, traffic: Traffic) {
    this.#process = process;
    this.#traffic = traffic;
    void this.#watch();
  }

  /** @returns `null` when no answer came: nobody knows whether the command was carried out */
  async ask(...command: Words): Promise<Words | null> {
    const { connect, now } = this.#process;
    if (this.#channel?.isClosed !== false) this.#channel = connect(server, service);
    this.#channel.send(command);
    this.#askedAt = now();
    const answer = await this.#channel.receive().catch(() => null);
    this.#askedAt = null;
    if (answer === null) return null;
    this.#traffic.messages += 1;
    return wordsOf(answer);
  }

  /** Sends the command until it is answered, as ioredis does after each break. */
  async insist(...command: Words): Promise<void> {
    while ((await this.ask(...command)) === null) await this.#process.sleep(pollMs.least);
  }

  /** Tries until an attempt succeeds, less and less often. */
  async poll<Result>(attempt: () => Promise<Result | null>): Promise<Result> {
    for (let delayMs = pollMs.least; ; delayMs = Math.min(2 * delayMs, pollMs.most)) {
      const result = await attempt();
      if (result !== null) return result;
      await this.#process.sleep(delayMs * (0.5 + this.#process.random()));
    }
  }

  /** One timer for all calls. */
  async #watch(): Promise<void> {
    const { now, sleep } = this.#process;
    for (;;) {
      await sleep(patienceMs / 2);
      const isLate = this.#askedAt !== null && now() - this.#askedAt > patienceMs / 2;
      if (isLate) this.#channel?.close('no answer');
    }
  }
}

function wordsOf(value: unknown): Words {
  return Array.isArray(value) ? value.map(String) : [];
}
