/**
 * A simulated mesh as the author of a scenario sees it.
 */

import type { Shape } from './plan.ts';
import type { Point } from './point.ts';
import { knownOptions, msOf, refuse } from './refusals.ts';
import { outside } from './resolve-sim.ts';
import { SimLink } from './sim-link.ts';
import { SimNode, type SimNodeName } from './sim-node.ts';
import { beginPartition, type SimPartition, type SimPartitionOptions } from './sim-partition.ts';
import { SimRandom } from './sim-random.ts';
import { SimSteps } from './sim-steps.ts';
import { type SimPassing, type SimUntilOptions, waitAt, waitUntil } from './sim-waiting.ts';
import type { Stage } from './stage.ts';

export type { SimNodeName } from './sim-node.ts';

/** What to wait for, besides the point itself. */
export interface SimAtOptions {
  /** The node that passes it; any, unless given. */
  readonly node?: SimNodeName;
  /**
   * At which passing, counted from the call.
   *
   * @default 1
   */
  readonly nth?: number;
  /**
   * How long to wait, in milliseconds of virtual time; then the call rejects.
   *
   * @default as long as the run lasts
   */
  readonly timeout?: number;
  /** The node to or from which the message went, or whose link it is; any, unless given. */
  readonly with?: SimNodeName;
}

/** What the peers of a mesh agree on. */
export interface SimMesh {
  /** How long a silent peer keeps its locks, in milliseconds. */
  readonly lease: number;
  /** How many of a name's voters decide. */
  readonly quorum: number;
  /** How many voters a name has. */
  readonly replicas: number;
  /** The ids of the voters, sorted. */
  readonly voters: readonly string[];
}

/** One run of a scenario. */
export class Sim {
  /** The nodes, in the order of the options. */
  readonly nodes: readonly SimNode[];
  /** Chance from the seed, for the scenario: what it draws changes nothing else. */
  readonly random: SimRandom;
  /** The seed of this run. */
  readonly seed: number;
  readonly #stage: Stage;
  readonly #links = new Map<string, SimLink>();

  /** @internal */
  constructor(stage: Stage) {
    this.#stage = stage;
    this.seed = stage.seed;
    this.nodes = stage.hosts.map((host, index) => new SimNode(stage, host, index));
    this.random = new SimRandom(stage.seed);
  }

  /** True time, which no node knows: milliseconds since the run began. */
  get now(): number {
    return this.#stage.nowMs;
  }

  /** What faults have done so far, by kind of effect: `{ 'messages lost': 12, … }`. */
  get effects(): Readonly<Record<string, number>> {
    return this.#stage.world.effects.all();
  }

  /** What the peers of this mesh agree on. */
  get mesh(): SimMesh {
    return this.#stage.mesh;
  }

  /** The goals that this run has reached so far; see `witnessed` of the report. */
  get witnessed(): readonly string[] {
    return this.#stage.witnessed;
  }

  /**
   * A node by its id, or by its place among `nodes`.
   *
   * @throws `TypeError` when there is none
   */
  node(which: SimNodeName): SimNode {
    return this.#find('find the node', which);
  }

  /**
   * The direction from one node to another, or from or to `'outside'`: what programs reach by
   * `request`.
   *
   * @throws `TypeError` when there is no such node, or both are the same
   */
  link(from: SimNodeName, to: SimNodeName): SimLink {
    const act = 'find the link';
    const [start, end] = [from, to].map((which) => {
      return which === outside ? outside : this.#find(act, which).id;
    });
    if (start === undefined || end === undefined || start === end) {
      return refuse(act, 'its ends must be two nodes', start);
    }
    const name = `${start}→${end}`;
    const link =
      this.#links.get(name) ?? new SimLink(this.#stage, this.#stage.world.network.link(start, end));
    this.#links.set(name, link);
    return link;
  }

  /**
   * Divides the mesh.
   *
   * @param how a shape, or groups of nodes that do not hear each other; nodes that are in none
   * form a group of their own
   * @throws `TypeError` for an unknown shape, a node that there is not, or one in two groups
   */
  partition(
    how: Shape | readonly (readonly SimNodeName[])[],
    options: SimPartitionOptions = {},
  ): SimPartition {
    const groups = Array.isArray(how) ? this.#groups(how) : null;
    const shape = typeof how === 'string' ? how : null;
    if (groups === null && shape === null) {
      return refuse('partition', 'give a shape, or groups of nodes', how);
    }
    knownOptions('partition', options, ['breaks', 'every', 'for', 'order']);
    const order = this.#order(options.order ?? this.nodes.map(({ id }) => id));
    return beginPartition(this.#stage, { groups, shape, order }, options);
  }

  /**
   * Ends all that is wrong: partitions, held and slow links, pauses, and whatever the options let
   * go wrong, now and later. Nodes that are down are started; clocks stay as they were set.
   */
  heal(): void {
    this.#stage.heal();
  }

  /**
   * From now on nothing arrives between nodes unless it is told to, thing by thing, until
   * `heal()` or `open()` of what this returns.
   */
  stepwise(): SimSteps {
    return new SimSteps(this.#stage, (which) => this.#find('step', which).id);
  }

  /**
   * Waits, in true time.
   *
   * @throws `TypeError` for an impossible time
   */
  sleep(ms: number): Promise<void> {
    msOf('sleep', ms);
    const wait = this.#stage.waits.begin(null, `sleeps for ${ms} ms`);
    return new Promise((resolve) => {
      this.#stage.later(ms, () => {
        this.#stage.waits.end(wait);
        resolve();
      });
    });
  }

