/**
 * The lock that a holder has in hand. It knows its own end; whether it is still held is the core's
 * to say.
 *
 *     held ──release()──▶ released
 *      └──lost, or closed by the peer──▶ ended (signal aborted)
 */

import { sharedOnly } from '../protocol/claim.ts';
import type { ClaimId } from '../protocol/ids.ts';
import type { Resource } from '../protocol/message.ts';
import type { LockLostError, PeerClosedError } from './errors.ts';
import type { Lock, LockMode } from './lock.ts';
import { type ClaimRequest, describeNames, modeOfAll, namesOf } from './lock-request.ts';
import { type HeldByCaller, runHoldingNothing } from './reentrancy.ts';

/** What keeps the claim that a lock stands for. */
export interface LockKeeper {
  /** Whether the claim is held, by the clock of this moment. */
  holds(claim: ClaimId): boolean;
  /** Until when it is held if nothing more is heard, in milliseconds since 1970. */
  deadlineOf(claim: ClaimId): number;
  /** The holder is done with it. */
  release(claim: ClaimId): void;
  /** The holder is to be told when others want it. */
  heed(claim: ClaimId): void;
  /** The holder shares it from now on. */
  downgrade(claim: ClaimId): void;
  /** A holder is done with what stays held. */
  onRemembered(): void;
  /** `holds` was false: what has been lost is to be told now rather than at the next wake-up. */
  settle(claim: ClaimId): void;
}

/** Why a lock ended without its holder's doing. */
export type LockEnd = LockLostError | PeerClosedError;

type State =
  | { readonly state: 'held' }
  | { readonly state: 'released' }
  | { readonly state: 'ended'; readonly error: LockEnd };

const held: State = Object.freeze({ state: 'held' });
const released: State = Object.freeze({ state: 'released' });

/** What every release returns: it is over at once. */
const done: Promise<void> = Promise.resolve();

export class HeldLock implements Lock, HeldByCaller {
  readonly acquiredAt: number;
  readonly name: string;
  readonly names: readonly string[];
  readonly token: number;
  readonly #claim: ClaimId;
  readonly #keeper: LockKeeper;
  #resources: readonly Resource[];
  #state: State = held;
  /** Made on first use: it costs more than a lock does. */
  #controller: AbortController | undefined;
  #wanted: AbortController | undefined;
  #onEnd: ((error: LockEnd) => void) | undefined;
  /** Whether its holder is done, and it is held only so that nobody else gets it for a while. */
  isRemembered = false;
  /** Of one that leads. */
  #onReleased: (() => void) | null = null;

  constructor(keeper: LockKeeper, request: ClaimRequest, grant: Grant) {
    this.acquiredAt = grant.at;
    this.names = namesOf(request.resources);
    this.name = this.names[0] ?? '';
    this.#resources = request.resources;
    this.token = grant.token;
    this.#claim = grant.claim;
    this.#keeper = keeper;
  }

  get contended(): AbortSignal {
    if (this.#wanted === undefined) {
      this.#wanted = new AbortController();
      if (this.#state.state === 'held') this.#keeper.heed(this.#claim);
    }
    return this.#wanted.signal;
  }

  get deadline(): number {
    return this.#state.state === 'held' ? this.#keeper.deadlineOf(this.#claim) : 0;
  }

  get held(): boolean {
    return this.#state.state === 'held' && this.#keeper.holds(this.#claim);
  }

  /** Whether its holder is done with it. */
  get isReleased(): boolean {
    return this.#state.state === 'released';
  }

  get mode(): LockMode {
    return modeOfAll(this.#resources);
  }

  get resources(): readonly Resource[] {
    return this.#resources;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#state.state === 'ended') this.#controller.abort(this.#state.error);
    }
    return this.#controller.signal;
  }

  async downgrade(): Promise<void> {
    this.throwIfLost();
    if (this.#state.state !== 'held' || this.mode === 'shared') return;
    if (this.#onReleased !== null) {
      const why = 'whoever leads holds it alone';
      const message = `Cannot downgrade ${describeNames(this.names)}: ${why}`;
      throw new DOMException(message, 'InvalidStateError');
    }
    this.#resources = sharedOnly(this.#resources);
    this.#keeper.downgrade(this.#claim);
  }

  release(): Promise<void> {
    if (this.#state.state === 'held') {
      this.#state = released;
      this.#keeper.release(this.#claim);
      this.#onReleased?.();
    }
    return done;
  }

  throwIfLost(): void {
    if (this.#state.state === 'held' && !this.held) this.#keeper.settle(this.#claim);
    if (this.#state.state === 'ended') throw this.#state.error;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.release();
  }

  /** The claim that it stands for, if that is one of this keeper. */
  claimOf(keeper: object): ClaimId | undefined {
    return keeper === this.#keeper ? this.#claim : undefined;
  }

  remember(): void {
    this.isRemembered = true;
    this.#keeper.onRemembered();
  }

  /** Calls back when the lock ends without its holder's doing; at once if it has. At most one. */
  whenEnded(callback: (error: LockEnd) => void): void {
    if (this.#state.state === 'ended') callback(this.#state.error);
    else this.#onEnd = callback;
  }

  /** It is held to lead: it is not to be shared, and calls back when it is released. */
  lead(onReleased: () => void): void {
    this.#onReleased = onReleased;
  }

  /** Others want it. */
  want(): void {
    runHoldingNothing(() => this.#wanted?.abort());
  }

  /** Lost, or taken back by `close`. Does nothing to a lock that is not held. */
  end(error: LockEnd): void {
    if (this.#state.state !== 'held') return;
    this.#state = { state: 'ended', error };
    runHoldingNothing(() => this.#controller?.abort(error));
    this.#onEnd?.(error);
  }
}

/** What is known of a grant when it comes. */
export interface Grant {
  readonly claim: ClaimId;
  readonly token: number;
  /** In milliseconds since 1970. */
  readonly at: number;
}
