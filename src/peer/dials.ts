/**
 * Dials a peer and goes through the handshake as the side that dialled. The way's state says
 * whether a dial is still wanted: when the peer has linked by a connection of its own, what the
 * dial still brings is ignored.
 */

import { DiallerHandshake, type HandshakeOptions, type RemotePeer } from './handshake.ts';
import { type Refused, refuseStranger } from './handshake-refusals.ts';
import type { Connection, Transport } from './transport.ts';
import type { Way } from './way.ts';

export interface DialsEvents {
  /** The connection's handlers are the receiver's from now on. */
  onLinked(connection: Connection, peer: RemotePeer): void;
  /** One side refused the other. The way is still `dialling`; the connection is closing. */
  onRefused(way: Way, connection: Connection, refused: Refused): void;
  /** There was no connection, or it broke. The way is still `dialling`. */
  onFailed(way: Way, reason: string): void;
}

export interface DialsOptions {
  readonly transport: Transport;
  /** For the connection, and for the handshake on it. */
  readonly handshakeTimeoutMs: number;
  /** By the monotonic clock, in milliseconds. */
  now(): number;
  handshakeOptions(connection: Connection): HandshakeOptions;
}

export class Dials {
  readonly #options: DialsOptions;
  readonly #events: DialsEvents;

  constructor(options: DialsOptions, events: DialsEvents) {
    this.#options = options;
    this.#events = events;
  }

  /** Dials the peer of a way that is `waiting`. */
  start(way: Way, nowMs: number): void {
    const { address, peer } = way;
    if (address === null) return;
    const connection = this.#options.transport.dial(address);
    way.dialled(connection, nowMs + this.#options.handshakeTimeoutMs);
    const handshake = new DiallerHandshake(this.#options.handshakeOptions(connection), peer);
    connection.attach({
      onOpen: () => {
        if (!isDialling(way, connection)) return;
        way.opened(this.#options.now() + this.#options.handshakeTimeoutMs);
        connection.send(handshake.greeting);
      },
      onMessage: (bytes) => {
        if (isDialling(way, connection)) this.#receive(way, connection, handshake.receive(bytes));
      },
      onClose: (reason, misused) => {
        if (isDialling(way, connection)) this.#onClose(way, connection, { reason, misused });
      },
    });
  }

  /** Ends a dial whose deadline has come. */
  expire(way: Way): void {
    const { state } = way;
    if (state.state !== 'dialling') return;
    const { connection, opened } = state;
    const detail = `${way.address} did not answer within ${this.#options.handshakeTimeoutMs} ms`;
    connection.destroy(detail);
    // A connection that stands, and then says nothing, is worth a report; one that never stood is
    // not.
    if (opened) {
      this.#events.onRefused(way, connection, refuseStranger('timeout', detail, way.peer));
    } else {
      this.#events.onFailed(way, detail);
    }
  }

  #receive(way: Way, connection: Connection, step: ReturnType<DiallerHandshake['receive']>): void {
    if (step.send !== null) connection.send(step.send);
    if (step.state === 'linked') {
      this.#events.onLinked(connection, step.peer);
    } else if (step.state === 'refused') {
      connection.close(step.objection.code);
      this.#events.onRefused(way, connection, step);
    }
  }

  #onClose(way: Way, connection: Connection, end: { reason: string; misused: boolean }): void {
    if (end.misused) {
      const refused = refuseStranger('malformed', end.reason, way.peer);
      this.#events.onRefused(way, connection, refused);
    } else {
      this.#events.onFailed(way, end.reason);
    }
  }
}

function isDialling(way: Way, connection: Connection): boolean {
  return way.state.state === 'dialling' && way.state.connection === connection;
}
