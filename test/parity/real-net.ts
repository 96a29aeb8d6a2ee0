/**
 * A mesh of real peers on real sockets of this machine, in the language of the simulator: what
 * `Sim` does to simulated connections, the proxies between these peers do to real ones.
 */

import type { Shape } from '../../src/sim/plan.ts';
import type { Point } from '../../src/sim/point.ts';
import { functionOf, knownOptions, msOf, numberOf, refuse } from '../../src/sim/refusals.ts';
import { type ResolvedSim, resolveSim } from '../../src/sim/resolve-sim.ts';
import type { SimAtOptions, SimMesh, SimNodeName } from '../../src/sim/sim.ts';
import { SimTimeoutError } from '../../src/sim/sim-errors.ts';
import type { SimMessageType } from '../../src/sim/sim-link.ts';
import type { SimOptions } from '../../src/sim/sim-options.ts';
import type { SimPartition, SimPartitionOptions } from '../../src/sim/sim-partition.ts';
import type { SimPassing, SimUntilOptions } from '../../src/sim/sim-waiting.ts';
import { cannot, type Net } from './net.ts';
import { RealLink } from './real-link.ts';
import { RealLinks } from './real-links.ts';
import { RealNode } from './real-node.ts';
import { beginRealPartition } from './real-partition.ts';
import { type TwinStep, twinsOf } from './real-twins.ts';

/** How often a condition is looked at. */
const lookMs = 1;

export class RealNet implements Net {
  readonly nodes: readonly RealNode[];
  readonly mesh: SimMesh;
  readonly #links: RealLinks;
  readonly #seen = new Map<string, RealLink>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #startedMs = performance.now();
  #failure: { readonly error: unknown } | null = null;

  private constructor({ nodes }: ResolvedSim, inThread: boolean) {
    const votes = nodes.filter((node) => node.votes);
    const links = new RealLinks(
      nodes.map(({ id }) => id),
      votes.map(({ id }) => id),
    );
    this.#links = links;
    this.nodes = nodes.map((node, index) => {
      const { id, peer: options } = node;
      if (node.hasDisk) cannot(`give ${id} a disk`, 'what becomes of it is up to the machine');
      const onError = (error: unknown): void => this.#fail(error);
      const later = (ms: number, run: () => void): void => this.#later(ms, run);
      const given = { id, index, options, votes: node.votes, inThread, links };
      return new RealNode({ ...given, later, onError });
    });
    const { leaseMs = 0, quorum = 0, replicas = 0, voters = [] } = nodes[0]?.resolved.mesh ?? {};
    this.mesh = { lease: leaseMs, quorum, replicas, voters };
  }

  /**
   * The peers are created, and ready unless `options.cold`.
   *
   * @param inThread whether each runs in a thread of its own, and can be paused
   * @throws `Error` for options that only a simulation can have
   */
  static async open(options: SimOptions, inThread = false): Promise<RealNet> {
    const resolved = resolveSim(options);
    const twins = twinsOf(resolved.faults);
    const net = new RealNet(resolved, inThread);
    try {
      await net.#links.listen();
      const peers = await Promise.all(net.nodes.map((node) => node.start()));
      if (!resolved.isCold) await Promise.all(peers.map((peer) => peer.ready()));
      for (const twin of twins) net.#later(twin.atMs, () => net.#addTwin(twin));
    } catch (error) {
      await net.close();
      throw error;
    }
    return net;
  }

  get now(): number {
    return performance.now() - this.#startedMs;
  }

  get effects(): Readonly<Record<string, number>> {
    return this.#links.effects;
  }

