/**
 * Everything outside that a peer touches: time, chance, disk, network. Production gives it Node's
 * (node-runtime.ts), the simulator its own; nothing else in src/peer may reach for them.
 */

import type { ClaimId, Incarnation, PeerId } from '../protocol/ids.ts';
import type { Input, Time } from '../protocol/input.ts';
import type { NodeSizes } from '../protocol/node.ts';
import type { NodeOptions } from '../protocol/options.ts';
import type { Output } from '../protocol/output.ts';
import type { Transport } from './transport.ts';

export interface Runtime {
  readonly transport: Transport;
  /** Where the state file is kept; `null` when the peer keeps none. */
  readonly storage: Storage | null;
  /** Sees every step of the peer's core; `null` in production, unless it is traced. */
  readonly watcher: StepWatcher | null;
  /** Milliseconds, with fractions, of a clock that never goes back. */
  monotonic(): number;
  /** Milliseconds since 1970, as the machine believes. */
  wall(): number;
  /** At least 0, less than 1. */
  random(): number;
  /** Unpredictable bytes, for challenges. */
  randomBytes(size: number): Uint8Array;
  /** Calls back once after about `ms` milliseconds. The driver holds at most one. */
  setTimer(ms: number, callback: () => void): Timer;
  /**
   * Calls back once what is under way in this turn of the event loop, microtasks included, is done.
   */
  endOfTurn(callback: () => void): void;
}

export interface Timer {
  cancel(): void;
}

/** Keeps a few bytes across restarts. */
export interface Storage {
  /** The bytes last saved; `undefined` when there are none. Rejects when they cannot be read. */
  load(): Promise<Uint8Array | undefined>;
  /** Resolves once the bytes are durable; all of them or, after a crash, those before. */
  save(bytes: Uint8Array): Promise<void>;
}

/**
 * Sees each step of a core when its outputs are known and not yet carried out. None of what it does
 * may call into the peer, or throw.
 */
export interface StepWatcher {
  /** Set by the peer: tells of what goes wrong with the watcher. */
  onTrouble?: (error: unknown) => void;
  onStart?(core: WatchedCore, start: CoreStart): void;
  onStep(core: WatchedCore, step: WatchedStep): void;
  onEnd?(core: WatchedCore, end: CoreEnd): void;
  /**
   * The application asks for something, which a peer that is no longer open refuses at once. The
   * peer goes on after what is returned.
   */
  onAsk?(ask: { readonly isRefused: boolean }): Promise<void> | undefined;
  /** The peer has closed, and waits until this resolves. Never rejects. */
  close?(): Promise<void>;
}

/** What a core was made of, and when. */
export interface CoreStart {
  readonly options: NodeOptions;
  readonly time: Time;
}

/** How a core came to its end. */
export interface CoreEnd {
  readonly time: Time;
  /** The bug that ended it; `null` where it was closed. */
  readonly error: unknown;
  /** The input in which the core threw it; `null` where it did not. */
  readonly input: Input | null;
}

/** One incarnation's core, as far as it may be looked at from outside. */
export interface WatchedCore {
  readonly peer: PeerId;
  readonly incarnation: Incarnation;
  /** When it was made, by the monotonic clock. */
  readonly startedMs: number;
  /** How much it keeps at present. */
  readonly sizes: NodeSizes;
  /** Whether a claim is held, by the clocks at the call: what `lock.held` reads. */
  holds(claim: ClaimId): boolean;
  /** For how many milliseconds it stays so if nothing more is heard; 0 if it is not held. */
  validForMs(claim: ClaimId): number;
}

/** What a core was told, when, and what it asks for. */
export interface WatchedStep {
  readonly input: Input;
  readonly time: Time;
  readonly outputs: readonly Output[];
}
