/**
 * Work that one of all instances of an application is to do: a job of cron, which all begin at
 * about the same time, or what is to run always.
 */

import { nameBytesMax } from '../protocol/claim.ts';
import { Alarm } from './alarm.ts';
import { lockName, type NameKind, nameOf, recordOf, refuse } from './call-checks.ts';
import type { LeaderWork } from './election.ts';
import type { LockmeshError } from './errors.ts';
import type { HeldLock } from './held-lock.ts';
import { runWhileHeld } from './hold.ts';
import type { Lock } from './lock.ts';
import { acquireRequestOf, type ClaimRequest, tryRequestOf } from './lock-request.ts';
import { isRecord } from './option-checks.ts';
import {
  type RunningSingleton,
  type StandingHost,
  StandingSingleton,
} from './standing-singleton.ts';

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

/** How `peer.singleton` is to keep what it is given running. */
export interface StandingSingletonOptions {
  /** `always`: on one instance at each moment, for as long as its peer lives. */
  readonly per: 'always';
  /** It is no fire that could be remembered. */
  readonly remember?: never;
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
  /** The job is done: what was won is only remembered until its time is over. */
  onComplete(key: string): void;
}

export interface SingletonsSetup extends StandingHost {
  /** How long a fire is remembered unless somebody says otherwise. */
  readonly rememberMs: number;
  tryToObtain(claim: ClaimRequest): Promise<HeldLock | null>;
}

export class Singletons {
  readonly #setup: SingletonsSetup;
  readonly #standing = new Set<StandingSingleton>();

  constructor(setup: SingletonsSetup) {
    this.#setup = setup;
  }

  /** @throws `TypeError` for an impossible name, function or option */
  make(
    name: string,
    work: ((lock: Lock) => unknown) | LeaderWork<unknown>,
    options: SingletonOptions | StandingSingletonOptions,
  ): SingletonFire<unknown> | RunningSingleton {
    return isStanding(work, options)
      ? this.#always(name, work, options)
      : this.#perFire(name, work, options);
  }

  /** What runs always runs no more; its signal aborts with `error`. */
  close(error: LockmeshError): void {
    for (const standing of this.#standing) standing.end(error);
  }

  runCoordinator(): RunCoordinator {
    const running = new Map<string, HeldLock>();
    return {
      shouldRun: async (key, ttlMs) => {
        const name = `${cron}${nameOf(key, cronKey)}`;
        if (typeof ttlMs !== 'number' || !(ttlMs >= 0)) {
          return refuse('run', 'ttlMs must be 0 or more ms', ttlMs);
        }
        const lock = await this.#take(name);
        if (lock === null) return false;
        running.set(key, lock);
        const isOver = (): void => void running.delete(key);
        this.#holdUntil(lock, this.#setup.runtime.monotonic() + ttlMs, isOver);
        return true;
      },
      onComplete: (key) => running.get(key)?.remember(),
    };
  }

  #perFire<T>(
    name: string,
    work: (lock: Lock) => T,
    options: Pick<SingletonOptions, 'remember'>,
  ): SingletonFire<T> {
    const known = ['per', 'remember'];
    const { remember = this.#setup.rememberMs } = recordOf(options, { act, known });
    if (typeof remember !== 'number' || !(remember >= 0)) {
      return refuse(act, 'remember must be 0 or more milliseconds', remember);
    }
    nameOf(name, firedName);
    return (fire) => this.#run(() => nameOfFire(name, fire), work, remember);
  }

  #always(name: string, work: LeaderWork<unknown>, options: object): RunningSingleton {
    const unknown = Object.keys(options).find((option) => option !== 'per');
    if (unknown !== undefined) refuse(act, "with per: 'always' options must be per alone", unknown);
    const claim = acquireRequestOf(nameOf(name, { ...lockName, act }), { linger: 0 }, false);
    const standing = new StandingSingleton(this.#setup, claim, work);
    this.#standing.add(standing);
    void standing.ended.then(() => this.#standing.delete(standing));
    return standing;
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
      this.#holdUntil(lock, until);
      lock.remember();
    }
  }

  #take(name: string): Promise<HeldLock | null> {
    // What is kept after its release would be granted to this peer again.
    return this.#setup.tryToObtain(tryRequestOf(name, { linger: 0 }));
  }

  #holdUntil(lock: HeldLock, until: number, onOver: () => void = () => {}): void {
    const { runtime } = this.#setup;
    const alarm = new Alarm(runtime, () => {
      if (runtime.monotonic() < until) return alarm.set(until);
      onOver();
      void lock.release();
    });
    alarm.set(until);
    lock.whenEnded(() => {
      alarm.cancel();
      onOver();
    });
  }
}

const act = 'make a singleton';

/** Any time, with its mark, has fewer. */
const fireBytesMax = 32;

const firedName: NameKind = Object.freeze({
  ...lockName,
  act,
  bytesMax: nameBytesMax - fireBytesMax,
});

const withFire: NameKind = Object.freeze({ ...lockName, act: 'run', what: 'name and fire' });

const cron = 'cron:';

const cronKey: NameKind = Object.freeze({
  act: 'run',
  what: 'key',
  bytesMax: nameBytesMax - cron.length,
});

/** The lock of one fire. */
function nameOfFire(name: string, fire: Fire | undefined): string {
  if (fire === undefined) return name;
  const at: unknown = isRecord(fire) && 'date' in fire ? fire.date : fire;
  if (typeof at === 'string') return nameOf(`${name}@${at}`, withFire);
  const ms = isDateLike(at) ? at.getTime() : at;
  if (typeof ms === 'number' && Number.isFinite(ms)) return `${name}@${ms}`;
  const wanted = 'a date, a time in milliseconds, a text, or an object with a date';
  return refuse('run', `the fire must be ${wanted}`, fire);
}

function isDateLike(value: unknown): value is DateLike {
  return isRecord(value) && typeof value.getTime === 'function';
}

/** Whether the work is to run always. @throws `TypeError` if that is not said */
function isStanding(work: unknown, options: unknown): work is LeaderWork<unknown> {
  if (typeof work !== 'function') refuse(act, 'what it runs must be a function', work);
  const per = isRecord(options) ? options.per : options;
  if (per !== 'fire' && per !== 'always') refuse(act, "per must be 'fire' or 'always'", per);
  return per === 'always';
}
