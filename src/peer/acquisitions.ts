/**
 * Asks for claims and awaits how they come out: as a lock, as an error, or as `null` where a try
 * found it taken.
 */

import type { Failure } from '../protocol/output.ts';
import type { Claims, Outcome } from './claims.ts';
import type { LockmeshError, PeerClosedError } from './errors.ts';
import { errorOf, isBusy } from './failures.ts';
import { HeldLock } from './held-lock.ts';
import type { LinkStatus } from './link-types.ts';
import { type ClaimRequest, describeNames, modeOfAll, namesOf } from './lock-request.ts';
import type { ResolvedOptions } from './resolve-options.ts';
import type { Runtime } from './runtime.ts';
import { type AcquireTrace, isTraced, traceAcquire } from './tracing.ts';

export interface AcquisitionsSetup {
  readonly options: ResolvedOptions;
  readonly runtime: Runtime;
  readonly claims: Claims;
  readonly links: () => readonly LinkStatus[];
  readonly isOpen: () => boolean;
  /** Why a peer that is not open cannot do what `act` says. */
  readonly closedError: (act: string) => PeerClosedError;
}

export class Acquisitions {
  readonly #setup: AcquisitionsSetup;

  constructor(setup: AcquisitionsSetup) {
    this.#setup = setup;
  }

  obtain(claim: ClaimRequest): Promise<HeldLock> {
    if (!isTraced()) return this.#lockOrError(claim);
    return traceAcquire(this.#describe(claim), () => this.#lockOrError(claim));
  }

  /** `null` when it is taken. */
  tryToObtain(claim: ClaimRequest): Promise<HeldLock | null> {
    if (!isTraced()) return this.#lockOrNull(claim);
    return traceAcquire(this.#describe(claim), () => this.#lockOrNull(claim));
  }

  /** Awaits, though it need not: so the stack of the error leads to whoever asked. */
  async #lockOrError(claim: ClaimRequest): Promise<HeldLock> {
    const outcome = await this.#ask(claim);
    if (outcome instanceof HeldLock) return outcome;
    throw this.#errorOf(outcome, claim);
  }

  async #lockOrNull(claim: ClaimRequest): Promise<HeldLock | null> {
    const outcome = await this.#ask(claim);
    if (outcome instanceof HeldLock) return outcome;
    if (isBusy(outcome, this.#setup.options.mesh.quorum)) return null;
    throw this.#errorOf(outcome, claim);
  }

  /** @throws {PeerClosedError} */
  #ask(claim: ClaimRequest): Promise<Outcome> {
    const { runtime, isOpen } = this.#setup;
    const pause = runtime.watcher?.onAsk?.({ isRefused: !isOpen() });
    return pause === undefined ? this.#askNow(claim) : pause.then(() => this.#askNow(claim));
  }

  /** @throws {PeerClosedError} */
  #askNow(claim: ClaimRequest): Promise<Outcome> {
    const { claims, closedError, isOpen, options } = this.#setup;
    if (!isOpen()) throw closedError(`Cannot acquire ${describeNames(namesOf(claim.resources))}`);
    if (claim.patience === 'wait') return claims.ask(claim);
    // A try waits for no holder, nor for long for the voters' answers, be the peer ready or not.
    const { resources, patience, maxHoldMs, lingerMs, signal } = claim;
    const timeoutMs = options.prepareTimeoutMs;
    return claims.ask({ resources, patience, timeoutMs, maxHoldMs, lingerMs, signal });
  }

  #errorOf(failure: Failure, claim: ClaimRequest): LockmeshError {
    const { links, options, runtime } = this.#setup;
    const { quorum, replicas, voters } = options.mesh;
    return errorOf(failure, {
      request: claim,
      quorum,
      isDivided: replicas < voters.length,
      links: links(),
      nowMs: runtime.monotonic(),
      wallMs: runtime.wall(),
    });
  }

  #describe({ resources }: ClaimRequest): AcquireTrace {
    const { id } = this.#setup.options;
    return { peer: id, names: namesOf(resources), mode: modeOfAll(resources) };
  }
}
