/**
 * One direction between two nodes, as the author of a scenario sees it.
 */

import { parseFrame } from '../peer/frame-codec.ts';
import type { Message } from '../protocol/message.ts';
import type { Link, Tap } from './link.ts';
import { numberOf, refuse, wordOf } from './refusals.ts';
import type { Stage } from './stage.ts';

/** The type of a message between peers; ARCHITECTURE.md has the list. */
export type SimMessageType = Message['type'];

// A record, so that a message that is missing here does not compile.
const messageTypes: Readonly<Record<SimMessageType, true>> = Object.freeze({
  abort: true,
  chase: true,
  commit: true,
  contended: true,
  hello: true,
  inquire: true,
  leader: true,
  live: true,
  look: true,
  observe: true,
  prepare: true,
  probe: true,
  queued: true,
  recovered: true,
  refuse: true,
  release: true,
  revoke: true,
  settled: true,
  view: true,
  vote: true,
  watch: true,
  yield: true,
});

/** Messages of one type that get lost on a link; see {@link SimLink.drop}. */
export class SimDrop {
  readonly #type: SimMessageType | null;
  #left = Number.POSITIVE_INFINITY;
  #count = 0;

  /** @internal */
  constructor(type: SimMessageType | null) {
    this.#type = type;
  }

  /** How many frames were lost so far. */
  get count(): number {
    return this.#count;
  }

  /** Loses the next one only. */
  once(): this {
    return this.times(1);
  }

  /**
   * Loses only the next few.
   *
   * @throws `TypeError` for an impossible number
   */
  times(count: number): this {
    const bounds = { what: 'times', least: 0, most: Number.MAX_SAFE_INTEGER, whole: true };
    this.#left = numberOf('drop', count, bounds);
    return this;
  }

  /** Loses no more. */
  stop(): void {
    this.#left = 0;
  }

  /** @internal Whether a frame with these messages is lost. */
  takes(types: readonly SimMessageType[]): boolean {
    if (this.#left === 0 || !(this.#type === null || types.includes(this.#type))) return false;
    this.#left -= 1;
    this.#count += 1;
    return true;
  }
}

/** One direction between two nodes. The other direction is a link of its own. */
export class SimLink {
  /** The id of the node that sends. */
  readonly from: string;
  /** The id of the node that receives. */
  readonly to: string;
  readonly #stage: Stage;
  readonly #link: Link;
  readonly #tap: Tap = (bytes) => this.#pass(bytes);
  readonly #undo = new Set<() => void>();
  #drops: SimDrop[] = [];

  /** @internal */
  constructor(stage: Stage, link: Link) {
    this.#stage = stage;
    this.#link = link;
    this.from = link.from;
    this.to = link.to;
  }

  /** Whether it lets nothing through at present. */
  get isHeld(): boolean {
    return this.#link.isHeld;
  }

  /** Lets nothing through; what is sent meanwhile comes after `release()`, unless given up. */
  hold(): void {
    const link = this.#link;
    link.hold();
    this.#undo.add(this.#stage.spoil(() => link.release()));
  }

  /** Undoes every `hold` and `slow` of this link. */
  release(): void {
    for (const undo of this.#undo) undo();
    this.#undo.clear();
  }

  /**
   * Makes it slower.
   *
   * @param factor by which each message takes longer, at least 1
   * @throws `TypeError` for an impossible factor
   */
  slow(factor: number): void {
    const bounds = { what: 'the factor', least: 1, most: 1_000_000 };
    numberOf('slow a link', factor, bounds);
    const link = this.#link;
    link.slowness *= factor;
    const end = (): void => {
      link.slowness /= factor;
    };
    this.#undo.add(this.#stage.spoil(end));
  }

  /**
   * Loses frames on their way, as no WebSocket does by itself: the receiver finds a gap, and the
   * two make a new connection. Several messages may share a frame, and are then lost together.
   *
   * @param type loses frames with a message of this type only; without it, any
   * @returns how many: all of them from now on, unless told `once()` or `times(n)`
   * @throws `TypeError` for an unknown type
   */
  drop(type?: SimMessageType): SimDrop {
    if (type !== undefined) {
      wordOf('drop', type, { what: 'the type', of: typesOf(messageTypes) });
    }
    const drop = new SimDrop(type ?? null);
    // Healed meanwhile: what was to be lost then is forgotten.
    if (this.#link.tap !== this.#tap) this.#drops = [];
    this.#drops.push(drop);
    this.#link.tap = this.#tap;
    return drop;
  }

  /** Breaks the connections of the two nodes, in both directions; both ends notice at once. */
  break(): void {
    this.#stage.world.network.reset(this.from, this.to, [0, 0]);
  }

  #pass(bytes: Uint8Array): Uint8Array | null {
    const parsed = parseFrame(bytes);
    // What peers say before they know each other passes, and so does what programs say.
    if (!parsed.ok) return bytes;
    const types = parsed.frame.messages.map(({ type }) => type);
    return this.#drops.some((drop) => drop.takes(types)) ? null : bytes;
  }
}

function typesOf(types: Readonly<Record<SimMessageType, true>>): readonly SimMessageType[] {
  const names: readonly string[] = Object.keys(types);
  return names.filter((name): name is SimMessageType => name in types);
}

/** @internal Refuses a link from a node to itself. */
export function requireTwo(from: string, to: string): void {
  if (from === to) refuse('find the link', 'its ends must be two nodes', from);
}
