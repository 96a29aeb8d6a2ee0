/**
 * What an application asks of a peer, in all the shapes that there are, each checked at the call:
 * whatever is wrong with it rejects, and never throws.
 */

import type { Acquisitions } from './acquisitions.ts';
import { refuse } from './call-checks.ts';
import { reentrantError } from './failures.ts';
import { HeldLock, type LockKeeper } from './held-lock.ts';
import type {
  AcquireAnyOptions,
  AcquireOptions,
  Alternatives,
  Lock,
  LockRequest,
  TryAcquireOptions,
} from './lock.ts';
import {
  acquireRequestOf,
  anyRequestsOf,
  type ClaimRequest,
  tryAnyRequestsOf,
  tryRequestOf,
} from './lock-request.ts';
import { describeValue } from './option-checks.ts';
import { type HeldByCaller, locksAround, nameHeldBy } from './reentrancy.ts';

export class Calls {
  readonly #owner: object;
  readonly #keeper: LockKeeper;
  readonly #acquisitions: Acquisitions;

  constructor(owner: object, keeper: LockKeeper, acquisitions: Acquisitions) {
    this.#owner = owner;
    this.#keeper = keeper;
    this.#acquisitions = acquisitions;
  }

  /** Whether the mesh lets locks be stolen. */
  get allowsStealing(): boolean {
    return this.#acquisitions.allowsStealing;
  }

  acquire(request: LockRequest, options: AcquireOptions | undefined): Promise<Lock> {
    try {
      const claim = acquireRequestOf(request, options, this.#acquisitions.allowsStealing);
      const given = this.#given(options?.holding);
      const around = locksAround(this.#owner);
      const name = nameAwaited(claim, given === undefined ? around : [...around, ...given]);
      if (name !== undefined) throw reentrantError(name);
      return this.#acquisitions.obtain(this.#holding(claim, given ?? around));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  tryAcquire(request: LockRequest, options: TryAcquireOptions | undefined): Promise<Lock | null> {
    try {
      return this.#acquisitions.tryToObtain(tryRequestOf(request, options));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** Any of them ends the wait: what one of them waits for keeps nobody waiting for ever. */
  acquireAny(requests: Alternatives, options: AcquireAnyOptions | undefined): Promise<Lock> {
    try {
      const claims = anyRequestsOf(requests, options);
      const around = locksAround(this.#owner);
      const names = claims.map((claim) => nameAwaited(claim, around));
      const [name] = names;
      if (name !== undefined && !names.includes(undefined)) throw reentrantError(name);
      return this.#acquisitions.obtainAny(claims);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  tryAcquireAny(
    requests: Alternatives,
    options: TryAcquireOptions | undefined,
  ): Promise<Lock | null> {
    try {
      return this.#acquisitions.tryToObtainAny(tryAnyRequestsOf(requests, options));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /**
   * For a callback. One that asks for what the callback around it holds waits, as in browsers,
   * until that is over: no circle, unless it awaits it, of which `warn` tells.
   *
   * @throws `TypeError` for impossible locks in `holding`
   */
  obtain(
    claim: ClaimRequest,
    options: { readonly holding: unknown; readonly orNull: boolean },
    warn: (name: string) => void,
  ): Promise<HeldLock | null> {
    const given = this.#given(options.holding);
    const around = locksAround(this.#owner);
    const name = nameAwaited(claim, around);
    if (name !== undefined) warn(name);
    if (options.orNull) return this.#acquisitions.tryToObtain(claim);
    const others = (given ?? around).filter((lock) => nameAwaited(claim, [lock]) === undefined);
    return this.#acquisitions.obtain(this.#holding(claim, others));
  }

  /** The locks that a call says its caller holds; `undefined` where it says nothing. */
  #given(holding: unknown): readonly HeldByCaller[] | undefined {
    if (holding === undefined) return undefined;
    if (!Array.isArray(holding)) {
      return refuse('acquire', 'holding must be an array of locks', holding);
    }
    return holding.map((lock: unknown) => {
      if (lock instanceof HeldLock && lock.claimOf(this.#keeper) !== undefined) return lock;
      const received = lock instanceof HeldLock ? 'a lock of another peer' : describeValue(lock);
      throw new TypeError(
        `Cannot acquire: holding must be locks of this peer, received ${received}`,
      );
    });
  }

  /** The claim, with what its caller holds: none is where it waits for nobody. */
  #holding(claim: ClaimRequest, locks: readonly HeldByCaller[]): ClaimRequest {
    if (locks.length === 0 || claim.patience === 'try') return claim;
    const holding = locks.flatMap((lock) => {
      return lock.held ? (lock.claimOf(this.#keeper) ?? []) : [];
    });
    return { ...claim, holding };
  }
}

/** The name for which a claim would wait for the very holder of one of these: none if it steals. */
function nameAwaited(claim: ClaimRequest, locks: readonly HeldByCaller[]): string | undefined {
  if (claim.patience !== 'wait') return undefined;
  const held = locks.filter((lock) => lock.held);
  return nameHeldBy(held, claim.resources);
}
