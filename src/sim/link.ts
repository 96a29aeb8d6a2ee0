/**
 * One direction between two machines: how long it takes, whether it lets anything through, and,
 * where the network is hostile, what it does to single messages. Each message has an index, and
 * what befalls it is drawn from that: leaving another message out changes nothing here.
 */

import { delayUs, type Latency } from './latency.ts';
import type { Parcel } from './parcel.ts';
import { draw } from './random.ts';

/** What a hostile link may do to one message. */
export type Mishap =
  | 'lost'
  | 'repeated'
  | 'reordered'
  | 'corrupted'
  | 'truncated'
  | 'oversized'
  | 'replayed';

/** How often mishaps befall messages, each in millionths. */
export type Hostility = Readonly<Partial<Record<Mishap, number>>>;

/** What a link does to the bytes that pass; `null` loses them. Only in scripted scenarios. */
export type Tap = (bytes: Uint8Array) => Uint8Array | null;

interface Waiting {
  readonly parcel: Parcel | null;
  readonly pass: () => void;
}

export class Link {
  readonly from: string;
  readonly to: string;
  latency: Latency;
  /** By which factor it is slower than its latency says. */
  slowness = 1;
  /** Added to each delay, in microseconds. */
  extraUs = 0;
  hostility: Hostility | null = null;
  tap: Tap | null = null;
  readonly #key: number;
  #waiting: Waiting[] = [];
  /** Where one thing passes at a time: what passes by itself all the same. */
  #passesBy: ((parcel: Parcel) => boolean) | null = null;
  #index = 0;
  #holds = 0;
  #refusals = 0;

  constructor(ends: { readonly from: string; readonly to: string }, key: number, latency: Latency) {
    this.from = ends.from;
    this.to = ends.to;
    this.latency = latency;
    this.#key = key;
  }

  get isHeld(): boolean {
    return this.#holds > 0;
  }

  get refusesDials(): boolean {
    return this.#refusals > 0;
  }

  /** Lets nothing through until as many times released; what is sent meanwhile comes then. */
  hold(): void {
    this.#holds += 1;
  }

  release(): void {
    this.#holds = Math.max(0, this.#holds - 1);
    if (this.isHeld) return;
    for (const { pass } of this.#waiting.splice(0)) pass();
  }

  /** Holds all but what `passesBy` lets pass, and what is let through: that arrives at once. */
  holdEach(passesBy: (parcel: Parcel) => boolean): void {
    this.#passesBy = passesBy;
    this.hold();
  }

  /** Ends that. */
  releaseAll(): void {
    this.#passesBy = null;
    this.release();
  }

  /** What is held, oldest first; of some things nothing is known but that they are. */
  get parcels(): readonly Parcel[] {
    return this.#waiting.flatMap(({ parcel }) => parcel ?? []);
  }

  /** Lets one of `parcels` through, or loses it. */
  take(parcel: Parcel, how: 'pass' | 'lose'): void {
    const found = this.#waiting.find((each) => each.parcel === parcel);
    if (found === undefined) return;
    this.#waiting = this.#waiting.filter((each) => each !== found);
    if (how === 'pass') found.pass();
    for (const next of [...this.#waiting]) {
      if (next.parcel === null || !this.#isFree(next.parcel)) continue;
      this.#waiting = this.#waiting.filter((each) => each !== next);
      next.pass();
    }
  }

  /** Connections cannot be made until as many times accepted. */
  refuse(): void {
    this.#refusals += 1;
  }

  accept(): void {
    this.#refusals = Math.max(0, this.#refusals - 1);
  }

  /** Calls `pass` once the link lets things through: now, or when it is released. */
  whenOpen(parcel: Parcel | null, pass: () => void): void {
    const isFree = !this.isHeld || (parcel !== null && this.#isFree(parcel));
    if (isFree) pass();
    else this.#waiting.push({ parcel, pass });
  }

  /** The index of the next message. */
  next(): number {
    this.#index += 1;
    return this.#index;
  }

  delayUs(index: number): number {
    if (this.#passesBy !== null) return 0;
    const usual = delayUs(this.latency, draw(this.#key, index));
    return Math.floor(usual * this.slowness) + this.extraUs;
  }

  /** What befalls this message, if anything. */
  mishap(index: number): Mishap | null {
    if (this.hostility === null) return null;
    let rest = draw(this.#key ^ 0x5bd1e995, index) % 1_000_000;
    for (const [mishap, chance] of Object.entries(this.hostility)) {
      rest -= chance;
      if (rest < 0) return mishaps.find((each) => each === mishap) ?? null;
    }
    return null;
  }

  /** A whole number below `bound` for this message, unlike those that delay and mishap take. */
  choice(index: number, bound: number): number {
    return draw(this.#key ^ 0x27d4eb2f, index) % bound;
  }

  /** Nothing is wrong with it any more, but for its latency. */
  heal(): void {
    this.slowness = 1;
    this.extraUs = 0;
    this.hostility = null;
    this.tap = null;
    this.#refusals = 0;
    this.#holds = 0;
    this.#passesBy = null;
    for (const { pass } of this.#waiting.splice(0)) pass();
  }

  /** Whether it passes by itself: nothing else of its connection waits before it. */
  #isFree(parcel: Parcel): boolean {
    if (this.#passesBy?.(parcel) !== true) return false;
    const first = this.#waiting.find((each) => each.parcel?.wire === parcel.wire);
    return first === undefined || first.parcel === parcel;
  }
}

const mishaps: readonly Mishap[] = [
  'lost',
  'repeated',
  'reordered',
  'corrupted',
  'truncated',
  'oversized',
  'replayed',
];
