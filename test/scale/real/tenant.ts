/**
 * One real peer, and what is done with it.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { createPeer } from '../../../src/peer/create-peer.ts';
import { NoQuorumError } from '../../../src/peer/errors.ts';
import type { Lock } from '../../../src/peer/lock.ts';
import type { Peer } from '../../../src/peer/peer.ts';
import type { Acts, InHand, Opening, Stretch } from './acts.ts';

/** So many are asked for before the answers are waited for. */
const batch = 1_000;

/** How long a turn takes at most. */
const turnMs = 10;

export class Tenant {
  readonly #peer: Peer;
  #taken: Lock[] = [];
  #calls: Promise<Stretch | null>[] = [];
  #turns: Promise<Stretch[]> = Promise.resolve([]);
  #isStopped = false;

  private constructor(peer: Peer) {
    this.#peer = peer;
  }

  static async open(opening: Opening): Promise<Tenant> {
    const { peer: id, voters, port, members, leaseMs: lease, waitersMax } = opening;
    const listen = port === null ? {} : { listen: { host: '127.0.0.1', port } };
    const shared = { voters, members, lease, limits: { waitersMax } };
    return new Tenant(await createPeer({ id, ...listen, ...shared, logger: false }));
  }

  async ready(): Promise<void> {
    await this.#peer.ready();
  }

  async take({ prefix, count }: Acts['take']['given']): Promise<readonly number[]> {
    const first = this.#taken.length;
    for (let from = 0; from < count; from += batch) {
      const some = Array.from({ length: Math.min(batch, count - from) }, (_, index) => {
        return this.#acquire(`${prefix}${from + index}`);
      });
      this.#taken.push(...(await Promise.all(some)));
    }
    return this.#taken.slice(first).map(({ token }) => token);
  }

  look(): InHand {
    return {
      held: this.#taken.filter(({ held, signal }) => held && !signal.aborted).length,
      told: this.#taken.filter(({ held, signal }) => !held && signal.aborted).length,
    };
  }

  async give(): Promise<void> {
    const taken = this.#taken;
    this.#taken = [];
    await Promise.all(taken.map((lock) => lock.release()));
  }

  turns({ names, restMs }: Acts['turns']['given'], place: number): void {
    this.#isStopped = false;
    this.#turns = this.#takeTurns(`name ${place % names}`, restMs);
  }

  /** @returns all of its turns */
  async stop(): Promise<readonly Stretch[]> {
    this.#isStopped = true;
    return await this.#turns;
  }

  async ask({ name, count, everyMs }: Acts['ask']['given']): Promise<void> {
    for (let asked = 0; asked < count; asked += 1) {
      this.#calls.push(this.#takeTurn(name, 0));
      await sleep(everyMs);
    }
  }

  async served(): Promise<readonly Stretch[]> {
    const stretches = await Promise.all(this.#calls);
    this.#calls = [];
    return stretches.filter((stretch) => stretch !== null);
  }

  async churn({ prefix, count, inFlight }: Acts['churn']['given']): Promise<void> {
    let next = 0;
    const work = async (): Promise<void> => {
      while (next < count) {
        const name = `${prefix}${next}`;
        next += 1;
        while ((await this.#takeTurn(name, 0)) === null) await sleep(batch);
      }
    };
    await Promise.all(Array.from({ length: inFlight }, work));
  }

  /** Asks until enough voters answer in time, which they may not on a busy machine. */
  async #acquire(name: string): Promise<Lock> {
    for (;;) {
      try {
        return await this.#peer.acquire(name);
      } catch (error) {
        if (!(error instanceof NoQuorumError)) throw error;
        await sleep(turnMs);
      }
    }
  }

  async #takeTurns(name: string, restMs: number): Promise<Stretch[]> {
    const stretches: Stretch[] = [];
    while (!this.#isStopped) {
      await sleep(Math.random() * restMs);
      const stretch = await this.#takeTurn(name, Math.random() * turnMs);
      if (stretch !== null) stretches.push(stretch);
    }
    return stretches;
  }

  /** @returns `null` when too few voters answered */
  async #takeTurn(name: string, holdMs: number): Promise<Stretch | null> {
    const askedMs = nowMs();
    const lock = await this.#peer.acquire(name).catch(() => null);
    if (lock === null) return null;
    const fromMs = nowMs();
    if (holdMs > 0) await sleep(holdMs);
    const at = nowMs();
    const untilMs = lock.held ? at : fromMs;
    const { token } = lock;
    await lock.release();
    return { name, holder: this.#peer.id, token, askedMs, fromMs, untilMs };
  }
}

/** Of the clock that all processes of a machine share. */
function nowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
