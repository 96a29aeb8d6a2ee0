/**
 * One connection between two processes, as a WebSocket is one: each direction in order, each
 * message whole, until it breaks; and it breaks in all the ways that sockets do, so that the two
 * ends may think differently of it.
 */

import type { Connection, ConnectionHandlers } from '../peer/transport.ts';
import type { Link, Mishap } from './link.ts';
import type { Parcel } from './parcel.ts';
import type { Actor } from './task.ts';
import type { Wire } from './wire.ts';

/** The largest message that a receiver takes, as the WebSocket transport has it. */
const messageBytesMax = 1024 * 1024;

/** Messages of which peers may tell their application something; of later ones, their core does. */
const handshakeMessages = 4;

/** How long an end that closes waits for the other to agree. */
const closeUs = 1_000_000;

/** One end. */
export class End implements Connection {
  readonly remote: string;
  readonly actor: Actor;
  /** The way that what is sent here takes. */
  readonly link: Link;
  readonly #wire: Wire;
  #other: End | undefined;
  #handlers: ConnectionHandlers = { onClose() {}, onMessage() {}, onOpen() {} };
  #state: 'connecting' | 'open' | 'closing' | 'closed' = 'connecting';
  /** Nothing that is sent here arrives, and nobody is told. */
  #isDeaf = false;
  /** Bytes that were sent and have not arrived. */
  #backlog = 0;
  /** When the latest message sent here arrives: none overtakes it. */
  #lastArrivalUs = 0;
  #sentCount = 0;
  /** What was sent when this was another number is lost. */
  #lane = 0;
  #receivedCount = 0;

  constructor(wire: Wire, actor: Actor, way: { readonly link: Link; readonly remote: string }) {
    this.#wire = wire;
    this.actor = actor;
    this.link = way.link;
    this.remote = way.remote;
  }

  get backlog(): number {
    return this.#backlog;
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  get isGone(): boolean {
    return this.#state === 'closed' || !this.actor.isAlive;
  }

  /** Joins the two ends of one connection. */
  meet(other: End): void {
    this.#other = other;
    other.#other = this;
  }

  attach(handlers: ConnectionHandlers): void {
    this.#handlers = handlers;
  }

  /** The connection stands; the end that dialled is told. */
  open(tell: boolean): void {
    if (this.#state !== 'connecting') return;
    this.#state = 'open';
    this.#wire.kernel.noteMicrotasks();
    if (tell) this.#handlers.onOpen();
  }

  send(bytes: Uint8Array): void {
    if (this.#state !== 'open') return;
    const { effects } = this.#wire;
    if (this.#isDeaf) {
      effects.count('messages lost');
      return;
    }
    const { link } = this;
    const passed = link.tap === null ? bytes : link.tap(bytes);
    this.#sentCount += 1;
    if (passed === null) {
      effects.count('messages lost');
      return;
    }
    const index = link.next();
    const mishap = link.mishap(index);
    if (link.hostility !== null) this.#wire.remember(link, this.#sentCount, passed);
    if (mishap !== null) this.#spoil(mishap, passed, index);
    else this.#carry(passed, index);
  }

  close(reason: string): void {
    if (this.#state === 'closed' || this.#state === 'closing') return;
    const wasOpen = this.#state === 'open';
    this.#state = 'closing';
    const detail = reason;
    if (!wasOpen) {
      this.#closeLater(0, reason);
      return;
    }
    this.#wire.kernel.after(closeUs, {
      kind: 'close',
      actor: this.actor,
      detail,
      run: () => this.#ended(reason),
    });
    this.#inOrder(this.link.next(), () => {
      const other = this.#other;
      if (other === undefined) return;
      other.#ended(`Closed by the other end: ${reason}`);
      other.#inOrder(other.link.next(), () => this.#ended(reason));
    });
  }

  destroy(reason: string): void {
    if (this.#state === 'closed') return;
    // What is under way may arrive or not, as on a real network.
    if (this.link.choice(this.link.next(), 2) === 0) this.#loseTail();
    this.#closeLater(0, reason);
    if (!this.#isDeaf) this.#reset();
  }

  /**
   * The network broke it; this end is told after `delayUs`, and what is under way to it is lost.
   */
  break(reason: string, delayUs: number): void {
    if (this.#state === 'closed') return;
    this.#isDeaf = true;
    this.#loseTail();
    this.#closeLater(delayUs, reason);
  }

  /** The network broke it: the other end is told so after what was sent from here till now. */
  sever(): void {
    if (this.#state === 'closed' || this.#isDeaf) return;
    this.#isDeaf = true;
    this.#reset();
  }

  /** Nothing that is sent from here arrives any more, and this end does not notice. */
  deafen(): void {
    if (this.#state !== 'open') return;
    this.#isDeaf = true;
    this.#loseTail();
  }

  /**
   * The process died; its machine says so to the other end, after what was sent, or nothing does.
   */
  die(how: 'reset' | 'reset, tail lost' | 'silent'): void {
    if (how !== 'reset') this.#loseTail();
    if (how === 'silent') this.#isDeaf = true;
    else this.#reset();
    this.#state = 'closed';
  }

  #closeLater(delayUs: number, detail: string): void {
    this.#state = 'closing';
    const run = (): void => this.#ended(detail);
    this.#wire.kernel.after(delayUs, { kind: 'close', actor: this.actor, detail, run });
  }

  /** This end is done, and is told so. */
  #ended(reason: string, misused = false): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#wire.kernel.noteMicrotasks();
    this.#wire.effects.count('connections lost');
    this.#handlers.onClose(reason, misused);
    if (this.#other?.isGone !== false) this.#wire.onGone();
  }

  /** The other end learns that this one is gone, once word gets through. */
  #reset(): void {
    const index = this.link.next();
    this.link.whenOpen(this.#parcel('end'), () => {
      const other = this.#other;
      if (other !== undefined) other.#closeIn(this.link.delayUs(index), 'Connection lost');
    });
  }

  #closeIn(delayUs: number, detail: string): void {
    const run = (): void => this.#ended(detail);
    this.#wire.kernel.after(delayUs, { kind: 'close', actor: this.actor, detail, run });
  }

  #loseTail(): void {
    this.#lane += 1;
  }

