/**
 * Work that every instance of an application begins at about the same time, and that one of them is
 * to do: a job of cron.
 */

import { Alarm } from './alarm.ts';
import type { HeldLock } from './held-lock.ts';
import { type Holder, runWhileHeld } from './hold.ts';
import type { Lock } from './lock.ts';
import { type ClaimRequest, tryRequestOf } from './lock-request.ts';
import { describeValue, isRecord } from './option-checks.ts';
import type { Runtime } from './runtime.ts';

/** How `peer.singleton` is to run what it is given. */
export interface SingletonOptions {
  /** `fire`: once for each time at which all instances begin it. */
  readonly per: 'fire';
  /**
   * For how long after it was won a fire is remembered, in milliseconds: so far may the clocks of
   * the instances be apart. It is held for as long as the work takes in any case.
   *
   * @default the lease of the peer
   */
  readonly remember?: number;
}

/** What a date is, as far as it matters here. */
export interface DateLike {
  /** In milliseconds since 1970. */
  getTime(): number;
}

/**
 * When the work was due: the same on all instances for one fire. What schedulers call a job with
 * will do: a date, milliseconds since 1970, a text, or an object with a `date`.
 */
export type Fire = DateLike | number | string | { readonly date: DateLike };

/**
 * Does the work if no other instance does, or did.
 *
 * @param fire when it was due. Without it all fires of a name are one, for as long as they are
 * remembered: they must be further apart than that
 * @returns what the work returns; `undefined` if it is another's
 * @throws what the work throws; {@link LockLostError} at once when the lock is lost while it runs;
 * what `peer.tryAcquire` throws
 */
export type SingletonFire<T> = (fire?: Fire) => Promise<Awaited<T> | undefined>;

/**
 * Decides which instance runs a job: the interface of that name of node-cron 4.4 and later, for its
 * options `runCoordinator` or `setRunCoordinator`.
 */
export interface RunCoordinator {
  /**
   * Whether this instance runs what is called `key`: true on one of those that ask within `ttlMs`.
   *
   * @throws what `peer.tryAcquire` throws: then the fire is skipped
   */
  shouldRun(key: string, ttlMs: number): Promise<boolean>;
  /** Does nothing: what was won is remembered until its time is over. */
  onComplete(key: string): void;
}

export interface SingletonsSetup {
  readonly runtime: Runtime;
  readonly holder: Holder;
  /** How long a fire is remembered unless somebody says otherwise. */
  readonly rememberMs: number;
  tryToObtain(claim: ClaimRequest): Promise<HeldLock | null>;
}

export class Singletons {
  readonly #setup: SingletonsSetup;

  constructor(setup: SingletonsSetup) {
    this.#setup = setup;
  }

  /** @throws `TypeError` for an impossible name, function or option */
  singleton<T>(name: string, work: (lock: Lock) => T, options: SingletonOptions): SingletonFire<T> {
    if (typeof work !== 'function') refuse('what it runs', 'a function', work);
    if (!isRecord(options) || options.per !== 'fire') {
      refuse('per', "'fire'", isRecord(options) ? options.per : options);
    }
    const { remember = this.#setup.rememberMs } = options;
    if (typeof remember !== 'number' || !(remember >= 0)) {
      refuse('remember', '0 or more milliseconds', remember);
    }
    // A name that is impossible is refused here, and not at the first fire.
    tryRequestOf(name, undefined);
    return (fire) => this.#run(() => nameOf(name, fire), work, remember);
  }

  runCoordinator(): RunCoordinator {
    return {
      shouldRun: async (key, ttlMs) => {
        if (typeof ttlMs !== 'number' || !(ttlMs >= 0)) {
          const received = describeValue(ttlMs);
          throw new TypeError(`Cannot run: ttlMs must be 0 or more ms, received ${received}`);
        }
        const lock = await this.#take(`cron:${key}`);
        if (lock !== null) this.#remember(lock, this.#setup.runtime.monotonic() + ttlMs);
        return lock !== null;
      },
      onComplete: () => {},
    };
  }

  async #run<T>(
    name: () => string,
    work: (lock: Lock) => T,
    rememberMs: number,
  ): Promise<Awaited<T> | undefined> {
    const lock = await this.#take(name());
    if (lock === null) return undefined;
    const until = this.#setup.runtime.monotonic() + rememberMs;
    try {
      return await runWhileHeld(this.#setup.holder, lock, work);
    } finally {
      this.#remember(lock, until);
    }
  }

  #take(name: string): Promise<HeldLock | null> {
    // What is kept after its release would be granted to this peer again.
    return this.#setup.tryToObtain(tryRequestOf(name, { linger: 0 }));
  }

  /** Holds it until then. */
  #remember(lock: HeldLock, until: number): void {
    const { runtime } = this.#setup;
    const alarm = new Alarm(runtime, () => {
      if (runtime.monotonic() >= until) void lock.release();
      else alarm.set(until);
    });
    alarm.set(until);
    lock.whenEnded(() => alarm.cancel());
  }
}

/** The lock of one fire. */
function nameOf(name: string, fire: Fire | undefined): string {
  if (fire === undefined) return name;
  const at: unknown = isRecord(fire) && 'date' in fire ? fire.date : fire;
  if (typeof at === 'string') return `${name}@${at}`;
  const ms = isDateLike(at) ? at.getTime() : at;
  if (typeof ms === 'number' && Number.isFinite(ms)) return `${name}@${ms}`;
  const wanted = 'a date, a time in milliseconds, a text, or an object with a date';
  throw new TypeError(`Cannot run: the fire must be ${wanted}, received ${describeValue(fire)}`);
}

function isDateLike(value: unknown): value is DateLike {
  return isRecord(value) && typeof value.getTime === 'function';
}

function refuse(field: string, wanted: string, received: unknown): never {
  const what = `${field} must be ${wanted}, received ${describeValue(received)}`;
  throw new TypeError(`Cannot make a singleton: ${what}`);
}
