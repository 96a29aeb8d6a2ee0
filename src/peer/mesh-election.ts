/**
 * One election object of an application: campaigns where it is told to, and passes on who leads.
 */

import { refuse, signalIn } from './call-checks.ts';
import { Campaign, type CampaignHost, resignedFrom } from './campaign.ts';
import type { CampaignOptions, Election, Leader, LeaderListener, LeaderWork } from './election.ts';
import { reentrantError } from './failures.ts';
import { Listeners } from './listeners.ts';
import { type ClaimRequest, describeNames } from './lock-request.ts';
import { locksAround, nameHeldBy } from './reentrancy.ts';

export interface MeshElectionSetup extends CampaignHost {
  readonly claim: ClaimRequest;
  /** Whoever leads at present. */
  readonly current: Leader | null;
  /** It is closed, and no longer to be told who leads. */
  onClosed(election: MeshElection): void;
  /** A listener failed. */
  onFault(error: unknown): void;
}

export class MeshElection implements Election {
  readonly name: string;
  readonly #setup: MeshElectionSetup;
  readonly #listeners: Listeners<[Leader | null]>;
  #current: Leader | null;
  #campaign: Campaign | null = null;
  /** The last run. Never rejects. */
  #running: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  constructor(setup: MeshElectionSetup) {
    this.#setup = setup;
    this.name = setup.claim.resources[0]?.name ?? '';
    this.#current = setup.current;
    this.#listeners = new Listeners('change', setup.onFault);
  }

  get current(): Leader | null {
    return this.#current;
  }

  get isLeader(): boolean {
    return this.#campaign?.leads ?? false;
  }

  async run<T>(work: LeaderWork<T>, options?: CampaignOptions): Promise<Awaited<T>> {
    const { claim, holder } = this.#setup;
    if (typeof work !== 'function') refuse('run', 'the work must be a function', work);
    const signal = signalIn(options, 'run');
    signal?.throwIfAborted();
    if (this.#isClosed) throw this.#invalid('is closed');
    if (this.#campaign !== null) throw this.#invalid('is in a run already');
    const held = nameHeldBy(locksAround(holder.owner), claim.resources);
    if (held !== undefined) throw reentrantError(held);
    const campaign = new Campaign(this.#setup, claim);
    this.#campaign = campaign;
    const running = this.#run(campaign, work, signal);
    this.#running = running.catch(() => {});
    return await running;
  }

  async resign(): Promise<void> {
    const campaign = this.#campaign;
    const ended = campaign?.endTerm(resignedFrom(this.name));
    if (campaign?.isWithin !== true) await ended;
  }

  async close(): Promise<void> {
    this.end(new DOMException(`Closed the election ${describeNames([this.name])}`, 'AbortError'));
    if (this.#campaign?.isWithin !== true) await this.#running;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  on(event: 'change', listener: LeaderListener): this {
    requireChange(event);
    this.#listeners.add(listener, false);
    return this;
  }

  once(event: 'change', listener: LeaderListener): this {
    requireChange(event);
    this.#listeners.add(listener, true);
    return this;
  }

  off(_event: 'change', listener: LeaderListener): this {
    this.#listeners.remove(listener);
    return this;
  }

  /** Another peer leads, or none is known to. */
  show(leader: Leader | null): void {
    if (this.#isClosed) return;
    this.#current = leader;
    this.#listeners.call(leader);
  }

  /** It looks no more, and a run rejects with `reason`. */
  end(reason: unknown): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#current = null;
    this.#setup.onClosed(this);
    this.#campaign?.stop(reason);
  }

  async #run<T>(
    campaign: Campaign,
    work: LeaderWork<T>,
    signal: AbortSignal | undefined,
  ): Promise<Awaited<T>> {
    const onAbort = (): void => campaign.stop(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      for (;;) {
        const outcome = await campaign.lead(work);
        if (outcome.state === 'returned') return outcome.value;
        if (outcome.state === 'threw') throw outcome.error;
      }
    } finally {
      signal?.removeEventListener('abort', onAbort);
      this.#campaign = null;
    }
  }

  #invalid(why: string): DOMException {
    const message = `Cannot run: the election ${describeNames([this.name])} ${why}`;
    return new DOMException(message, 'InvalidStateError');
  }
}

function requireChange(event: unknown): void {
  if (event !== 'change') refuse('listen', "the event must be 'change'", event);
}
