/**
 * A core that is made anew of what was recorded, and is given the recorded inputs: its outputs are
 * compared with the recorded ones, and checkers may ask it what it holds.
 */

import type { WatchedCore } from '../../peer/runtime.ts';
import { type ClaimId, type Incarnation, type PeerId, timeMs, wallMs } from '../../protocol/ids.ts';
import type { Input, Time } from '../../protocol/input.ts';
import { Node, type NodeSizes } from '../../protocol/node.ts';
import type { NodeOptions } from '../../protocol/options.ts';
import type { Output } from '../../protocol/output.ts';
import { isSameValue } from './same-value.ts';

/** The clocks of a machine at a moment of the trace. */
export interface Reading {
  /** In milliseconds from the first event of the trace. */
  readonly at: number;
  readonly now: number;
  readonly wall: number;
}

/** Where the trace has come to. */
export interface Moment {
  /** In milliseconds from the first event of the trace. */
  readonly at: number;
  /** By how much the wall clocks of two machines may differ, in milliseconds. */
  readonly skewMs: number;
}

export class ReplayedCore implements WatchedCore {
  readonly peer: PeerId;
  readonly incarnation: Incarnation;
  readonly startedMs: number;
  readonly #node: Node;
  readonly #moment: () => Moment;
  /** The clocks at each of its events. */
  readonly #readings: readonly Reading[];
  /** When claims were over, as was recorded, in milliseconds from the first event. */
  readonly #ends: ReadonlyMap<number, number>;
  #next = 0;

  constructor(
    options: NodeOptions,
    readings: readonly Reading[],
    { ends, moment }: { readonly ends: ReadonlyMap<number, number>; moment(): Moment },
  ) {
    this.peer = options.id;
    this.incarnation = options.incarnation;
    this.#readings = readings;
    this.#ends = ends;
    this.#moment = moment;
    const time = this.#take();
    this.startedMs = time.now - 1;
    this.#node = new Node(options, time);
  }

  get sizes(): NodeSizes {
    return this.#node.sizes;
  }

  /**
   * Takes the next input.
   *
   * @returns what the core asks for where that is not what was recorded, else `null`
   * @throws what the core throws
   */
  step(input: Input, recorded: readonly Output[]): readonly Output[] | null {
    const outputs = this.#node.step(input, this.#take());
    return isSameValue(outputs, recorded) ? null : outputs;
  }

  /**
   * Whether it holds a claim at the present moment of the trace, as far as that is certain: not
   * when, with clocks as wrong as they may be, it may have ended.
   */
  holds(claim: ClaimId): boolean {
    const { at, skewMs } = this.#moment();
    if ((this.#ends.get(claim) ?? Number.POSITIVE_INFINITY) < at + skewMs) return false;
    return this.#node.holds(claim, this.#timeAt(at + skewMs));
  }

  validForMs(claim: ClaimId): number {
    return this.#node.validForMs(claim, this.#timeAt(this.#moment().at));
  }

  #take(): Time {
    const { now, wall } = this.#readings[this.#next] ?? { now: 1, wall: 0 };
    this.#next += 1;
    return { now: timeMs(now), wall: wallMs(wall) };
  }

  /** Its clocks between its latest event and the next: as if they ran evenly. */
  #timeAt(at: number): Time {
    const last = this.#readings[this.#next - 1] ?? { at: 0, now: 1, wall: 0 };
    const next = this.#readings[this.#next];
    const passed = Math.max(0, at - last.at);
    const span = next === undefined ? 0 : next.at - last.at;
    const share = span > 0 ? Math.min(1, passed / span) : 0;
    const isLast = next === undefined;
    const now = isLast ? last.now + passed : last.now + share * (next.now - last.now);
    const wall = isLast ? last.wall + passed : last.wall + share * (next.wall - last.wall);
    return { now: timeMs(Math.floor(now)), wall: wallMs(Math.floor(wall)) };
  }
}
