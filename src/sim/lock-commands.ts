/**
 * Sequences of commands for locks, with what must come of each: for tests by model, of peers or of
 * whatever someone has built on them.
 */

import fc, { type Arbitrary } from 'fast-check';
import type { Lock, LockMode } from '../peer/lock.ts';
import { type LockCommand, type LockSubject, Player, peers } from './lock-player.ts';
import { knownOptions, numberOf, refuse } from './refusals.ts';
import type { Sim } from './sim.ts';

/** What commands are drawn for. */
export interface LockCommandsOptions {
  /**
   * How many commands at most.
   *
   * @default 30
   */
  readonly length?: number;
  /**
   * The names that are locked; fewer conflict more often.
   *
   * @default x, y
   */
  readonly names?: readonly string[];
  /**
   * How many nodes the simulation has, all of them voters.
   *
   * @default 3
   */
  readonly nodes?: number;
  /**
   * Whether some commands steal: the peers must be made with `allowSteal`.
   *
   * @default false
   */
  readonly steals?: boolean;
}

const act = 'draw commands';

/**
 * Sequences of commands as an arbitrary of fast-check: `fc.asyncProperty(lockCommands(), …)`. A
 * sequence that fails is made shorter by fast-check.
 *
 * @throws `TypeError` for impossible options
 */
export function lockCommands(options: LockCommandsOptions = {}): Arbitrary<LockScript> {
  knownOptions(act, options, ['length', 'names', 'nodes', 'steals']);
  const { length = 30, names = ['x', 'y'], nodes = 3, steals = false } = options;
  numberOf(act, length, { what: 'length', least: 1, most: 10_000, whole: true });
  numberOf(act, nodes, { what: 'nodes', least: 1, most: 32, whole: true });
  if (!Array.isArray(names) || names.length === 0) {
    return refuse(act, 'names must be a list of some', names);
  }
  if (typeof steals !== 'boolean') return refuse(act, 'steals must be true or false', steals);
  const node = fc.nat(nodes - 1);
  const name = fc.constantFrom(...names);
  const mode = fc.constantFrom<LockMode>('exclusive', 'exclusive', 'shared');
  const command: Arbitrary<LockCommand> = fc.oneof(
    // What fails is told with the plainest commands that fail alike.
    { withCrossShrink: true },
    { weight: 12, arbitrary: fc.record({ do: fc.constant('acquire' as const), node, name, mode }) },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('acquire-any' as const),
        node,
        names: fc.shuffledSubarray([...names], { minLength: Math.min(2, names.length) }),
        mode,
      }),
    },
    ...(steals
      ? [{ weight: 3, arbitrary: fc.record({ do: fc.constant('steal' as const), node, name }) }]
      : []),
    { weight: 8, arbitrary: fc.record({ do: fc.constant('release' as const), which: fc.nat(9) }) },
    {
      weight: 3,
      arbitrary: fc.record({ do: fc.constant('downgrade' as const), which: fc.nat(9) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constantFrom('crash' as const, 'restart' as const, 'isolate' as const),
        node,
      }),
    },
    { weight: 2, arbitrary: fc.constant({ do: 'heal' as const }) },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat(60_000) }),
    },
  );
  return fc
    .array(command, { maxLength: length, size: 'max' })
    .map((commands) => new LockScript(commands));
}

/** A sequence of commands. */
export class LockScript {
  /** In the order in which they are done. */
  readonly commands: readonly LockCommand[];

  /** @internal */
  constructor(commands: readonly LockCommand[]) {
    this.commands = commands;
  }

  /**
   * Does the commands one after the other in a simulation of its own, and checks what comes of
   * each.
   *
   * @param subject what is tested instead of the peers
   * @throws {Error} at the first command that comes out as the model does not allow
   */
  async run<Held = Lock>(sim: Sim, subject?: LockSubject<Held>): Promise<void> {
    const player = subject === undefined ? new Player(sim, peers) : new Player(sim, subject);
    for (const [index, command] of this.commands.entries()) await player.play(command, index);
  }

  /** What fast-check prints. */
  toString(): string {
    return JSON.stringify(this.commands);
  }
}
