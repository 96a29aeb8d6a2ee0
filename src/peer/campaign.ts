/**
 * Holds a lock again and again, and does some work while it is held: leads.
 *
 *     lead ──▶ waits for the lock ──▶ works ──returned, threw──▶ released
 *                   ▲      │            │
 *                   └pause─┘            └──lost, resigned, stopped: signal──▶ settled ──▶ released
 *
 * A work that releases its lock resigns.
 */

import { delayMs, type Waits } from './backoff.ts';
import type { LeaderWork } from './election.ts';
import { NoQuorumError, OverloadedError } from './errors.ts';
import type { HeldLock } from './held-lock.ts';
import type { Holder } from './hold.ts';
import { type ClaimRequest, describeNames } from './lock-request.ts';
import { isWithin, runHolding, runHoldingNothing } from './reentrancy.ts';
import type { Runtime } from './runtime.ts';

/** What a campaign needs of its peer. */
export interface CampaignHost {
  readonly holder: Holder;
  readonly runtime: Runtime;
  obtain(claim: ClaimRequest): Promise<HeldLock>;
}

/** What came of having led; `over`: not by the work; `released`: by the work, before its end. */
export type Outcome<T> =
  | { readonly state: 'returned'; readonly value: T }
  | { readonly state: 'threw'; readonly error: unknown }
  | { readonly state: 'over' | 'released' };

/** One time of leading. */
interface Term {
  readonly lock: HeldLock;
  /** Aborts when it is over before its work is. */
  readonly end: AbortController;
  /** Resolves once its work has settled, and the lock is released. */
  settled: Promise<unknown>;
}

/** After a claim that failed: the mesh may be well again at any moment. */
const waits: Waits = { firstMs: 50, maxMs: 1_000 };

export class Campaign {
  readonly #host: CampaignHost;
  readonly #claim: ClaimRequest;
  readonly #stop = new AbortController();
  #term: Term | null = null;

  constructor(host: CampaignHost, claim: ClaimRequest) {
    this.#host = host;
    this.#claim = { ...claim, signal: this.#stop.signal };
  }

  /** Whether it leads now, by the clock. */
  get leads(): boolean {
    return this.#term?.lock.held ?? false;
  }

  /** Whether this is called by the work. */
  get isWithin(): boolean {
    return this.#term !== null && isWithin(this.#term.lock);
  }

  /** Leads once. Rejects with what `stop` is told, and when the peer takes no claims any more. */
  async lead<T>(work: LeaderWork<T>): Promise<Outcome<Awaited<T>>> {
    const lock = await this.#obtain();
    const end = new AbortController();
    lock.whenEnded((error) => abort(end, error));
    lock.lead(() => abort(end, resignedFrom(lock.name)));
    const { signal } = this.#stop;
    if (signal.aborted) abort(end, signal.reason);
    // What the work does at once is done by a leader.
    const term: Term = { lock, end, settled: Promise.resolve() };
    this.#term = term;
    const working = this.#work(lock, end.signal, work);
    term.settled = working;
    const outcome = await working;
    this.#term = null;
    if (outcome.state === 'over' || outcome.state === 'released') signal.throwIfAborted();
    return outcome;
  }

  /** Gives up what it leads, if it does. Resolves once the work has settled. */
  async endTerm(reason: unknown): Promise<void> {
    if (this.#term === null) return;
    abort(this.#term.end, reason);
    await this.#term.settled;
  }

  /** It leads no more: the work is told, and `lead` rejects once that has settled. */
  stop(reason: unknown): void {
    abort(this.#stop, reason);
    if (this.#term !== null) abort(this.#term.end, reason);
  }

  /** For about so long; rejects as soon as it is stopped. */
  pause(grown: Waits, attempts: number): Promise<void> {
    const { signal } = this.#stop;
    const { runtime } = this.#host;
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const onAbort = (): void => {
        timer.cancel();
        reject(signal.reason);
      };
      const timer = runtime.setTimer(delayMs(grown, { attempts, random: runtime.random() }), () => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      });
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }

  async #obtain(): Promise<HeldLock> {
    for (let attempts = 1; ; attempts++) {
      try {
        return await this.#host.obtain(this.#claim);
      } catch (error) {
        if (!(error instanceof NoQuorumError || error instanceof OverloadedError)) throw error;
      }
      await this.pause(waits, attempts);
    }
  }

  /** Never rejects. */
  async #work<T>(
    lock: HeldLock,
    signal: AbortSignal,
    work: LeaderWork<T>,
  ): Promise<Outcome<Awaited<T>>> {
    const { holder } = this.#host;
    try {
      if (signal.aborted) return over;
      const value = await runHolding(holder.owner, lock, () => work(signal, lock));
      return signal.aborted ? overBy(lock) : { state: 'returned', value };
    } catch (error) {
      if (!signal.aborted) return { state: 'threw', error };
      if (error !== signal.reason) holder.onLateFailure(lock, error);
      return overBy(lock);
    } finally {
      // The work is done: nobody is to be told any more.
      lock.lead(() => {});
      await lock.release();
    }
  }
}

/** Why a term is over that the one who led has given up. */
export function resignedFrom(name: string): DOMException {
  return new DOMException(`Resigned from ${describeNames([name])}`, 'AbortError');
}

/** @returns `released` where the work gave up the lock, before or after it was told to end */
function overBy({ isReleased }: HeldLock): Outcome<never> {
  return isReleased ? released : over;
}

/** A listener of the signal has nothing to do with the callback within which it is called. */
function abort(controller: AbortController, reason: unknown): void {
  runHoldingNothing(() => controller.abort(reason));
}

const over = Object.freeze({ state: 'over' });
const released = Object.freeze({ state: 'released' });
