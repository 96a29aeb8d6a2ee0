/**
 * Sequences of commands for locks, with what must come of each: for tests by model, of peers or of
 * whatever someone has built on them.
 */

import fc, { type Arbitrary } from 'fast-check';
import { NoQuorumError } from '../peer/errors.ts';
import type { Lock, LockMode } from '../peer/lock.ts';
import { type Attempt, type AttemptOutcome, LockModel } from './lock-model.ts';
import { knownOptions, numberOf, refuse } from './refusals.ts';
import type { Sim } from './sim.ts';
import type { SimNode } from './sim-node.ts';

/** One command; nodes are told by their places among `sim.nodes`. */
export type LockCommand =
  | {
      readonly do: 'acquire';
      readonly node: number;
      readonly name: string;
      readonly mode: LockMode;
    }
  /** Of what is held, in the order granted, counted round. */
  | { readonly do: 'release'; readonly which: number }
  | { readonly do: 'crash' | 'restart' | 'isolate'; readonly node: number }
  | { readonly do: 'heal' }
  | { readonly do: 'wait'; readonly ms: number };

/** What is tested: the peers themselves, or something built on them. */
export interface LockSubject<Held> {
  /** Whether it is held, as its holder sees it. */
  isHeld(held: Held): boolean;
  /** Gives it back. */
  release(held: Held): Promise<unknown>;
  /** Takes a lock without waiting for its holder; `null` when it is taken. */
  tryAcquire(node: SimNode, name: string, mode: LockMode): Promise<Held | null>;
}

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
}

const act = 'draw commands';

/**
 * Sequences of commands as an arbitrary of fast-check: `fc.asyncProperty(lockCommands(), …)`. A
 * sequence that fails is made shorter by fast-check.
 *
 * @throws `TypeError` for impossible options
 */
export function lockCommands(options: LockCommandsOptions = {}): Arbitrary<LockScript> {
  knownOptions(act, options, ['length', 'names', 'nodes']);
  const { length = 30, names = ['x', 'y'], nodes = 3 } = options;
  numberOf(act, length, { what: 'length', least: 1, most: 10_000, whole: true });
  numberOf(act, nodes, { what: 'nodes', least: 1, most: 32, whole: true });
  if (!Array.isArray(names) || names.length === 0) {
    return refuse(act, 'names must be a list of some', names);
  }
  const node = fc.nat(nodes - 1);
  const name = fc.constantFrom(...names);
  const mode = fc.constantFrom<LockMode>('exclusive', 'exclusive', 'shared');
  const command: Arbitrary<LockCommand> = fc.oneof(
    { weight: 12, arbitrary: fc.record({ do: fc.constant('acquire' as const), node, name, mode }) },
    { weight: 8, arbitrary: fc.record({ do: fc.constant('release' as const), which: fc.nat(9) }) },
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

const peers: LockSubject<Lock> = {
  isHeld: ({ held }) => held,
  release: (lock) => lock.release(),
  tryAcquire: ({ peer }, name, mode) => peer.tryAcquire(name, { mode }),
};

/** How long one command lets the other nodes hear of it. */
const restMs = 1_000;

/** A lock that some node has. */
interface InHand<Held> {
  readonly node: number;
  readonly name: string;
  readonly held: Held;
}

/** Does commands, and keeps the model in step. */
class Player<Held> {
  readonly #sim: Sim;
  readonly #subject: LockSubject<Held>;
  readonly #model: LockModel;
  #held: InHand<Held>[] = [];

  constructor(sim: Sim, subject: LockSubject<Held>) {
    const nodeCount = sim.nodes.length;
    const { lease, quorum, replicas } = sim.mesh;
    this.#sim = sim;
    this.#subject = subject;
    this.#model = new LockModel({ nodeCount, quorum, replicas, leaseMs: lease });
  }

  async play(command: LockCommand, index: number): Promise<void> {
    const line = `Command ${index + 1}, ${JSON.stringify(command)}`;
    this.#sim.log(line);
    await this.#perform(command, line);
    await this.#sim.sleep(restMs);
    this.#look(line);
  }

  async #perform(command: LockCommand, line: string): Promise<void> {
    const nowMs = this.#sim.now;
    switch (command.do) {
      case 'acquire':
        return await this.#acquire(command, line);
      case 'release':
        return await this.#release(command.which);
      case 'crash':
        if (!this.#model.isUp(command.node)) return;
        this.#sim.node(command.node).crash();
        return this.#model.crash(command.node, nowMs);
      case 'restart':
        if (this.#model.isUp(command.node)) return;
        await this.#sim.node(command.node).restart();
        return this.#model.restart(command.node, nowMs);
      case 'isolate':
        this.#sim.partition([[command.node]]);
        return this.#model.isolate(command.node, nowMs);
      case 'heal':
        this.#sim.heal();
        return this.#model.heal(nowMs);
      case 'wait':
        return await this.#sim.sleep(command.ms);
    }
  }

  async #acquire(
    { node, name, mode }: LockCommand & { readonly do: 'acquire' },
    line: string,
  ): Promise<void> {
    const attempt = { node, name, isShared: mode === 'shared' };
    if (!this.#model.isUp(node) || this.#inHand(node, name) !== undefined) return;
    const allowed = this.#model.allowed(attempt, this.#sim.now);
    const [outcome, held] = await this.#attempt(attempt, mode);
    if (!allowed.has(outcome)) {
      throw new Error(`${line}: ${outcome}, expected ${[...allowed].join(' or ')}`);
    }
    if (held === null) return;
    this.#model.grant(attempt);
    this.#held.push({ node, name, held });
  }

  async #attempt(
    { node, name }: Attempt,
    mode: LockMode,
  ): Promise<readonly [AttemptOutcome, Held | null]> {
    try {
      const held = await this.#subject.tryAcquire(this.#sim.node(node), name, mode);
      return held === null ? ['taken', null] : ['granted', held];
    } catch (error) {
      if (!(error instanceof NoQuorumError)) throw error;
      return ['failed', null];
    }
  }

  async #release(which: number): Promise<void> {
    const inHand = this.#held[which % this.#held.length];
    if (inHand === undefined) return;
    this.#drop(inHand);
    await this.#subject.release(inHand.held);
    this.#model.release(inHand.node, inHand.name, this.#sim.now);
  }

  /** Each holder sees what the model says. */
  #look(line: string): void {
    const { now } = this.#sim;
    for (const inHand of this.#held) {
      const { node, name, held } = inHand;
      if (!this.#model.isUp(node)) {
        this.#drop(inHand);
        continue;
      }
      const expected = this.#model.holds(node, name, now);
      const isHeld = this.#subject.isHeld(held);
      if (isHeld ? expected === 'no' : expected === 'yes') {
        const seen = isHeld ? 'holds' : 'does not hold';
        throw new Error(
          `${line}: node ${node} ${seen} ${JSON.stringify(name)}: ${expected}, says the model`,
        );
      }
      if (isHeld) this.#model.confirm(node, name, now);
      else {
        this.#model.lose(node, name, now);
        this.#drop(inHand);
      }
    }
  }

  #inHand(node: number, name: string): InHand<Held> | undefined {
    return this.#held.find((each) => each.node === node && each.name === name);
  }

  #drop(inHand: InHand<Held>): void {
    this.#held = this.#held.filter((each) => each !== inHand);
  }
}
