/**
 * A process of the naive mesh: one real node from its start on, and the clocks of its machine.
 */

import {
  defaultLimits,
  type Input,
  incarnation,
  Node,
  type NodeOptions,
  type Output,
  type PeerId,
  type Time,
  timeMs,
  wallMs,
} from '../../src/protocol/index.ts';
import { leaseMs, type MeshScope, prepareTimeoutMs } from '../../src/sim/explore/scope.ts';

const startMs = 1_750_000_000_000;

/** A machine, whose wall clock goes on when a process dies. */
export interface Machine {
  readonly id: PeerId;
  readonly peers: readonly PeerId[];
  wallOffsetMs: number;
}

export class NaiveProcess {
  readonly incarnation: number;
  readonly node: Node;
  readonly #machine: Machine;
  /** True time less what its monotonic clock shows. */
  #behindMs: number;

  constructor(
    scope: MeshScope,
    machine: Machine,
    born: { readonly of: number; readonly trueMs: number },
  ) {
    this.#machine = machine;
    this.incarnation = born.of;
    this.#behindMs = born.trueMs - 1_000;
    this.node = new Node(optionsOf(scope, machine, born.of), this.timeAt(born.trueMs));
  }

  timeAt(trueMs: number): Time {
    const wall = startMs + trueMs + this.#machine.wallOffsetMs;
    return { now: timeMs(trueMs - this.#behindMs), wall: wallMs(wall) };
  }

  /** Its machine is suspended. */
  miss(ms: number): void {
    this.#behindMs += ms;
  }

  /** One input is a turn: what there is to say leaves at once. */
  step(input: Input, time: Time): readonly Output[] {
    const outputs = [...this.node.step(input, time)];
    if (this.node.unsent) outputs.push(...this.node.step({ type: 'flush' }, time));
    return outputs;
  }
}

function optionsOf(
  { budgets, quorum, replicas }: MeshScope,
  { id, peers }: Machine,
  of: number,
): NodeOptions {
  return {
    id,
    incarnation: incarnation(of),
    durableMark: null,
    leaseMs,
    allowSteal: true,
    limits: defaultLimits,
    deadlockProbeMs: 1_000,
    maxClockAheadMs: 3_600_000,
    maxClockDrift: 0.01,
    members: false,
    prepareTimeoutMs: budgets.crashes > 0 ? prepareTimeoutMs : 1_000_000,
    quorum,
    replicas: replicas ?? peers.length,
    voters: peers,
  };
}
