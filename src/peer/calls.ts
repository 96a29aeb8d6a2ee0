/**
 * What an application asks of a peer, in all the shapes that there are, each checked at the call:
 * whatever is wrong with it rejects, and never throws.
 */

import type { Acquisitions } from './acquisitions.ts';
import { reentrantError } from './failures.ts';
import type { AcquireOptions, Alternatives, Lock, LockRequest, TryAcquireOptions } from './lock.ts';
import {
  acquireRequestOf,
  anyRequestsOf,
  type ClaimRequest,
  tryAnyRequestsOf,
  tryRequestOf,
} from './lock-request.ts';
import { heldByCaller } from './reentrancy.ts';

export class Calls {
  readonly #owner: object;
  readonly #acquisitions: Acquisitions;

  constructor(owner: object, acquisitions: Acquisitions) {
    this.#owner = owner;
    this.#acquisitions = acquisitions;
  }

  acquire(request: LockRequest, options: AcquireOptions | undefined): Promise<Lock> {
    try {
      const claim = acquireRequestOf(request, options, this.#acquisitions.allowsStealing);
      const name = this.heldByCaller(claim);
      if (name !== undefined) throw reentrantError(name);
      return this.#acquisitions.obtain(claim);
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

  acquireAny(
    requests: Alternatives,
    options: Omit<AcquireOptions, 'steal'> | undefined,
  ): Promise<Lock> {
    try {
      const claims = anyRequestsOf(requests, options);
      const names = claims.map((claim) => this.heldByCaller(claim));
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

  /** The name for which a claim would wait for the very callback that makes it */
  heldByCaller(claim: ClaimRequest): string | undefined {
    return claim.patience === 'wait' ? heldByCaller(this.#owner, claim.resources) : undefined;
  }
}
