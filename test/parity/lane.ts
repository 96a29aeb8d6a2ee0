/**
 * One direction of one connection: carries what one end sends to the other, late, in its order, and
 * not while the direction is held. That an end has closed travels in line with what it sent.
 */

import type { Direction } from './direction.ts';
import { MessageSplitter } from './message-splitter.ts';

/** The far end of a lane. */
export interface LaneEnd {
  write(bytes: Buffer): void;
  /** The near end has closed, and all it sent was written. */
  close(): void;
}

interface Parcel {
  /** `null`: the near end has closed. */
  readonly bytes: Buffer | null;
  readonly dueMs: number;
}

export class Lane {
  readonly #direction: Direction;
  readonly #end: LaneEnd;
  readonly #splitter = new MessageSplitter();
  #parcels: Parcel[] = [];
  #lastDueMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;
  #isDark = false;

  constructor(direction: Direction, end: LaneEnd) {
    this.#direction = direction;
    this.#end = end;
    direction.lanes.add(this);
  }

  push(bytes: Buffer): void {
    if (this.#isClosed) return;
    if (this.#isDark) {
      this.#direction.count('messages lost');
      return;
    }
    for (const piece of this.#splitter.take(bytes)) {
      const { bytes: whole, isMessage, types } = piece;
      if (this.#direction.takes(types)) {
        this.#direction.count('messages lost');
        continue;
      }
      if (isMessage && this.#direction.isHeld) this.#direction.count('messages held');
      this.#add(whole);
    }
  }

  /** The near end has closed. */
  close(): void {
    if (this.#isClosed || this.#isDark) return;
    this.#isClosed = true;
    this.#add(null);
  }

  /** What is on its way gets lost. */
  loseTail(): void {
    const lost = this.#parcels.filter(({ bytes }) => bytes !== null);
    this.#direction.count('messages lost', lost.length);
    this.#parcels = [];
  }

  /** Nothing that was or will be sent arrives, and nobody is told. */
  darken(): void {
    this.#isDark = true;
    this.loseTail();
    this.end();
  }

  /** Carries nothing any more. */
  end(): void {
    this.#parcels = [];
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#direction.lanes.delete(this);
  }

  /** Delivers what is due, unless held. */
  pump(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#direction.isHeld) return;
    for (let next = this.#parcels[0]; next !== undefined; next = this.#parcels[0]) {
      const leftMs = next.dueMs - performance.now();
      if (leftMs > 0) {
        this.#timer = setTimeout(() => this.pump(), Math.ceil(leftMs));
        return;
      }
      this.#parcels.shift();
      if (next.bytes !== null) {
        this.#end.write(next.bytes);
        continue;
      }
      this.end();
      this.#end.close();
    }
  }

  #add(bytes: Buffer | null): void {
    const dueMs = Math.max(this.#lastDueMs, performance.now() + this.#direction.delayMs);
    this.#lastDueMs = dueMs;
    this.#parcels.push({ bytes, dueMs });
    if (this.#timer === undefined) this.pump();
  }
}
