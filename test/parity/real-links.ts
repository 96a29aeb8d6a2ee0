/**
 * The ways between the nodes of a real mesh: a direction for each ordered pair, and a proxy for
 * each node and each voter that it dials.
 */

import type { SimMessageType } from '../../src/sim/sim-link.ts';
import { Direction, type NetEffect, type Seen } from './direction.ts';
import { FaultProxy, type Target } from './fault-proxy.ts';

/** A message that somebody waits for. */
export interface Awaited {
  readonly type: SimMessageType;
  /** Whose it is, and to whom; `null` for any. */
  readonly from: string | null;
  readonly to: string | null;
  /** How many more must pass before. */
  left: number;
  readonly onSent: (direction: Direction) => void;
}

export class RealLinks {
  readonly #directions = new Map<string, Direction>();
  readonly #proxies: FaultProxy[] = [];
  readonly #effects = new Map<NetEffect, number>();
  readonly #awaited = new Set<Awaited>();

  /** @param dialled those that others dial */
  constructor(nodes: readonly string[], dialled: readonly string[]) {
    for (const from of nodes) for (const to of nodes) this.#addDirection(from, to);
    for (const from of nodes) {
      for (const to of dialled) {
        if (from === to) continue;
        const [there, back] = [this.direction(from, to), this.direction(to, from)];
        this.#proxies.push(new FaultProxy({ there, back }));
      }
    }
  }

  async listen(): Promise<void> {
    await Promise.all(this.#proxies.map((proxy) => proxy.listen()));
  }

  /** What faults have done so far. */
  get effects(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#effects);
  }

  count(effect: NetEffect, times = 1): void {
    if (times > 0) this.#effects.set(effect, (this.#effects.get(effect) ?? 0) + times);
  }

  /** All that listen. */
  get ports(): readonly number[] {
    return this.#proxies.map(({ port }) => port);
  }

  /** By which urls a node dials the voters. */
  urlsFor(node: string): Readonly<Record<string, string>> {
    const proxies = this.#proxies.filter(({ from }) => from === node);
    return Object.fromEntries(proxies.map(({ to, url }) => [to, url]));
  }

  direction(from: string, to: string): Direction {
    const found = this.#directions.get(`${from} ${to}`);
    if (found === undefined)
      throw new Error(`Cannot find the way: there is none, ${from} to ${to}`);
    return found;
  }

  /** From now on who dials `node` comes there. */
  point(node: string, target: Target): void {
    for (const proxy of this.#proxies) if (proxy.to === node) proxy.target = target;
  }

  /** The connections of two nodes break; both notice at once. */
  break(one: string, other: string): void {
    for (const proxy of this.#proxies) {
      const ends = [proxy.from, proxy.to];
      if (ends.includes(one) && ends.includes(other)) proxy.break();
    }
  }

  died(node: string, isSilent: boolean): void {
    this.count('processes killed');
    this.point(node, isSilent ? 'dark' : 'refuses');
    for (const proxy of this.#of(node)) proxy.died(node, isSilent);
  }

  relight(node: string): void {
    for (const proxy of this.#of(node)) proxy.relight();
  }

  await(awaited: Awaited): void {
    this.#awaited.add(awaited);
  }

  forget(awaited: Awaited): void {
    this.#awaited.delete(awaited);
  }

  heal(): void {
    for (const direction of this.#directions.values()) direction.heal();
  }

  async close(): Promise<void> {
    await Promise.all(this.#proxies.map((proxy) => proxy.close()));
    for (const { lanes } of this.#directions.values()) for (const lane of [...lanes]) lane.end();
  }

  #of(node: string): readonly FaultProxy[] {
    return this.#proxies.filter(({ from, to }) => from === node || to === node);
  }

  #addDirection(from: string, to: string): void {
    if (from === to) return;
    const seen: Seen = {
      onSent: (type, direction) => this.#onSent(type, direction),
      count: (effect, times) => this.count(effect, times),
    };
    this.#directions.set(`${from} ${to}`, new Direction({ from, to }, seen));
  }

  #onSent(type: SimMessageType, direction: Direction): void {
    for (const awaited of [...this.#awaited]) {
      const { from, to } = awaited;
      const isFrom = from === null || from === direction.from;
      const isTo = to === null || to === direction.to;
      if (awaited.type !== type || !isFrom || !isTo) continue;
      awaited.left -= 1;
      if (awaited.left > 0) continue;
      this.#awaited.delete(awaited);
      awaited.onSent(direction);
    }
  }
}
