/**
 * Accepted connections whose other end has not proved who it is: bounded in number and in time.
 * Beyond the bound the oldest gives way, since an honest peer is through within moments. One that
 * was refused counts until its connection is gone.
 */

import type { PeerId } from '../protocol/ids.ts';
import type { HandshakeStep, ListenerHandshake, RemotePeer } from './handshake.ts';
import { type Refused, refuseStranger } from './handshake-refusals.ts';
import type { Connection } from './transport.ts';

export interface StrangersEvents {
  /** Its handlers are the receiver's from now on. */
  onLinked(connection: Connection, peer: RemotePeer): void;
  onRefused(connection: Connection, refused: Refused): void;
}

interface Stranger {
  readonly connection: Connection;
  readonly handshake: ListenerHandshake;
  readonly deadlineMs: number;
  refused: boolean;
}

export class Strangers {
  readonly #max: number;
  readonly #events: StrangersEvents;
  /** The oldest first, and so the one whose deadline comes first. */
  readonly #strangers = new Set<Stranger>();

  constructor(max: number, events: StrangersEvents) {
    this.#max = max;
    this.#events = events;
  }

  /** When the next deadline comes; Infinity when there is none. */
  get wakeAtMs(): number {
    for (const stranger of this.#strangers) return stranger.deadlineMs;
    return Number.POSITIVE_INFINITY;
  }

  add(connection: Connection, handshake: ListenerHandshake, deadlineMs: number): void {
    const stranger: Stranger = { connection, handshake, deadlineMs, refused: false };
    this.#strangers.add(stranger);
    connection.attach({
      onOpen() {},
      onMessage: (bytes) => this.#receive(stranger, bytes),
      onClose: (reason, misused) => {
        if (misused) this.#cut(stranger, 'malformed', reason);
        else this.#strangers.delete(stranger);
      },
    });
    const [oldest] = this.#strangers;
    if (this.#strangers.size > this.#max && oldest !== undefined) {
      this.#cut(oldest, 'crowded', `More than ${this.#max} connections were in their handshake`);
    }
  }

  wake(nowMs: number): void {
    for (const stranger of this.#strangers) {
      if (stranger.deadlineMs > nowMs) return;
      this.#cut(stranger, 'timeout', 'The handshake took too long');
    }
  }

  /**
   * Cuts those that say they are `peer`, which has just linked by another connection. They began
   * before it, so the peer itself has given them up; its last words on them may still be under way,
   * and would put a dead connection in the place of the live one.
   */
  supersede(peer: PeerId): void {
    for (const stranger of this.#strangers) {
      if (stranger.handshake.peer !== peer) continue;
      this.#strangers.delete(stranger);
      stranger.connection.destroy('The peer has linked by another connection');
    }
  }

  destroy(reason: string): void {
    for (const { connection } of this.#strangers) connection.destroy(reason);
    this.#strangers.clear();
  }

  #receive(stranger: Stranger, bytes: Uint8Array): void {
    if (!stranger.refused) this.#apply(stranger, stranger.handshake.receive(bytes));
  }

  #apply(stranger: Stranger, step: HandshakeStep): void {
    const { connection } = stranger;
    if (step.send !== null) connection.send(step.send);
    if (step.state === 'linked') {
      this.#strangers.delete(stranger);
      this.#events.onLinked(connection, step.peer);
    } else if (step.state === 'refused') {
      stranger.refused = true;
      connection.close(step.objection.code);
      this.#events.onRefused(connection, step);
    }
  }

  #cut(stranger: Stranger, code: 'crowded' | 'malformed' | 'timeout', detail: string): void {
    const { connection, handshake, refused } = stranger;
    this.#strangers.delete(stranger);
    connection.destroy(detail);
    if (!refused) this.#events.onRefused(connection, refuseStranger(code, detail, handshake.peer));
  }
}
