/**
 * A lock that several may hold at once: each permit is a lock of its own, and whoever acquires the
 * semaphore acquires any of them. (To count permits by majority would be wrong: of three voters,
 * two of which each let two in, three get in.)
 */

import { nameBytesMax } from '../protocol/claim.ts';
import { type NameKind, nameOf, refuse } from './call-checks.ts';
import type { AcquireAnyOptions, Lock, TryAcquireOptions } from './lock.ts';
import { alternativesMax } from './lock-request.ts';
import { isRecord } from './option-checks.ts';

/** A permit of a semaphore that was granted: a lock that knows which permit it is. */
export interface Permit extends Omit<Lock, 'downgrade'> {
  /** Which of the permits it is, from 0 on: nobody else holds that one. */
  readonly slot: number;
}

/** How to ask for a permit. */
export type PermitOptions = Omit<AcquireAnyOptions, 'mode'>;

/** How to ask for a permit without waiting for it. */
export type TryPermitOptions = Omit<TryAcquireOptions, 'mode'>;

/** A lock that so many may hold at once; see `peer.semaphore`. */
export interface Semaphore {
  readonly name: string;
  /** How many may hold it at once. */
  readonly permits: number;

  /**
   * Waits for a permit. They go to those who wait about in the order in which they asked.
   *
   * @returns the permit, held; its `slot` says which, its `token` is greater than that of whoever
   * had the same slot before
   * @throws what `peer.acquireAny` throws
   */
  acquire(options?: PermitOptions): Promise<Permit>;

  /**
   * Takes a permit if one is free.
   *
   * @returns the permit, held; `null` when all are held by others
   * @throws what `peer.tryAcquireAny` throws
   */
  tryAcquire(options?: TryPermitOptions): Promise<Permit | null>;
}

/** Whoever grants any of several locks. */
interface Granter {
  acquireAny(names: readonly string[], options?: AcquireAnyOptions): Promise<Lock>;
  tryAcquireAny(names: readonly string[], options?: TryAcquireOptions): Promise<Lock | null>;
}

/** There is room behind it for the number of any permit. */
const semaphoreName: NameKind = Object.freeze({
  act: 'make a semaphore',
  what: 'its name',
  bytesMax: nameBytesMax - `#${alternativesMax - 1}`.length,
});

export class MeshSemaphore implements Semaphore {
  readonly name: string;
  readonly permits: number;
  readonly #granter: Granter;
  readonly #names: readonly string[];

  /** @throws `TypeError` for an impossible name or number */
  constructor(granter: Granter, name: string, permits: number) {
    this.name = nameOf(name, semaphoreName);
    if (!Number.isInteger(permits) || permits < 1 || permits > alternativesMax) {
      const range = `permits must be a whole number from 1 to ${alternativesMax}`;
      refuse(semaphoreName.act, range, permits);
    }
    this.permits = permits;
    this.#granter = granter;
    this.#names = Array.from({ length: permits }, (_, slot) => `${name}#${slot}`);
  }

  async acquire(options?: PermitOptions): Promise<Permit> {
    refuseMode(options);
    return this.#permitOf(await this.#granter.acquireAny(this.#names, options));
  }

  async tryAcquire(options?: TryPermitOptions): Promise<Permit | null> {
    refuseMode(options);
    const lock = await this.#granter.tryAcquireAny(this.#names, options);
    return lock === null ? null : this.#permitOf(lock);
  }

  #permitOf(lock: Lock): Permit {
    return Object.assign(lock, { slot: this.#names.indexOf(lock.name) });
  }
}

/** Shared by all, a permit would be no bound. */
function refuseMode(options: unknown): void {
  if (!isRecord(options) || options.mode === undefined) return;
  refuse('acquire', 'a permit must have no mode', options.mode);
}