  /** Runs at the other end, after all that was sent before. */
  #inOrder(index: number, run: () => void): void {
    this.link.whenOpen(this.#parcel('end'), () => {
      const { kernel } = this.#wire;
      const atUs = Math.max(this.#lastArrivalUs, kernel.nowUs + this.link.delayUs(index));
      this.#lastArrivalUs = atUs;
      const actor = this.#other?.actor ?? null;
      kernel.add({ atUs, kind: 'close', actor, detail: 'closed', run });
    });
  }

  #carry(bytes: Uint8Array, index: number): void {
    this.#backlog += bytes.length;
    if (!this.link.isHeld) {
      this.#depart(bytes, index);
      return;
    }
    this.#wire.effects.count('messages held');
    const lane = this.#lane;
    this.link.whenOpen(this.#parcel('message', bytes), () => {
      if (lane === this.#lane) this.#depart(bytes, index);
      else this.#wire.effects.count('messages lost');
    });
  }

  /** On its way to the other end. */
  #parcel(kind: 'message' | 'end', bytes: Uint8Array | null = null): Parcel {
    const lane = this.#lane;
    const isLost = (): boolean => bytes !== null && lane !== this.#lane;
    const isMoot = (): boolean => isLost() || this.#other?.isGone !== false;
    return { kind, wire: this.#wire, bytes, isMoot };
  }

  #depart(bytes: Uint8Array, index: number): void {
    const { kernel } = this.#wire;
    const atUs = Math.max(this.#lastArrivalUs, kernel.nowUs + this.link.delayUs(index));
    this.#lastArrivalUs = atUs;
    this.#arriveAt(atUs, bytes);
  }

  #arriveAt(atUs: number, bytes: Uint8Array): void {
    const other = this.#other;
    if (other === undefined) return;
    const lane = this.#lane;
    this.#wire.kernel.add({
      atUs,
      kind: 'deliver',
      actor: other.actor,
      detail: bytes,
      run: () => {
        this.#backlog -= bytes.length;
        if (lane === this.#lane && other.isOpen) other.#receive(bytes);
        else if (lane !== this.#lane || other.#state !== 'closing')
          this.#wire.effects.count('messages lost');
      },
    });
  }

  #receive(bytes: Uint8Array): void {
    if (bytes.length <= messageBytesMax) {
      this.#receivedCount += 1;
      const isHandshake = this.#receivedCount <= handshakeMessages;
      if (isHandshake || this.#wire.isProgram) this.#wire.kernel.noteMicrotasks();
      this.#handlers.onMessage(bytes);
      return;
    }
    this.#ended('Max payload size exceeded', true);
    this.#reset();
  }

  #spoil(mishap: Mishap, bytes: Uint8Array, index: number): void {
    const { effects, kernel } = this.#wire;
    effects.count(`messages ${mishap}`);
    switch (mishap) {
      case 'lost':
        return;
      case 'repeated':
        this.#carry(bytes, index);
        return this.#carry(bytes, index);
      case 'reordered':
        // Late, and what is sent after it does not wait for it.
        this.#backlog += bytes.length;
        return this.#arriveAt(kernel.nowUs + 3 * this.link.delayUs(index) + 1_000, bytes);
      case 'corrupted':
        // A byte that MessagePack never uses: what is false and yet well formed, nobody could tell.
        return this.#carry(Uint8Array.of(0xc1, ...bytes.subarray(1)), index);
      case 'truncated':
        return this.#carry(bytes.subarray(0, this.link.choice(index, bytes.length)), index);
      case 'oversized':
        return this.#carry(new Uint8Array(messageBytesMax + 1), index);
      case 'replayed': {
        this.#carry(bytes, index);
        const earlier = this.#wire.earlier(this.link, this.#sentCount);
        if (earlier !== null) this.#carry(earlier, index);
        return;
      }
    }
  }
}
