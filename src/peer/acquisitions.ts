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
import { type ClaimRequest, describeWanted, modeOfAll, namesOf } from './lock-request.ts';
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

  /** Whether the mesh lets locks be stolen. */
  get allowsStealing(): boolean {
    return this.#setup.options.mesh.allowSteal;
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

  /** One of these, which differ in their one name alone. */
  obtainAny(claims: readonly ClaimRequest[]): Promise<HeldLock> {
    if (!isTraced()) return this.#anyOrError(claims);
    return traceAcquire(this.#describe(unionOf(claims)), () => this.#anyOrError(claims));
  }

  /** `null` when all of them are taken. */
  tryToObtainAny(claims: readonly ClaimRequest[]): Promise<HeldLock | null> {
    if (!isTraced()) return this.#anyOrNull(claims);
    return traceAcquire(this.#describe(unionOf(claims)), () => this.#anyOrNull(claims));
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

  async #anyOrError(claims: readonly ClaimRequest[]): Promise<HeldLock> {
    const outcome = await this.#askAny(claims);
    if (outcome instanceof HeldLock) return outcome;
    throw this.#errorOf(mostTelling(outcome), unionOf(claims));
  }

  async #anyOrNull(claims: readonly ClaimRequest[]): Promise<HeldLock | null> {
    const outcome = await this.#askAny(claims);
    if (outcome instanceof HeldLock) return outcome;
    const odd = outcome.find((failure) => !isBusy(failure, this.#setup.options.mesh.quorum));
    if (odd === undefined) return null;
    throw this.#errorOf(odd, unionOf(claims));
  }

  /** @throws {PeerClosedError} */
  #ask(claim: ClaimRequest): Promise<Outcome> {
    const pause = this.#pause();
    return pause === undefined ? this.#askNow(claim) : pause.then(() => this.#askNow(claim));
  }

  /** @throws {PeerClosedError} */
  #askNow(claim: ClaimRequest): Promise<Outcome> {
    this.#requireOpen(claim);
    return this.#setup.claims.ask(this.#patientOf(claim));
  }

  /** @throws {PeerClosedError} */
  #askAny(claims: readonly ClaimRequest[]): Promise<HeldLock | readonly Failure[]> {
    const pause = this.#pause();
    return pause === undefined
      ? this.#askAnyNow(claims)
      : pause.then(() => this.#askAnyNow(claims));
  }

  /** @throws {PeerClosedError} */
  #askAnyNow(claims: readonly ClaimRequest[]): Promise<HeldLock | readonly Failure[]> {
    this.#requireOpen(unionOf(claims));
    return this.#setup.claims.askAny(claims.map((claim) => this.#patientOf(claim)));
  }

  /** What whoever watches wants to be waited for, before anything is asked. */
  #pause(): Promise<void> | undefined {
    const { isOpen, runtime } = this.#setup;
    return runtime.watcher?.onAsk?.({ isRefused: !isOpen() });
  }

  /** @throws {PeerClosedError} */
  #requireOpen(claim: ClaimRequest): void {
    const { closedError, isOpen } = this.#setup;
    if (!isOpen()) throw closedError(`Cannot acquire ${describeWanted(claim)}`);
  }

  /** A try waits for no holder, nor for long for the voters' answers, be the peer ready or not. */
  #patientOf(claim: ClaimRequest): ClaimRequest {
    if (claim.patience !== 'try') return claim;
    const { resources, patience, maxHoldMs, lingerMs, signal } = claim;
    const timeoutMs = this.#setup.options.prepareTimeoutMs;
    return { resources, patience, timeoutMs, maxHoldMs, lingerMs, signal };
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

/** What several claims ask for together, of which one is enough. */
function unionOf(claims: readonly ClaimRequest[]): ClaimRequest {
  const [first] = claims;
  if (first === undefined) throw new RangeError('One of nothing cannot be asked for');
  return { ...first, resources: claims.flatMap(({ resources }) => resources), isAny: true };
}

/** The one that was the nearest to a grant tells most: why those with the fewest ahead waited. */
function mostTelling(failures: readonly Failure[]): Failure {
  const [nearest] = failures.toSorted((one, other) => aheadOf(one) - aheadOf(other));
  if (nearest === undefined) throw new RangeError('Of nothing that was asked for nothing failed');
  return nearest;
}

function aheadOf(failure: Failure): number {
  const { reason } = failure;
  return reason === 'timeout' || reason === 'busy' ? failure.standing.ahead : Infinity;
}
