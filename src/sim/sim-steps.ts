/**
 * A mesh in which nothing arrives unless its author says so: the order of all that happens is then
 * the scenario's, and none of it takes time.
 */

import { kindOfMessage, type Parcel, type ParcelWire } from './parcel.ts';
import type { Passing } from './point.ts';
import type { SimNodeName } from './sim-node.ts';
import type { Stage } from './stage.ts';

/** How long two nodes may take to dial each other anew, in milliseconds. */
const redialMsMax = 100;

/** More than a handshake and its crossing one take. */
const movesMax = 200;

type Ends = readonly [to: string, from: string];

/**
 * Moves the messages between the nodes one by one; see {@link Sim.stepwise}. What only says that
 * a node lives passes by itself, where nothing waits before it, and so does what programs say.
 *
 * Each move takes no virtual time, and is over, with all that follows from it on its node, when its
 * promise resolves.
 */
export class SimSteps {
  readonly #stage: Stage;
  readonly #idOf: (which: SimNodeName) => string;
  /** By the two ends: how often the first has seen a new connection, less those told of. */
  readonly #unmet = new Map<string, number>();
  /** Of which the first has seen that there is no connection. */
  readonly #apart = new Set<string>();
  /** Connections whose ends do not know each other yet. */
  readonly #strange = new Set<ParcelWire>();

  /** @internal */
  constructor(stage: Stage, idOf: (which: SimNodeName) => string) {
    this.#stage = stage;
    this.#idOf = idOf;
    for (const { name: from } of stage.hosts) {
      for (const { name: to } of stage.hosts) {
        if (from === to) continue;
        stage.world.network.link(from, to).holdEach((parcel) => this.#passesByItself(parcel));
      }
    }
    stage.points.listen((passing) => this.#note(passing));
  }

  /**
   * Lets the next message of `from` arrive at `node`: what `from` had to say at the end of one
   * turn.
   *
   * @returns whether there was one
   */
  async hear(node: SimNodeName, from: SimNodeName): Promise<boolean> {
    const ends: Ends = [this.#idOf(node), this.#idOf(from)];
    const frame = this.#find(ends, ({ kind, bytes }) => {
      return kind === 'message' && bytes !== null && kindOfMessage(bytes) !== 'handshake';
    });
    if (frame === undefined) return false;
    // What was said before it on the same connection, before the two knew each other.
    for (const parcel of this.#waiting(ends)) {
      if (parcel === frame) break;
      if (parcel.wire === frame.wire) await this.#move(ends, parcel);
    }
    await this.#move(ends, frame);
    return true;
  }

  /**
   * Lets `node` see that its connection to `from` is gone. What it has not heard on it is lost.
   *
   * @returns whether one is
   */
  async part(node: SimNodeName, from: SimNodeName): Promise<boolean> {
    const ends: Ends = [this.#idOf(node), this.#idOf(from)];
    const end = this.#find(ends, ({ kind }) => kind === 'end');
    if (end === undefined) return false;
    const link = this.#link(ends);
    for (const parcel of this.#waiting(ends)) {
      if (parcel.wire === end.wire && parcel.kind === 'message') link.take(parcel, 'lose');
    }
    await this.#move(ends, end);
    return true;
  }

  /**
   * Lets `node` see a new connection to `from`, once the old one is gone: of the handshake only as
   * much passes as that takes. The end that was dialled is the first to see it; where the other is
   * to see it first, both do. If need be, both ends see that the old one is gone, and the time goes
   * by that is waited before a dial.
   *
   * @returns whether there is one
   */
  async meet(node: SimNodeName, from: SimNodeName): Promise<boolean> {
    const ends: Ends = [this.#idOf(node), this.#idOf(from)];
    const back: Ends = [ends[1], ends[0]];
    const untilMs = this.#stage.nowMs + redialMsMax;
    for (let moves = 0; moves < movesMax; moves += 1) {
      if ((this.#unmet.get(keyOf(ends)) ?? 0) > 0) {
        this.#unmet.set(keyOf(ends), 0);
        return true;
      }
      if (await this.part(...ends)) continue;
      if (await this.part(...back)) continue;
      if (await this.#shake(ends, back)) continue;
      const areApart = this.#apart.has(keyOf(ends)) || this.#apart.has(keyOf(back));
      if (!areApart || this.#stage.nowMs > untilMs) return false;
      await this.#settle(1);
    }
    return false;
  }

  /**
   * Breaks the connection of two nodes. Each may hear what is under way to it, until it sees that
   * the connection is gone; what is sent from now on is lost.
   */
  cut(one: SimNodeName, other: SimNodeName): void {
    this.#stage.world.network.sever(this.#idOf(one), this.#idOf(other));
  }

  /** Lets everything arrive again, as the network lets it. */
  open(): void {
    for (const link of this.#stage.world.network.links()) link.releaseAll();
  }

  /** Lets one thing pass of a handshake of the two. */
  async #shake(ends: Ends, back: Ends): Promise<boolean> {
    const found = [ends, back].flatMap((way) => {
      const parcels = this.#waiting(way).filter(isOfHandshake);
      return parcels.map((parcel) => ({ way, parcel }));
    });
    // The end that is dialled is the first to see it.
    const [, from] = ends;
    const next = found.find(({ parcel }) => parcel.wire.dialler === from) ?? found[0];
    if (next === undefined) return false;
    await this.#move(next.way, next.parcel);
    return true;
  }

  #find(ends: Ends, isMeant: (parcel: Parcel) => boolean): Parcel | undefined {
    return this.#waiting(ends).find(isMeant);
  }

  /** What is under way, but for what nobody is there for any more. */
  #waiting(ends: Ends): readonly Parcel[] {
    const link = this.#link(ends);
    for (const parcel of link.parcels) if (parcel.isMoot()) link.take(parcel, 'lose');
    return link.parcels;
  }

  #link([to, from]: Ends): ReturnType<Stage['world']['network']['link']> {
    return this.#stage.world.network.link(from, to);
  }

  async #move(ends: Ends, parcel: Parcel): Promise<void> {
    this.#link(ends).take(parcel, 'pass');
    await this.#settle(0);
  }

  /** What was begun comes to its end, and what follows from that at once is begun and ended. */
  async #settle(ms: number): Promise<void> {
    const wait = this.#stage.waits.begin(null, 'moves one thing');
    await this.#later(ms);
    await this.#later(0);
    this.#stage.waits.end(wait);
  }

  #later(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#stage.later(ms, resolve);
    });
  }

  #note({ point, host, other }: Passing): boolean {
    if (other === null) return false;
    const key = keyOf([host.name, other]);
    if (point === 'link up') {
      this.#apart.delete(key);
      this.#unmet.set(key, (this.#unmet.get(key) ?? 0) + 1);
    } else if (point === 'link down') this.#apart.add(key);
    return false;
  }

  /** Signs of life, what programs say to each other, and the end of what never was a link. */
  #passesByItself({ kind, wire, bytes }: Parcel): boolean {
    const said = bytes === null ? null : kindOfMessage(bytes);
    if (kind === 'dial') this.#strange.add(wire);
    if (said === 'frame' || said === 'empty') this.#strange.delete(wire);
    return wire.isProgram || said === 'empty' || (kind === 'end' && this.#strange.has(wire));
  }
}

function keyOf([to, from]: Ends): string {
  return `${to}←${from}`;
}

function isOfHandshake({ kind, bytes }: Parcel): boolean {
  if (kind === 'dial' || kind === 'answer') return true;
  return kind === 'message' && bytes !== null && kindOfMessage(bytes) === 'handshake';
}
