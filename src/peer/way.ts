/**
 * The way to one other peer: what links.ts remembers of it, and in which of three states it is.
 *
 *             dial due                 welcomed
 *     waiting ────────▶ dialling ─────────────────▶ up
 *        ▲  ▲──────────────┘ failed, refused         │
 *        │                                           │  ▲ the peer dialled us and proved itself:
 *        └───────────────────────────────────────────┘  │ from any state, in place of a dial or
 *                    lost, dropped                        an older link
 */

import type { Incarnation, PeerId } from '../protocol/ids.ts';
import { redialDelayMs, type Setback } from './backoff.ts';
import type { Refused } from './handshake-refusals.ts';
import type { LinkStatus, RefusalCode } from './link-types.ts';
import type { Connection } from './transport.ts';

export type WayState =
  | {
      readonly state: 'waiting';
      /** When to dial; Infinity for a peer that is never dialled. */
      readonly dialAtMs: number;
    }
  | {
      readonly state: 'dialling';
      readonly connection: Connection;
      readonly deadlineMs: number;
      /** Whether the connection stands and the handshake is under way. */
      readonly opened: boolean;
    }
  | {
      readonly state: 'up';
      readonly connection: Connection;
      readonly incarnation: Incarnation;
      readonly sinceMs: number;
    };

/**
 * A link that lasted less is one more failure: a peer that drops us at once is not dialled at once.
 */
const steadyMs = 1_000;

export interface WayOptions {
  readonly us: PeerId;
  readonly peer: PeerId;
  /** Where it listens; `null` when it is not to be dialled. */
  readonly address: string | null;
  readonly leaseMs: number;
  readonly nowMs: number;
  random(): number;
}

export class Way {
  readonly peer: PeerId;
  readonly address: string | null;
  readonly #us: PeerId;
  readonly #leaseMs: number;
  readonly #random: () => number;
  #state: WayState;
  /** The newest incarnation that was ever linked; `null` before. */
  #newest: Incarnation | null = null;
  /** When the last message came on the present or latest link. */
  #heardAtMs = Number.NEGATIVE_INFINITY;
  #downSinceMs: number;
  /** Failed dials and short-lived links in a row. */
  #failures = 0;
  /** Those of them, up to the last, that were refusals in a row. */
  #refusals = 0;
  #lastError: string | null = null;
  /** Since when every answer of this peer was that we are a duplicate. */
  #duplicateSinceMs: number | null = null;

  constructor(options: WayOptions) {
    this.peer = options.peer;
    this.address = options.address;
    this.#us = options.us;
    this.#leaseMs = options.leaseMs;
    this.#random = options.random;
    this.#downSinceMs = options.nowMs;
    this.#state = { state: 'waiting', dialAtMs: this.#earliest(options.nowMs) };
  }

  get state(): WayState {
    return this.#state;
  }

  get newest(): Incarnation | null {
    return this.#newest;
  }

  get heardAtMs(): number {
    return this.#heardAtMs;
  }

  /** When something is due on this way; Infinity when nothing is. */
  get wakeAtMs(): number {
    switch (this.#state.state) {
      case 'waiting':
        return this.#state.dialAtMs;
      case 'dialling':
        return this.#state.deadlineMs;
      default:
        return Number.POSITIVE_INFINITY;
    }
  }

  dialled(connection: Connection, deadlineMs: number): void {
    this.#state = { state: 'dialling', connection, deadlineMs, opened: false };
  }

  /** The connection stands: the handshake on it has time of its own. */
  opened(deadlineMs: number): void {
    if (this.#state.state !== 'dialling') return;
    this.#state = { ...this.#state, opened: true, deadlineMs };
  }

  linked(connection: Connection, incarnation: Incarnation, nowMs: number): void {
    this.#state = { state: 'up', connection, incarnation, sinceMs: nowMs };
    this.#newest = incarnation;
    this.#heardAtMs = nowMs;
    this.#duplicateSinceMs = null;
  }

  heard(nowMs: number): void {
    this.#heardAtMs = nowMs;
  }

  /** One side refused the other when we dialled. */
  refused({ objection, byUs }: Refused, nowMs: number): void {
    const { code, detail } = objection;
    this.ended(
      setbackOf(code, byUs),
      `${byUs ? 'Refused it' : 'Refused by it'} (${code}): ${detail}`,
      nowMs,
    );
  }

  /**
   * The dial failed, or the link is gone. `crossing` counts for nothing: the peer is dialling us.
   */
  ended(setback: Setback | 'crossing', reason: string, nowMs: number): void {
    if (setback !== 'crossing') {
      this.#lastError = reason;
      this.#count(setback, nowMs);
      if (setback === 'failed') this.#duplicateSinceMs = null;
    }
    if (this.#state.state === 'up') this.#downSinceMs = nowMs;
    // Of two peers that lose their link at once, the smaller dials at once, so that they do not
    // cross.
    const wait =
      this.#failures === 0 && setback === 'lost' && this.#us < this.peer
        ? 0
        : redialDelayMs({
            setback: setback === 'crossing' ? 'failed' : setback,
            attempts: this.#attempts(setback),
            leaseMs: this.#leaseMs,
            random: this.#random(),
          });
    this.#state = { state: 'waiting', dialAtMs: this.#earliest(nowMs + wait) };
  }

  /** Ends what is there, an established link after what was sent on it, for good. */
  close(reason: string, nowMs: number): void {
    const { state } = this;
    if (state.state === 'up') state.connection.close(reason);
    if (state.state === 'dialling') state.connection.destroy(reason);
    this.#lastError = reason;
    if (state.state === 'up') this.#downSinceMs = nowMs;
    this.#state = { state: 'waiting', dialAtMs: Number.POSITIVE_INFINITY };
  }

  /**
   * The peer, believed, refused us: whether it has done so as a duplicate for so long that what it
   * hears cannot be the remains of our earlier run.
   */
  refusedAsDuplicate(code: RefusalCode, nowMs: number): boolean {
    if (code !== 'duplicate') {
      this.#duplicateSinceMs = null;
      return false;
    }
    this.#duplicateSinceMs ??= nowMs;
    return nowMs - this.#duplicateSinceMs > this.#leaseMs / 2;
  }

  status(): LinkStatus {
    const { peer } = this;
    if (this.#state.state === 'up') {
      const { connection, incarnation, sinceMs } = this.#state;
      return { state: 'up', peer, sinceMs, incarnation, remote: connection.remote };
    }
    return {
      state: 'down',
      peer,
      sinceMs: this.#downSinceMs,
      address: this.address,
      attempts: this.#failures,
      lastError: this.#lastError,
    };
  }

  #count(setback: Setback, nowMs: number): void {
    const wasSteady = this.#state.state === 'up' && nowMs - this.#state.sinceMs >= steadyMs;
    this.#failures = wasSteady ? 0 : this.#failures + 1;
    this.#refusals = setback === 'refused' ? this.#refusals + 1 : 0;
  }

  /** A peer that was away for long and refuses once has not refused for long. */
  #attempts(setback: Setback | 'crossing'): number {
    if (setback === 'crossing') return 1;
    return setback === 'refused' ? this.#refusals : this.#failures;
  }

  #earliest(atMs: number): number {
    return this.address === null ? Number.POSITIVE_INFINITY : atMs;
  }
}

function setbackOf(code: RefusalCode, byUs: boolean): Setback | 'crossing' {
  switch (code) {
    case 'crossing':
      return 'crossing';
    case 'crowded':
    case 'timeout':
      return 'failed';
    case 'duplicate':
      return byUs ? 'refused' : 'duplicate';
    default:
      return 'refused';
  }
}
