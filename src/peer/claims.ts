/**
 * What this peer's application waits for and holds: promises on one side, claims of the core on the
 * other.
 *
 *     ask ──▶ waiting ──granted──▶ held ──released, lost, taken back──▶ gone
 *                └──failed, aborted, given up──▶ gone
 */

import { type ClaimId, claimId } from '../protocol/ids.ts';
import type { Time } from '../protocol/input.ts';
import type { Failure } from '../protocol/output.ts';
import { Table } from '../protocol/table.ts';
import type { LockLostError, LockmeshError, LostReason, PeerClosedError } from './errors.ts';
import { lostError } from './failures.ts';
import { HeldLock, type LockKeeper } from './held-lock.ts';
import { listen } from './listen.ts';
import type { ClaimRequest } from './lock-request.ts';

/** What the claims need of the core's driver. */
export interface ClaimsDriver {
  acquire(claim: ClaimId, request: ClaimRequest): void;
  release(claim: ClaimId): void;
  heed(claim: ClaimId): void;
  downgrade(claim: ClaimId): void;
  holds(claim: ClaimId): boolean;
  validForMs(claim: ClaimId): number;
  settle(): void;
  /** The clocks, in whole milliseconds, as they were when the core was last told of anything. */
  readonly time: Time;
}

/** How a claim came out. */
export type Outcome = HeldLock | Failure;

/** How a call is answered. */
interface Answer {
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (reason: unknown) => void;
}

/** A call that has not been answered. */
interface Waiting extends Answer {
  readonly request: ClaimRequest;
  /** By the monotonic clock. */
  askedAt: number;
  /** In milliseconds since 1970. */
  since: number;
  /** Of a call without a signal: `null`. */
  readonly stopListening: (() => void) | null;
}

export interface ClaimsSetup {
  readonly clocks: { wall(): number };
  readonly driver: ClaimsDriver;
  /** Told of each lock that was lost, once its signal has been aborted. */
  readonly onLost: (lock: HeldLock, error: LockLostError) => void;
}

export class Claims implements LockKeeper {
  readonly #clocks: ClaimsSetup['clocks'];
  readonly #driver: ClaimsDriver;
  readonly #onLost: ClaimsSetup['onLost'];
  /** In the order asked for. */
  readonly #waiting = new Table<ClaimId, Waiting>();
  /** In the order granted. */
  readonly #held = new Table<ClaimId, HeldLock>();
  #last = 0;
  #onIdle: (() => void) | undefined;

  constructor({ clocks, driver, onLost }: ClaimsSetup) {
    this.#clocks = clocks;
    this.#driver = driver;
    this.#onLost = onLost;
  }

  get heldCount(): number {
    return this.#held.size;
  }

  get waitingCount(): number {
    return this.#waiting.size;
  }

  held(): readonly HeldLock[] {
    return [...this.#held.values()];
  }

  waiting(): readonly Pick<Waiting, 'request' | 'since'>[] {
    return [...this.#waiting.values()];
  }

  /** Rejects with the reason of the request's signal, or with what `giveUp` is told. */
  ask(request: ClaimRequest): Promise<Outcome> {
    const { signal } = request;
    if (signal?.aborted === true) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      this.#ask(this.#nextClaim(), request, { resolve, reject });
    });
  }

