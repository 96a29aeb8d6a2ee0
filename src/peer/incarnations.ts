/**
 * Keeps one driver running: that of the present incarnation. When others have heard of a newer
 * incarnation of this peer than the one that runs, it makes way for a newer one still.
 */

import { stampAt } from '../protocol/clock.ts';
import {
  type ClaimId,
  type Incarnation,
  incarnation,
  type LookNumber,
  stamp,
  wallMs,
} from '../protocol/ids.ts';
import type { Time } from '../protocol/input.ts';
import type { ClaimsDriver } from './claims.ts';
import { Driver } from './driver.ts';
import type { DriverEvents } from './driver-events.ts';
import type { DurableState } from './durable-state.ts';
import { ConfigError, InternalError, type LockmeshError } from './errors.ts';
import type { ClaimRequest } from './lock-request.ts';
import type { ResolvedOptions } from './resolve-options.ts';
import type { Runtime } from './runtime.ts';

/** What is told besides what the driver tells. */
export interface IncarnationsEvents
  extends Omit<DriverEvents, 'onCrash' | 'onDuplicate' | 'onStale'> {
  /** The present incarnation ends: nothing that it holds is held any more. */
  onRestarting(): void;
  /** A new one has begun, and knows of no claim. */
  onRestarted(): void;
  /** None will follow. */
  onFatal(error: LockmeshError): void;
}

export interface IncarnationsSetup {
  readonly options: ResolvedOptions;
  readonly runtime: Runtime;
  readonly durable: DurableState;
}

export class Incarnations implements ClaimsDriver {
  readonly #setup: IncarnationsSetup;
  readonly #events: IncarnationsEvents;
  #driver: Driver;
  /** The start or restart that is under way, or the last one. Never rejects. */
  #starting: Promise<void> = Promise.resolve();
  #closing: Promise<void> | undefined;

  constructor(setup: IncarnationsSetup, events: IncarnationsEvents) {
    this.#setup = setup;
    this.#events = events;
    this.#driver = this.#createDriver(firstIncarnation(setup));
  }

  /** The driver that runs; another one after a restart. */
  get driver(): Driver {
    return this.#driver;
  }

  /**
   * Makes the incarnation durable, then shows it to others.
   *
   * @throws {ConfigError} when it cannot listen, or the state file cannot be written
   */
  async start(): Promise<void> {
    const started = this.#begin(this.#driver);
    this.#starting = started.catch(() => {});
    await started;
  }

  /** Nothing lingers from now on. */
  retire(): void {
    this.#driver.tell({ type: 'retire' });
  }

  /** Sends what waits, and closes all links. Never rejects. */
  close(): Promise<void> {
    this.#closing ??= this.#starting.then(() => this.#driver.close());
    return this.#closing;
  }

  get time(): Time {
    return this.#driver.time;
  }

  acquire(claim: ClaimId, request: ClaimRequest): void {
    const { resources, patience, timeoutMs, maxHoldMs, value = null } = request;
    const { holding, alternatives } = request;
    const lingerMs = request.lingerMs ?? this.#setup.options.lingerMs;
    this.#driver.tell({
      type: 'acquire',
      claim,
      resources,
      patience,
      timeoutMs,
      maxHoldMs,
      lingerMs,
      value,
      ...(holding && { holding }),
      ...(alternatives && { alternatives }),
    });
  }

  release(claim: ClaimId): void {
    this.#driver.tell({ type: 'release', claim });
  }

  heed(claim: ClaimId): void {
    this.#driver.tell({ type: 'heed', claim });
  }

  downgrade(claim: ClaimId): void {
    this.#driver.tell({ type: 'downgrade', claim });
  }

  /** Its application is told who leads in an election, but for those with smaller tokens. */
  observe(name: string, floor: number): void {
    this.#driver.tell({ type: 'observe', name, floor: stamp(floor) });
  }

  unobserve(name: string): void {
    this.#driver.tell({ type: 'unobserve', name });
  }

  holds(claim: ClaimId): boolean {
    return this.#driver.holds(claim);
  }

  validForMs(claim: ClaimId): number {
    return this.#driver.validForMs(claim);
  }

  look(look: LookNumber, name: string | null): void {
    this.#driver.tell({ type: 'look', look, name });
  }

  settle(): void {
    this.#driver.settle();
  }

  #createDriver(of: Incarnation): Driver {
    return new Driver(
      { ...this.#setup, incarnation: of },
      {
        ...this.#events,
        onDuplicate: (detail) => this.#events.onFatal(duplicateError(detail)),
        onStale: (newest) => this.#onStale(newest),
        onCrash: (error) => this.#events.onFatal(crashError(error)),
      },
    );
  }

  #onStale(newest: Incarnation): void {
    if (this.#closing !== undefined) return;
    const old = this.#driver;
    this.#events.onRestarting();
    this.#driver = this.#createDriver(incarnation(newest + 1));
    this.#starting = this.#restart(old, this.#driver);
    this.#events.onRestarted();
  }

  /** The old driver has the port that the new one will listen on. */
  async #restart(old: Driver, next: Driver): Promise<void> {
    await old.close();
    try {
      if (this.#closing === undefined) await this.#begin(next);
    } catch (error) {
      this.#events.onFatal(error instanceof ConfigError ? error : crashError(error));
    }
  }

  async #begin(driver: Driver): Promise<void> {
    const { durable } = this.#setup;
    await durable.begin(driver.incarnation).catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      throw new ConfigError(`Cannot start peer: ${why}`, { field: 'stateFile', cause: error });
    });
    if (this.#closing === undefined) await driver.start();
  }
}

/**
 * Greater than that of every earlier start: by the state file for certain, else by the wall clock,
 * with some chance added for starts within one millisecond.
 */
function firstIncarnation({ durable, runtime }: IncarnationsSetup): Incarnation {
  const byClock =
    stampAt(wallMs(Math.floor(runtime.wall()))) + Math.floor(runtime.random() * 4_096);
  return incarnation(Math.max(byClock, durable.incarnation + 1));
}

function duplicateError(detail: string): ConfigError {
  const message = `Cannot stay in the mesh: id must be that of one running process, but ${detail}`;
  return new ConfigError(message, { field: 'id' });
}

function crashError(cause: unknown): InternalError {
  const why = cause instanceof Error ? cause.message : String(cause);
  const message = `Closed this peer: it found a fault in itself, please report it: ${why}`;
  return new InternalError(message, { cause });
}
