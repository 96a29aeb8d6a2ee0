/**
 * Work that runs on one instance at each moment: whoever holds its lock runs it, again and again.
 */

import type { Waits } from './backoff.ts';
import { Campaign, type CampaignHost } from './campaign.ts';
import type { LeaderWork } from './election.ts';
import { type ClaimRequest, describeNames } from './lock-request.ts';
import { runHoldingNothing } from './reentrancy.ts';

/** Work that `peer.singleton` keeps running on one instance. */
export interface RunningSingleton extends AsyncDisposable {
  readonly name: string;
  /**
   * Runs it no more on this instance, and lets another one run it: its `signal` aborts with an
   * `AbortError`.
   *
   * @returns once it has settled, and the lock is released; at once within the work itself
   */
  stop(): Promise<void>;
}

export interface StandingHost extends CampaignHost {
  /** The work has failed, and is to run again. */
  onFailed(name: string, error: unknown): void;
}

/** Between one run and the next, which may be on another instance by then. */
const waits: Waits = { firstMs: 100, maxMs: 10_000 };

export class StandingSingleton implements RunningSingleton {
  readonly name: string;
  readonly #host: StandingHost;
  readonly #campaign: Campaign;
  /** Never rejects. */
  readonly #running: Promise<void>;

  constructor(host: StandingHost, claim: ClaimRequest, work: LeaderWork<unknown>) {
    this.name = claim.resources[0]?.name ?? '';
    this.#host = host;
    this.#campaign = new Campaign(host, claim);
    this.#running = runHoldingNothing(() => this.#run(work));
  }

  /** Resolves when it runs no more on this instance. */
  get ended(): Promise<void> {
    return this.#running;
  }

  async stop(): Promise<void> {
    this.end(new DOMException(`Stopped ${describeNames([this.name])}`, 'AbortError'));
    if (!this.#campaign.isWithin) await this.#running;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  end(reason: unknown): void {
    this.#campaign.stop(reason);
  }

  async #run(work: LeaderWork<unknown>): Promise<void> {
    const { runtime } = this.#host;
    let startedAt = 0;
    const timed: LeaderWork<unknown> = (signal, lock) => {
      startedAt = runtime.monotonic();
      return work(signal, lock);
    };
    let attempts = 0;
    try {
      for (;;) {
        const outcome = await this.#campaign.lead(timed);
        if (outcome.state === 'over') continue;
        if (outcome.state === 'threw') this.#host.onFailed(this.name, outcome.error);
        const ranLong = runtime.monotonic() - startedAt >= waits.maxMs;
        attempts = ranLong ? 1 : attempts + 1;
        await this.#campaign.pause(waits, attempts);
      }
    } catch {
      // It was stopped, or the peer takes no more claims, and says why by itself.
    }
  }
}