  /**
   * Asks for all of these, which have one signal, and keeps the first that is granted: nobody hears
   * of the others that they were. Or how each has failed. Rejects as `ask` does.
   */
  askAny(requests: readonly ClaimRequest[]): Promise<HeldLock | readonly Failure[]> {
    const signal = requests[0]?.signal;
    if (signal?.aborted === true) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      const claims = requests.map(() => this.#nextClaim());
      const failures: Failure[] = [];
      let isOver = false;
      const end = (): void => {
        isOver = true;
        stopListening?.();
        this.#withdrawAll(claims);
      };
      const answer: Answer = {
        resolve: (outcome) => {
          const isGranted = outcome instanceof HeldLock;
          if (!isGranted && failures.push(outcome) < requests.length) return;
          end();
          resolve(isGranted ? outcome : failures);
        },
        reject: (reason) => {
          end();
          reject(reason);
        },
      };
      const stopListening = listen(signal, answer.reject);
      for (const [at, claim] of claims.entries()) {
        const request = requests[at];
        if (request === undefined || isOver) return;
        const oneOf = { ...request, signal: undefined, alternatives: claims };
        this.#ask(claim, oneOf, answer);
      }
    });
  }

  #nextClaim(): ClaimId {
    this.#last += 1;
    return claimId(this.#last);
  }

  #ask(claim: ClaimId, request: ClaimRequest, answer: Answer): void {
    const { signal } = request;
    const stopListening = listen(signal, (reason) => this.#abandon(claim, reason));
    const { resolve, reject } = answer;
    const call = { request, askedAt: 0, since: 0, resolve, reject, stopListening };
    this.#waiting.set(claim, call);
    this.#driver.acquire(claim, request);
    // To look at the clocks takes time: the driver has just done so.
    const { now, wall } = this.#driver.time;
    call.askedAt = now;
    call.since = wall;
  }

  /** The core has granted a claim. */
  onGranted(claim: ClaimId, token: number): void {
    const call = this.#takeWaiting(claim);
    if (call === undefined) return;
    const at = this.#driver.time.wall;
    const lock = new HeldLock(this, call.request, { claim, token, at });
    this.#held.set(claim, lock);
    call.resolve(lock);
  }

  /** The core has given a claim up. */
  onFailed(claim: ClaimId, failure: Failure): void {
    this.#takeWaiting(claim)?.resolve(failure);
  }

  /** Others want what the core holds for a claim. */
  onWanted(claim: ClaimId): void {
    this.#held.get(claim)?.want();
  }

  /** The core has lost a claim. */
  onLost(claim: ClaimId, reason: LostReason, cause?: unknown): void {
    const lock = this.#held.get(claim);
    if (lock === undefined) return;
    this.#drop(claim);
    const error = lostError(lock, reason, cause);
    lock.end(error);
    this.#onLost(lock, error);
  }

  /** Every lock is lost. */
  loseAll(reason: LostReason, cause?: unknown): void {
    for (const claim of [...this.#held.keys()]) {
      this.onLost(claim, reason, cause);
      this.#driver.release(claim);
    }
  }

  /** Every lock is taken back from its holder. */
  takeBack(errorFor: (lock: HeldLock) => PeerClosedError): void {
    for (const [claim, lock] of [...this.#held]) {
      // The holder is told first: it must stop before anybody else may start.
      lock.end(errorFor(lock));
      // Voters know of what is remembered for a lease more, unless they are told otherwise.
      if (lock.isRemembered) this.#drop(claim);
      else this.release(claim);
    }
  }

  /** Every call that waits rejects with `error`. */
  giveUp(error: LockmeshError): void {
    // The newest first: none stands behind it.
    for (const { reject } of this.#withdrawAll([...this.#waiting.keys()].reverse())) reject(error);
  }

  /** The core is a new one, which knows of nothing: what waits is asked for again, in order. */
  askAgain(): void {
    const { now } = this.#driver.time;
    for (const [claim, { request, askedAt }] of [...this.#waiting]) {
      const timeoutMs = Math.max(0, Math.ceil(request.timeoutMs - (now - askedAt)));
      this.#driver.acquire(claim, { ...request, timeoutMs });
    }
  }

  /** Calls back once, when nothing is held but what is remembered; the last to ask only. */
  whenIdle(callback: () => void): void {
    this.#onIdle = callback;
    this.onRemembered();
  }

  onRemembered(): void {
    const onIdle = this.#onIdle;
    if (onIdle === undefined) return;
    for (const { isRemembered } of this.#held.values()) if (!isRemembered) return;
    this.#onIdle = undefined;
    onIdle();
  }

  holds(claim: ClaimId): boolean {
    return this.#driver.holds(claim);
  }

  deadlineOf(claim: ClaimId): number {
    const validForMs = this.#driver.validForMs(claim);
    return validForMs > 0 ? Math.floor(this.#clocks.wall() + validForMs) : 0;
  }

  release(claim: ClaimId): void {
    this.#drop(claim);
    this.#driver.release(claim);
  }

  heed(claim: ClaimId): void {
    this.#driver.heed(claim);
  }

  downgrade(claim: ClaimId): void {
    this.#driver.downgrade(claim);
  }

  settle(claim: ClaimId): void {
    this.#driver.settle();
    // The loss comes with the wake-up above; and what `held` has denied must not come back.
    if (!this.#held.has(claim) || this.holds(claim)) return;
    this.#driver.release(claim);
    this.onLost(claim, 'lease');
  }

  #abandon(claim: ClaimId, reason: unknown): void {
    this.#withdraw(claim)?.reject(reason);
  }

  /** Nobody waits for it any more. */
  #withdraw(claim: ClaimId): Waiting | undefined {
    const call = this.#takeWaiting(claim);
    if (call !== undefined) this.#driver.release(claim);
    return call;
  }

  /** The same of several, of which one may be granted when another goes: nobody hears of that. */
  #withdrawAll(claims: readonly ClaimId[]): readonly Waiting[] {
    const calls = new Map<ClaimId, Waiting>();
    for (const claim of claims) {
      const call = this.#takeWaiting(claim);
      if (call !== undefined) calls.set(claim, call);
    }
    for (const claim of calls.keys()) this.#driver.release(claim);
    return [...calls.values()];
  }

  #takeWaiting(claim: ClaimId): Waiting | undefined {
    const call = this.#waiting.delete(claim);
    call?.stopListening?.();
    return call;
  }

  #drop(claim: ClaimId): void {
    this.#held.delete(claim);
    this.onRemembered();
  }
}