  /**
   * Waits until a condition holds. It is looked at now, and whenever anything has happened; those
   * who wait go on before anything else does.
   *
   * @throws {SimTimeoutError} when it does not hold within `options.timeout`
   * @throws what the condition throws
   * @throws `TypeError` for impossible options, or when the condition answers with a promise
   */
  async until(condition: () => unknown, options: SimUntilOptions = {}): Promise<void> {
    await waitUntil(this.#stage, condition, options);
  }

  /**
   * Waits at a point of the protocol: resolved once the turn in which it is passed is over, and
   * before anything else happens anywhere. After `commit sent`, say, the message is on its way, and
   * has arrived nowhere.
   *
   * @throws {SimTimeoutError} when it is not passed within `options.timeout`
   * @throws `TypeError` for an unknown point, or impossible options
   */
  async at(point: Point, options: SimAtOptions = {}): Promise<SimPassing> {
    const act = 'wait at a point';
    knownOptions(act, options, ['node', 'nth', 'timeout', 'with']);
    const { nth, timeout } = options;
    const node = options.node === undefined ? null : this.#find(act, options.node).id;
    const other = options.with === undefined ? null : this.#find(act, options.with).id;
    return await waitAt(this.#stage, { point, node, other, nth, timeout });
  }

  /**
   * Declares a goal, something that should happen in some runs, and whether it has happened here. A
   * goal that none of the seeds has reached fails them all: they would have shown less than they
   * seem to.
   *
   * @throws `TypeError` unless the goal is a string
   */
  sometimes(goal: string, isReached = true): void {
    if (typeof goal !== 'string') refuse('declare a goal', 'its name must be a string', goal);
    this.#stage.witness.note(goal, isReached);
  }

  /** Notes a line among the events that a failure tells. */
  log(line: string): void {
    this.#stage.trail.note(line);
  }

  /**
   * Ends all that is wrong, and waits until every node is up, its peer is ready and sees every
   * voter vote.
   *
   * @param ms how long that may take, in milliseconds of virtual time
   * @throws {SimTimeoutError} when it takes longer
   */
  async converge(ms: number): Promise<void> {
    this.heal();
    const isWell = (node: SimNode): boolean => {
      if (!node.isUp) return false;
      const { state, voters } = node.peer.status();
      return state === 'ready' && voters.every((voter) => voter.state === 'voting');
    };
    const what = 'every peer is ready and sees every voter vote';
    // One that is not well is looked at until it is, rather than all who are.
    let [ill] = this.nodes;
    const areAllWell = (): boolean => {
      if (ill !== undefined && !isWell(ill)) return false;
      ill = this.nodes.find((node) => !isWell(node));
      return ill === undefined;
    };
    await this.until(areAllWell, { what, timeout: ms });
  }

  #find(act: string, which: SimNodeName): SimNode {
    const found = this.nodes.find(({ id, index }) => which === id || which === index);
    if (found !== undefined) return found;
    const ids = this.nodes.map(({ id }) => id).join(', ');
    return refuse(act, `a node must be one of ${ids}, or 0 to ${this.nodes.length - 1}`, which);
  }

  /** As indices, each once. */
  #order(order: readonly SimNodeName[]): readonly number[] {
    if (!Array.isArray(order)) refuse('partition', 'the order must be a list of nodes', order);
    const known = new Set<number>();
    for (const which of order) {
      const { index } = this.#find('partition', which);
      if (known.has(index)) refuse('partition', 'a node must be in the order once', which);
      known.add(index);
    }
    return [...known];
  }

  /** As indices; those named nowhere are the last group. */
  #groups(groups: readonly (readonly SimNodeName[])[]): readonly (readonly number[])[] {
    const known = new Set<number>();
    const found = groups.map((group) => {
      if (!Array.isArray(group)) refuse('partition', 'a group must be a list of nodes', group);
      return group.map((which) => {
        const { index } = this.#find('partition', which);
        if (known.has(index)) refuse('partition', 'a node must be in one group', which);
        known.add(index);
        return index;
      });
    });
    const rest = this.nodes.map(({ index }) => index).filter((index) => !known.has(index));
    return [...found, rest];
  }
}
