/**
 * What a scenario of parity is given: the part of the simulator's own language that can be had over
 * real sockets, too. `Sim` has it as it is; `RealNet` refuses at run time what no test can do to a
 * real machine, such as setting its clock.
 */

import type { Sim, SimNodeName } from '../../src/sim/sim.ts';
import type { SimClock } from '../../src/sim/sim-clock.ts';
import type { SimLink } from '../../src/sim/sim-link.ts';
import type { SimNode } from '../../src/sim/sim-node.ts';

/** The clocks of a node. */
export type NetClock = Pick<SimClock, keyof SimClock>;

/** One direction between two nodes. */
export type NetLink = Pick<SimLink, keyof SimLink>;

/** A node: a peer, and the programs beside it. */
export interface NetNode extends Omit<Pick<SimNode, keyof SimNode>, 'clock' | 'sizes'> {
  readonly clock: NetClock;
}

/** A mesh, simulated or real. */
export interface Net
  extends Pick<
    Sim,
    | 'at'
    | 'converge'
    | 'effects'
    | 'heal'
    | 'log'
    | 'mesh'
    | 'now'
    | 'partition'
    | 'sleep'
    | 'until'
  > {
  readonly nodes: readonly NetNode[];
  node(which: SimNodeName): NetNode;
  link(from: SimNodeName, to: SimNodeName): NetLink;
}

/**
 * @throws `Error` always: that cannot be done for real, or not in one process
 */
export function cannot(act: string, why: string): never {
  throw new Error(`Cannot ${act} for real: ${why}`);
}