  /** Every port that the proxies and the peers listen on. */
  get ports(): readonly number[] {
    const urls = this.nodes.flatMap((node) => (node.isUp ? (node.peer.url ?? []) : []));
    return [...this.#links.ports, ...urls.map((url) => Number(new URL(url).port))];
  }

  node(which: SimNodeName): RealNode {
    return this.#find('find the node', which);
  }

  link(from: SimNodeName, to: SimNodeName): RealLink {
    const [one, other] = [this.#find('find the link', from), this.#find('find the link', to)];
    if (one === other) return refuse('find the link', 'its ends must be two nodes', from);
    const name = `${one.id}→${other.id}`;
    const direction = this.#links.direction(one.id, other.id);
    const link =
      this.#seen.get(name) ?? new RealLink(direction, () => this.#links.break(one.id, other.id));
    this.#seen.set(name, link);
    return link;
  }

  partition(
    how: Shape | readonly (readonly SimNodeName[])[],
    options: SimPartitionOptions = {},
  ): SimPartition {
    const place = (which: SimNodeName): number => this.#find('partition', which).index;
    const order = (options.order ?? this.nodes.map(({ id }) => id)).map(place);
    const shape = typeof how === 'string' ? how : null;
    const groups = typeof how === 'string' ? null : this.#groups(how.map((all) => all.map(place)));
    const mesh = {
      cut: (cuts: readonly (readonly [number, number])[], breaks: boolean) => {
        return this.#cut(cuts, breaks);
      },
      later: (ms: number, run: () => void) => this.#later(ms, run),
    };
    return beginRealPartition(mesh, { groups, shape, order }, options);
  }

  heal(): void {
    this.#links.heal();
    for (const node of this.nodes) {
      node.resume();
      if (!node.isUp) node.start().catch((error: unknown) => this.#fail(error));
    }
  }

  async sleep(ms: number): Promise<void> {
    msOf('sleep', ms);
    await new Promise<void>((resolve) => {
      this.#later(ms, resolve);
    });
    this.#throwFailure();
  }

  async until(condition: () => unknown, options: SimUntilOptions = {}): Promise<void> {
    functionOf('wait until', condition, 'the condition');
    knownOptions('wait until', options, ['timeout', 'what']);
    const { timeout = Number.POSITIVE_INFINITY, what = String(condition) } = options;
    const giveUpAt = this.now + timeout;
    while (!condition()) {
      this.#throwFailure();
      if (this.now > giveUpAt) {
        throw new SimTimeoutError(`For ${timeout} ms in vain: waited until ${what}`);
      }
      await this.sleep(lookMs);
    }
  }

  async at(point: Point, options: SimAtOptions = {}): Promise<SimPassing> {
    const act = 'wait at a point';
    knownOptions(act, options, ['node', 'nth', 'timeout', 'with']);
    const type = typeOf(point);
    if (type === null) return cannot(`wait at "${point}"`, 'proxies see what is sent, and no more');
    const bounds = { what: 'nth', least: 1, most: 1_000_000_000, whole: true };
    const left = numberOf(act, options.nth ?? 1, bounds);
    const [from, to] = [options.node, options.with].map((which) => {
      return which === undefined ? null : this.#find(act, which).id;
    });
    return await new Promise((resolve, reject) => {
      const awaited = {
        ...{ type, left, from: from ?? null, to: to ?? null },
        onSent: (direction: { readonly from: string; readonly to: string }): void => {
          resolve({ at: this.now, node: direction.from, other: direction.to });
        },
      };
      this.#links.await(awaited);
      if (options.timeout === undefined) return;
      this.#later(options.timeout, () => {
        this.#links.forget(awaited);
        reject(new SimTimeoutError(`For ${options.timeout} ms in vain: waited at "${point}"`));
      });
    });
  }

  log(): void {}

  async converge(ms: number): Promise<void> {
    this.heal();
    const isWell = ({ isUp, peer }: RealNode): boolean => {
      const { state, voters } = peer.status();
      return isUp && state === 'ready' && voters.every((voter) => voter.state === 'voting');
    };
    const what = 'every peer is ready and sees every voter vote';
    await this.until(() => this.nodes.every((node) => node.isUp && isWell(node)), {
      what,
      timeout: ms,
    });
  }

  /** Ends all: no peer, no proxy, no timer is left. */
  async close(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#links.heal();
    await Promise.all(this.nodes.map((node) => node.close()));
    await this.#links.close();
  }

  #addTwin({ host, forMs }: TwinStep): void {
    const node = this.#find('add a twin', host);
    node.openTwin().then(
      (twin) => this.#later(forMs, () => void twin.close()),
      (error: unknown) => this.#fail(error),
    );
  }

  #find(act: string, which: SimNodeName): RealNode {
    const found = this.nodes.find(({ id, index }) => which === id || which === index);
    if (found !== undefined) return found;
    const ids = this.nodes.map(({ id }) => id).join(', ');
    return refuse(act, `a node must be one of ${ids}, or 0 to ${this.nodes.length - 1}`, which);
  }

  /** Those named nowhere are the last group. */
  #groups(groups: readonly (readonly number[])[]): readonly (readonly number[])[] {
    const named = new Set(groups.flat());
    return [...groups, this.nodes.map(({ index }) => index).filter((index) => !named.has(index))];
  }

  #cut(cuts: readonly (readonly [number, number])[], breaks: boolean): () => void {
    const links = cuts.map(([from, to]) => this.link(from, to));
    if (breaks) for (const link of links) link.break();
    const directions = links.map(({ from, to }) => this.#links.direction(from, to));
    const releases = directions.map((direction) => direction.hold());
    return () => {
      for (const release of releases) release();
    };
  }

  #later(ms: number, run: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      run();
    }, ms);
    this.#timers.add(timer);
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
  }

  /** What a program has thrown, or a start, fails the scenario. */
  #throwFailure(): void {
    if (this.#failure !== null) throw this.#failure.error;
  }
}

/** Of `commit sent`, the type; `null` for other points. */
function typeOf(point: Point): SimMessageType | null {
  const type = messageTypes.find((each) => point === `${each} sent`);
  return type ?? null;
}

const messageTypes: readonly SimMessageType[] = [
  ...(['abort', 'commit', 'hello', 'inquire', 'live', 'prepare', 'queued'] as const),
  ...(['recovered', 'refuse', 'release', 'settled', 'vote', 'yield'] as const),
];
