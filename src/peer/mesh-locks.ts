/**
 * The callback form: `locks.request` and `locks.query`, over the claims of a peer.
 */

import type { Calls } from './calls.ts';
import type { HeldLock } from './held-lock.ts';
import { type Holder, runWhileHeld } from './hold.ts';
import type { Lock } from './lock.ts';
import {
  type ClaimRequest,
  type WebLocksRequest,
  webLocksRequestOf,
  whyNotStolen,
} from './lock-request.ts';
import { describeValue } from './option-checks.ts';
import type { Locks, LocksSnapshot, QueryOptions } from './web-locks.ts';

/** What the callback form needs of its peer. */
export interface LocksHost {
  readonly holder: Holder;
  readonly calls: Pick<Calls, 'allowsStealing' | 'obtain'>;
  /** A request for this name waits for the callback that makes it. */
  warnOfReentrant(name: string): void;
  query(options: QueryOptions | undefined): Promise<LocksSnapshot>;
}

type GrantedCallback<T> = (lock: Lock | null) => T;

export class MeshLocks implements Locks {
  readonly #host: LocksHost;

  constructor(host: LocksHost) {
    this.#host = host;
  }

  async request<T>(name: string, first: unknown, second?: unknown): Promise<Awaited<T>> {
    const [options, callback] = second === undefined ? [undefined, first] : [first, second];
    if (!isCallback<T>(callback)) {
      const received = describeValue(callback);
      throw new TypeError(
        `Cannot acquire: the last argument must be a function, received ${received}`,
      );
    }
    const asked = webLocksRequestOf(name, options);
    refuseUnsupported(name, asked);
    const { calls, warnOfReentrant } = this.#host;
    const { claim, ifAvailable, raw, steal } = asked;
    const request = steal ? stealing(claim, calls.allowsStealing) : claim;
    const how = { holding: raw.holding, orNull: ifAvailable };
    const lock = await calls.obtain(request, how, warnOfReentrant);
    return lock === null ? await callback(null) : await this.#hold(lock, callback);
  }

  query(options?: QueryOptions): Promise<LocksSnapshot> {
    return this.#host.query(options);
  }

  async #hold<T>(lock: HeldLock, callback: GrantedCallback<T>): Promise<Awaited<T>> {
    try {
      return await runWhileHeld(this.#host.holder, lock, callback);
    } finally {
      await lock.release();
    }
  }
}

function isCallback<T>(value: unknown): value is GrantedCallback<T> {
  return typeof value === 'function';
}

function stealing(request: ClaimRequest, allowSteal: boolean): ClaimRequest {
  const why = whyNotStolen(request, allowSteal);
  return why === null ? { ...request, patience: 'steal' } : refuse(why);
}

/** The combinations that the standard refuses. */
function refuseUnsupported(name: string, { ifAvailable, raw, steal }: WebLocksRequest): void {
  if (name.startsWith('-'))
    refuse(`a name must not begin with -, received ${JSON.stringify(name)}`);
  const { signal, timeout = 0 } = raw;
  if (signal !== undefined && ifAvailable) {
    refuse('ifAvailable does not wait, and so takes no signal');
  }
  if (timeout !== 0 && ifAvailable) {
    refuse(`ifAvailable does not wait, and so takes no timeout, received ${timeout}`);
  }
  if (signal !== undefined && steal) refuse('steal takes no signal');
}

function refuse(why: string): never {
  throw new DOMException(`Cannot acquire: ${why}`, 'NotSupportedError');
}
